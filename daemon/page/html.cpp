#include "page/html.hpp"

#include "text/utf8.hpp"

#include <array>
#include <charconv>

namespace cannedd {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

std::string_view entity(char32_t character) {
    switch (character) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return {};
    }
}

} // namespace

html& html::markup(literal words) {
    out_ += words.words;
    return *this;
}

html& html::text(std::string_view words) {
    while (!words.empty()) {
        const auto next = decode_utf8(words);
        const auto bytes = next ? next->bytes : 1;
        const bool blank = words.front() == '\n' || words.front() == '\t';
        if (!next || (is_control(next->code_point) && !blank))
            out_ += replacement;
        else if (const auto escaped = entity(next->code_point); !escaped.empty())
            out_ += escaped;
        else
            out_ += words.substr(0, bytes);
        words.remove_prefix(bytes);
    }
    return *this;
}

html& html::coordinate(double value) {
    std::array<char, 32> digits{};
    const auto end =
        std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, 1).ptr;
    out_.append(digits.data(), end);
    return *this;
}

} // namespace cannedd
