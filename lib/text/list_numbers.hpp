// The numbers of an ordered list as a browser writes them. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cannedd {

enum class list_style : std::uint8_t {
    decimal,
    lower_letters,
    upper_letters,
    lower_roman,
    upper_roman,
    none
};

// By the attribute `type` (a, A, i, I) or the declarations of `style` (list-style-type), which wins;
// `otherwise` where neither says anything that is known.
list_style list_style_of(std::string_view type, std::string_view style, list_style otherwise);

// "4", "d", "IV"; in digits what the style has no number for. none: empty.
std::string list_number(int number, list_style style);

} // namespace cannedd
