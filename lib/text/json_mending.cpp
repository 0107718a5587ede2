#include "text/json_mending.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace cannedd {
namespace {

constexpr std::size_t escape_bytes = 6; // \uXXXX

struct piece {
    std::size_t bytes = 0;
    bool is_whole = false;
};

// What the escape that the text begins with stands for; nothing: it is another one, or none.
std::optional<unsigned> unit_at(std::string_view text) {
    if (text.size() < escape_bytes || !text.starts_with("\\u")) return std::nullopt;
    unsigned unit = 0;
    const auto* const digits_end = text.data() + escape_bytes;
    const auto [end, failed] = std::from_chars(text.data() + 2, digits_end, unit, 16);
    if (failed != std::errc() || end != digits_end) return std::nullopt;
    return unit;
}

bool is_first_half(unsigned unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}

bool is_second_half(unsigned unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

piece escape_at(std::string_view text) {
    const auto unit = unit_at(text);
    if (!unit) return {.bytes = std::min<std::size_t>(text.size(), 2), .is_whole = true};
    if (!is_first_half(*unit)) return {.bytes = escape_bytes, .is_whole = !is_second_half(*unit)};
    const auto next = unit_at(text.substr(escape_bytes));
    const bool is_pair = next && is_second_half(*next);
    return {.bytes = is_pair ? 2 * escape_bytes : escape_bytes, .is_whole = is_pair};
}

// Each half of a surrogate pair that was written as if it were a character (CESU-8) is one broken character.
bool is_written_half(std::string_view text) {
    return text.size() >= 3 && text[0] == '\xED' && static_cast<unsigned char>(text[1]) >= 0xA0 &&
           (static_cast<unsigned char>(text[2]) & 0xC0) == 0x80;
}

piece piece_at(std::string_view text) {
    if (text.front() == '\\' && text.size() > 1 && static_cast<unsigned char>(text[1]) < 0x80)
        return escape_at(text);
    if (const auto character = decode_utf8(text)) return {.bytes = character->bytes, .is_whole = true};
    return {.bytes = is_written_half(text) ? 3U : 1U, .is_whole = false};
}

} // namespace

std::string with_whole_characters(std::string_view json) {
    std::string mended;
    mended.reserve(json.size());
    while (!json.empty()) {
        const auto next = piece_at(json);
        mended += next.is_whole ? json.substr(0, next.bytes) : std::string_view("\xEF\xBF\xBD");
        json.remove_prefix(next.bytes);
    }
    return mended;
}

} // namespace cannedd
