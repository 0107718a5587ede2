// Ids in ascending order, for people: "17 to 44, 90"; the first few ranges.
#pragma once

#include <cstdint>
#include <string>

namespace cannedd {

class id_ranges {
public:
    void add(std::int64_t id);
    std::int64_t count() const { return count_; }
    std::string words();

private:
    void close();

    std::string words_;
    std::int64_t count_ = 0, first_ = 0, last_ = 0;
    int told_ = 0;
    bool begun_ = false;
};

} // namespace cannedd
