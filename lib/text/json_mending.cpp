#include "text/json_mending.hpp"

#include "text/json_escape.hpp"
#include "text/utf8.hpp"

namespace cannedd {
namespace {

struct piece {
    std::size_t bytes = 0;
    bool is_whole = false;
};

piece escape_at(std::string_view text) {
    const auto escape = json_escape_in_front(text);
    if (!escape) return {.bytes = 2, .is_whole = true}; // for the parser to refuse
    return {.bytes = escape->bytes, .is_whole = !escape->character.empty()};
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
