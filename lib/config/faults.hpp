// Gathers what is wrong with one file, so that a reader reports everything at once instead of the first
// thing.
#pragma once

#include "config/settings.hpp"
#include "text/utf8.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cannedd {

class fault_list {
public:
    explicit fault_list(std::string file) : file_(std::move(file)) {}

    // What the file says is told as one line: its keys may hold anything.
    void add(int line, std::string_view message) {
        constexpr std::size_t bytes_max = 2'000;
        faults_.push_back({file_, line, one_line(message, bytes_max)});
    }
    bool empty() const noexcept { return faults_.empty(); }
    // In the order of the lines; faults of one line stay in the order in which they were found.
    std::vector<config_fault> sorted() const;

private:
    std::string file_;
    std::vector<config_fault> faults_;
};

} // namespace cannedd
