#include "text/utf8.hpp"

#include <algorithm>
#include <array>

#include <utf8proc.h>

namespace cannedd {

std::optional<utf8_character> decode_utf8(std::string_view text) {
    // Nearly every character; a call for each of them was one part in a hundred of a message.
    if (!text.empty() && static_cast<unsigned char>(text.front()) < 0x80)
        return utf8_character{static_cast<char32_t>(text.front()), 1};
    constexpr std::size_t bytes_max = 4; // of one character
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    const auto size = static_cast<utf8proc_ssize_t>(std::min(text.size(), bytes_max));
    utf8proc_int32_t code_point = -1;
    const auto used = size > 0 ? utf8proc_iterate(bytes, size, &code_point) : 0;
    if (used <= 0) return std::nullopt;
    return utf8_character{static_cast<char32_t>(code_point), static_cast<std::size_t>(used)};
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const auto character = decode_utf8(text);
        if (!character) return false;
        text.remove_prefix(character->bytes);
    }
    return true;
}

utf8_character next_character(std::string_view text) {
    return decode_utf8(text).value_or(utf8_character{U'\uFFFD', 1});
}

std::u32string characters_of(std::string_view text) {
    std::u32string all;
    while (!text.empty()) {
        const auto next = next_character(text);
        all += next.code_point;
        text.remove_prefix(next.bytes);
    }
    return all;
}

std::optional<std::string> encode_utf8(std::uint32_t code_point) {
    if (code_point > 0x10FFFF || utf8proc_codepoint_valid(static_cast<utf8proc_int32_t>(code_point)) == 0)
        return std::nullopt;
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto used = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code_point), bytes.data());
    return std::string(bytes.data(), bytes.data() + used);
}

bool is_control(char32_t code_point) {
    return code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F);
}

std::string one_line(std::string_view text, std::size_t bytes_max) {
    // Nearly everything is, from its beginning: what follows is for the rest.
    auto at = static_cast<std::size_t>(std::ranges::find_if_not(text, is_printable_ascii) - text.begin());
    at = std::min(at, bytes_max);
    std::string line(text, 0, at);
    while (at < text.size() && line.size() < bytes_max) {
        const auto next = decode_utf8(text.substr(at));
        const auto bytes = next ? next->bytes : 1;
        if (!next || is_control(next->code_point))
            line += next ? ' ' : '?';
        else if (line.size() + bytes > bytes_max)
            break;
        else
            line.append(text, at, bytes);
        at += bytes;
    }
    return line;
}

} // namespace cannedd
