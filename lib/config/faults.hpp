// Gathers what is wrong with one file, so that a reader reports everything at once instead of the first
// thing.
#pragma once

#include "config/settings.hpp"

#include <string>
#include <utility>
#include <vector>

namespace cannedd {

class fault_list {
public:
    explicit fault_list(std::string file) : file_(std::move(file)) {}

    void add(int line, std::string message) { faults_.push_back({file_, line, std::move(message)}); }
    bool empty() const noexcept { return faults_.empty(); }
    // In the order of the lines; faults of one line stay in the order in which they were found.
    std::vector<config_fault> sorted() const;

private:
    std::string file_;
    std::vector<config_fault> faults_;
};

} // namespace cannedd
