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

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

// As servers write it that echo what they were sent: in a URL, in HTML, in JSON.
std::vector<std::string> written_otherwise(const std::string& text) {
    const auto encoded = percent_encoded(text);
    auto small = encoded;
    for (std::size_t at = 0; at + 2 < small.size(); ++at)
        if (small[at] == '%')
            for (auto digit = at + 1; digit <= at + 2; ++digit)
                if (small[digit] >= 'A' && small[digit] <= 'F')
                    small[digit] = static_cast<char>(small[digit] - 'A' + 'a');
    auto page = replaced(text, "&", "&amp;");
    page = replaced(replaced(std::move(page), "<", "&lt;"), ">", "&gt;");
    return {encoded, small, page, replaced(std::move(page), "\"", "&quot;"), replaced(text, "/", "\\/")};
}

} // namespace

void scrubber::hide(const secret& value) {
    if (value.empty()) return;
    add(value.reveal());
    add(to_base64(value.reveal()));
    for (auto& written : written_otherwise(value.reveal()))
        if (written != value.reveal()) add(std::move(written));
}

void scrubber::add(std::string text) {
    auto in_one_line = one_line(text, std::string::npos);
    hidden_.push_back({.as_it_was_sent = std::move(text), .in_one_line = std::move(in_one_line)});
}

void scrubber::hide(std::shared_ptr<const scrubber> others) {
    others_.push_back(std::move(others));
}

void scrubber::replace_in(std::string& text, form how) const {
    for (const auto& one : others_)
        one->replace_in(text, how);
    for (const auto& what : hidden_)
        replace_all(text, what.*how);
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
    if (text.size() >= bytes_min) add(std::string(text));
}

std::string scrubber::clean(std::string_view text, std::size_t bytes_max) const {
    if (text.empty()) return {};
    std::string cleaned(text);
    replace_in(cleaned, &hidden_text::as_it_was_sent);
    // A server may have put a control character where a blank was: it is one again in the line.
    cleaned = one_line(cleaned, std::string::npos);
    replace_in(cleaned, &hidden_text::in_one_line);
    return one_line(cleaned, bytes_max);
}

} // namespace cannedd
