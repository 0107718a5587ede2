#include "oauth/scrubber.hpp"

#include "text/encoding.hpp"
#include "text/utf8.hpp"

namespace cannedd {
namespace {

void replace_all(std::string& text, std::string_view what) {
    constexpr std::string_view stars = "***";
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + stars.size()))
        text.replace(at, what.size(), stars);
}

} // namespace

void scrubber::hide(const secret& value) {
    if (value.empty()) return;
    hidden_.push_back(value.reveal());
    hidden_.push_back(to_base64(value.reveal()));
    if (const auto encoded = percent_encoded(value.reveal()); encoded != value.reveal())
        hidden_.push_back(encoded);
}

void scrubber::hide_lines(const secret& value) {
    constexpr std::size_t bytes_min = 16;
    hide(value);
    for (std::string_view rest = value.reveal(); !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n'));
        if (line.size() >= bytes_min && !line.starts_with("-----")) hide(secret(std::string(line)));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
}

void scrubber::hide_text(std::string_view text) {
    constexpr std::size_t bytes_min = 8;
    if (text.size() >= bytes_min) hidden_.emplace_back(text);
}

std::string scrubber::clean(std::string_view text, std::size_t bytes_max) const {
    std::string cleaned(text);
    for (const auto& what : hidden_)
        replace_all(cleaned, what);
    // A server may have put a control character where a blank was: it is one again in the line.
    cleaned = one_line(cleaned, std::string::npos);
    for (const auto& what : hidden_)
        replace_all(cleaned, one_line(what, std::string::npos));
    return one_line(cleaned, bytes_max);
}

} // namespace cannedd
