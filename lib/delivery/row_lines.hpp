// Lines of the log about single rows, gathered until they are told: more of a kind at once are one line that
// counts them.
#pragma once

#include "log/logger.hpp"

#include <map>
#include <string_view>
#include <vector>

namespace cannedd {

// What happened, for one row and for many. A kind is told by these words.
struct row_words {
    std::string_view one, many;
    auto operator<=>(const row_words&) const = default;
};

class row_lines {
public:
    void add(row_words what, std::vector<log_field> fields);
    // All since the last call. `common`: what a line that counts says of all of them.
    void tell(logger& log, const std::vector<log_field>& common = {});

private:
    struct gathered {
        std::size_t rows = 0;
        std::vector<std::vector<log_field>> first; // fields of those that may have a line each
    };
    std::map<row_words, gathered> kinds_;
};

} // namespace cannedd
