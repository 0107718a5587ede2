#include "oauth/scrubber.hpp"

#include "text/encoding.hpp"
#include "text/json_escape.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <utility>

namespace cannedd {
namespace {

constexpr std::string_view stars = "***";

void replace_all(std::string& text, std::string_view what) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + stars.size()))
        text.replace(at, what.size(), stars);
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
    return text;
}

// A text without JSON's escapes, and where each of its bytes came from.
struct unescaped {
    std::string text;
    std::vector<std::size_t> from; // one more: the end
};

unescaped without_escapes(std::string_view text) {
    unescaped read;
    for (std::size_t at = 0; at < text.size();) {
        const auto escape = json_escape_in_front(text.substr(at));
        const bool is_character = escape && !escape->character.empty();
        read.text += is_character ? std::string_view(escape->character) : text.substr(at, 1);
        read.from.resize(read.text.size(), at);
        at += is_character ? escape->bytes : 1;
    }
    read.from.push_back(text.size());
    return read;
}

std::string replaced_escaped(const std::string& text, const unescaped& read, std::string_view what) {
    std::string cleaned;
    std::size_t done = 0;
    for (auto at = read.text.find(what); at != std::string::npos;
         at = read.text.find(what, at + what.size())) {
        cleaned.append(text, done, read.from[at] - done).append(stars);
        done = read.from[at + what.size()];
    }
    return cleaned.append(text, done);
}

// As servers write it that echo what they were sent: in a URL, in HTML.
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
    return {encoded, small, page, replaced(std::move(page), "\"", "&quot;")};
}

} // namespace

void scrubber::hide(const secret& value) {
    if (value.empty() || hides(value.reveal())) return;
    add(value.reveal());
    hidden_.back().in_all_forms = true;
    add(to_base64(value.reveal()));
    for (auto& written : written_otherwise(value.reveal()))
        if (written != value.reveal()) add(std::move(written));
}

bool scrubber::hides(std::string_view value) const {
    const auto is_it = [&](const auto& one) { return one.in_all_forms && one.as_it_was_sent == value; };
    return std::ranges::any_of(hidden_, is_it) ||
           std::ranges::any_of(others_, [&](const auto& one) { return one->hides(value); });
}

void scrubber::add(std::string text) {
    auto in_one_line = one_line(text, std::string::npos);
    has_lines_ = has_lines_ || in_one_line != text;
    hidden_.push_back({.as_it_was_sent = std::move(text), .in_one_line = std::move(in_one_line)});
}

void scrubber::hide(std::shared_ptr<const scrubber> others) {
    has_lines_ = has_lines_ || others->has_lines_;
    others_.push_back(std::move(others));
}

void scrubber::replace_in(std::string& text, form how) const {
    for (const auto& one : others_)
        one->replace_in(text, how);
    for (const auto& what : hidden_)
        replace_all(text, what.*how);
    if (text.find('\\') == std::string::npos) return;
    // Each character may be escaped, or not: what JSON must escape, what it may (/, <, &), and all but ASCII.
    auto read = without_escapes(text);
    for (const auto& what : hidden_) {
        if (read.text.find(what.*how) == std::string::npos) continue;
        text = replaced_escaped(text, read, what.*how);
        read = without_escapes(text);
    }
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
    auto line = one_line(cleaned, std::string::npos);
    if (has_lines_ || line != cleaned) replace_in(line, &hidden_text::in_one_line);
    return line.size() <= bytes_max ? line : one_line(line, bytes_max);
}

} // namespace cannedd
