// Text without what stands around it. Pure.
#pragma once

#include <string_view>

namespace cannedd {

// blanks: what is taken off at both ends.
inline std::string_view trimmed(std::string_view text, std::string_view blanks = " \t\r\n") {
    const auto begin = text.find_first_not_of(blanks);
    if (begin == text.npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

} // namespace cannedd
