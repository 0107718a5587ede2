#include "text/plain_text.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace cannedd {
namespace {

constexpr std::string_view no_break_space = "\xC2\xA0";

std::string lower_case(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return text;
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

// Those that editors of canned texts produce; all others are written as numbers.
constexpr std::array<std::pair<std::string_view, std::string_view>, 30> entities{{
    {"amp", "&"},         {"lt", "<"},          {"gt", ">"},          {"quot", "\""},
    {"apos", "'"},        {"nbsp", "\xC2\xA0"}, {"ndash", "\u2013"},  {"mdash", "\u2014"},
    {"hellip", "\u2026"}, {"lsquo", "\u2018"},  {"rsquo", "\u2019"},  {"ldquo", "\u201C"},
    {"rdquo", "\u201D"},  {"bdquo", "\u201E"},  {"laquo", "\u00AB"},  {"raquo", "\u00BB"},
    {"euro", "\u20AC"},   {"pound", "\u00A3"},  {"copy", "\u00A9"},   {"reg", "\u00AE"},
    {"trade", "\u2122"},  {"bull", "\u2022"},   {"middot", "\u00B7"}, {"auml", "\u00E4"},
    {"ouml", "\u00F6"},   {"uuml", "\u00FC"},   {"Auml", "\u00C4"},   {"Ouml", "\u00D6"},
    {"Uuml", "\u00DC"},   {"szlig", "\u00DF"},
}};

std::optional<std::string> numbered(std::string_view digits) {
    int base = 10;
    if (!digits.empty() && (digits.front() | 0x20) == 'x') {
        base = 16;
        digits.remove_prefix(1);
    }
    std::uint32_t code_point = 0;
    const auto* last = digits.data() + digits.size();
    const auto [end, failed] = std::from_chars(digits.data(), last, code_point, base);
    if (digits.empty() || failed != std::errc() || end != last) return std::nullopt;
    return encode_utf8(code_point);
}

std::optional<std::string> entity(std::string_view name) {
    if (name.starts_with('#')) return numbered(name.substr(1));
    const auto found =
        std::find_if(entities.begin(), entities.end(), [&](const auto& e) { return e.first == name; });
    if (found == entities.end()) return std::nullopt;
    return std::string(found->second);
}

std::string decoded(std::string_view text) {
    constexpr std::size_t name_bytes_max = 10;
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto close = text[at] == '&' ? text.find(';', at) : std::string_view::npos;
        if (close != std::string_view::npos && close - at <= name_bytes_max) {
            if (const auto character = entity(text.substr(at + 1, close - at - 1))) {
                out += *character;
                at = close + 1;
                continue;
            }
        }
        out += text[at++];
    }
    return out;
}

std::string attribute(std::string_view tag, std::string_view name) {
    const auto lower = lower_case(std::string(tag));
    auto at = lower.find(std::string(name) + "=");
    if (at == std::string::npos || at == 0 || !is_space(lower[at - 1])) return {};
    auto value = tag.substr(at + name.size() + 1);
    if (value.empty()) return {};
    const char quote = value.front();
    if (quote == '"' || quote == '\'') {
        value.remove_prefix(1);
        return decoded(value.substr(0, value.find(quote)));
    }
    return decoded(value.substr(0, value.find_first_of(" \t\r\n>")));
}

bool is_block(std::string_view name) {
    constexpr std::array<std::string_view, 18> names{
        "p",  "div", "ul", "ol", "table", "tr",         "h1",      "h2",     "h3",
        "h4", "h5",  "h6", "hr", "pre",   "blockquote", "section", "header", "footer"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

// Text that is being put together the way a browser lays it out.
class page {
public:
    void text(std::string_view raw) {
        for (const char c : decoded(raw)) {
            if (is_space(c)) {
                space_ = true;
                continue;
            }
            put_gap();
            out_ += c;
        }
    }
    void line_break() {
        out_ += '\n';
        space_ = false;
    }
    // A new line, unless one has just begun.
    void block() {
        if (!out_.empty() && out_.back() != '\n') line_break();
        space_ = false;
    }
    void list_item() {
        block();
        out_ += "- ";
    }
    void cell() {
        if (!out_.empty() && out_.back() != '\n') space_ = true;
    }
    std::size_t size() const { return out_.size(); }
    std::string_view since(std::size_t mark) const {
        return std::string_view(out_).substr(std::min(mark, out_.size()));
    }

    std::string finished() {
        for (auto at = out_.find(no_break_space); at != std::string::npos; at = out_.find(no_break_space, at))
            out_.replace(at, no_break_space.size(), " ");
        std::string kept;
        for (const char c : out_) {
            if (c == '\n')
                while (!kept.empty() && kept.back() == ' ')
                    kept.pop_back();
            if (c == '\n' && kept.ends_with("\n\n")) continue;
            kept += c;
        }
        while (!kept.empty() && is_space(kept.back()))
            kept.pop_back();
        return kept.substr(std::min(kept.find_first_not_of('\n'), kept.size()));
    }

private:
    void put_gap() {
        if (space_ && !out_.empty() && out_.back() != '\n' && out_.back() != ' ') out_ += ' ';
        space_ = false;
    }
    std::string out_;
    bool space_ = false;
};

class reader {
public:
    explicit reader(std::string_view html) : rest_(html) {}

    std::string read() {
        while (!rest_.empty()) {
            const auto open = next_tag();
            page_.text(rest_.substr(0, open));
            rest_.remove_prefix(std::min(open, rest_.size()));
            if (rest_.empty()) break;
            take_tag();
        }
        return page_.finished();
    }

private:
    // Where a tag begins: `<` before a letter, `/` or `!`; any other is a character.
    std::size_t next_tag() const {
        for (auto at = rest_.find('<'); at != std::string_view::npos; at = rest_.find('<', at + 1)) {
            const char after = at + 1 < rest_.size() ? rest_[at + 1] : ' ';
            const bool letter = (after | 0x20) >= 'a' && (after | 0x20) <= 'z';
            if ((letter || after == '/' || after == '!') && rest_.find('>', at) != std::string_view::npos)
                return at;
        }
        return rest_.size();
    }

    void take_tag() {
        if (rest_.starts_with("<!--")) return skip_past("-->");
        const auto close = rest_.find('>');
        auto tag = rest_.substr(1, close - 1);
        rest_.remove_prefix(close + 1);
        const bool closing = tag.starts_with('/');
        if (closing) tag.remove_prefix(1);
        const auto name = lower_case(std::string(tag.substr(0, tag.find_first_of(" \t\r\n/>"))));
        if (closing) return close_tag(name);
        open_tag(name, tag);
    }

    void open_tag(const std::string& name, std::string_view tag) {
        if (name == "br")
            page_.line_break();
        else if (name == "li")
            page_.list_item();
        else if (name == "td" || name == "th")
            page_.cell();
        else if (is_block(name))
            page_.block();
        else if (name == "script" || name == "style" || name == "title")
            skip_past("</" + name);
        else if (name == "a") {
            link_ = attribute(tag, "href");
            link_start_ = page_.size();
        }
    }

    void close_tag(const std::string& name) {
        if (is_block(name) || name == "li") page_.block();
        if (name != "a" || link_.empty()) return;
        const auto words = page_.since(link_start_);
        const bool worth_showing = link_.starts_with("http") && words.find(link_) == std::string_view::npos;
        if (worth_showing) page_.text(" (" + link_ + ")");
        link_.clear();
    }

    void skip_past(const std::string& what) {
        const auto lower = lower_case(std::string(rest_));
        const auto at = lower.find(what);
        rest_.remove_prefix(at == std::string::npos ? rest_.size() : at + what.size());
        if (what.starts_with("</")) rest_.remove_prefix(std::min(rest_.find('>'), rest_.size() - 1) + 1);
    }

    std::string_view rest_;
    page page_;
    std::string link_;
    std::size_t link_start_ = 0;
};

} // namespace

std::string to_plain_text(std::string_view html) {
    return reader(html).read();
}

} // namespace cannedd
