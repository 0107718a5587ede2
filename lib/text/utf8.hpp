// UTF-8, one character at a time. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cannedd {

struct utf8_character {
    char32_t code_point = 0;
    std::size_t bytes = 0;
};

// The first character; nothing: the text is empty, or does not begin with well-formed UTF-8 (Unicode 15,
// table 3-7: no overlong form, no surrogate, nothing above U+10FFFF).
std::optional<utf8_character> decode_utf8(std::string_view text);
bool is_utf8(std::string_view text); // all of it
// The same of a text that is not empty: a byte that is not UTF-8 is U+FFFD.
utf8_character next_character(std::string_view text);
std::u32string characters_of(std::string_view text); // all of them
// Nothing for a number that is no character (a surrogate, above U+10FFFF).
std::optional<std::string> encode_utf8(std::uint32_t code_point);
inline bool is_printable_ascii(char c) {
    return c >= 0x20 && c < 0x7F;
}
// C0, DEL and C1, with no exception.
bool is_control(char32_t code_point);
// Its beginning, for people: control characters are blanks, what is not UTF-8 is `?`, no character is cut.
std::string one_line(std::string_view text, std::size_t bytes_max);

} // namespace cannedd
