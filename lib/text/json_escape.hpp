// An escape as JSON has it (RFC 8259, 7): of one character in two bytes, \uXXXX, or a pair of those. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cannedd {

struct json_escape {
    std::string character; // empty: it is half of a surrogate pair, and no character
    std::size_t bytes = 0;
};

// The one that the text begins with; nothing: it begins with none.
std::optional<json_escape> json_escape_in_front(std::string_view text);

} // namespace cannedd
