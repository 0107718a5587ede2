#include "text/json_escape.hpp"

#include "text/utf8.hpp"

#include <charconv>
#include <cstdint>

namespace cannedd {
namespace {

constexpr std::size_t unit_bytes = 6; // \uXXXX
constexpr std::uint32_t low_half_begin = 0xDC00, low_half_end = 0xE000;

std::optional<std::uint32_t> unit_in_front(std::string_view text) {
    if (text.size() < unit_bytes || !text.starts_with("\\u")) return std::nullopt;
    std::uint32_t unit = 0;
    const auto* const digits_end = text.data() + unit_bytes;
    const auto [end, failed] = std::from_chars(text.data() + 2, digits_end, unit, 16);
    return failed == std::errc() && end == digits_end ? std::optional(unit) : std::nullopt;
}

} // namespace

std::optional<json_escape> json_escape_in_front(std::string_view text) {
    constexpr std::string_view letters = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
    if (text.size() < 2 || text.front() != '\\') return std::nullopt;
    if (const auto which = letters.find(text[1]); which != letters.npos)
        return json_escape{.character = std::string(1, meant[which]), .bytes = 2};
    const auto unit = unit_in_front(text);
    if (!unit) return std::nullopt;
    if (auto character = encode_utf8(*unit))
        return json_escape{.character = std::move(*character), .bytes = unit_bytes};
    const auto low = unit_in_front(text.substr(unit_bytes));
    const bool is_pair = *unit < low_half_begin && low && *low >= low_half_begin && *low < low_half_end;
    if (!is_pair) return json_escape{.character = {}, .bytes = unit_bytes};
    const auto code_point = 0x10000 + ((*unit - 0xD800) << 10U) + (*low - low_half_begin);
    return json_escape{.character = encode_utf8(code_point).value_or(""), .bytes = 2 * unit_bytes};
}

} // namespace cannedd
