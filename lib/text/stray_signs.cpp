#include "text/stray_signs.hpp"

#include "text/identifier.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <gumbo.h>

namespace cannedd {
namespace {

constexpr std::string_view tag_blanks = " \t\r\n\f";
// No element's is longer; without an end a text of many signs would be read to its end for each of them.
constexpr std::size_t name_bytes_max = 80;

bool begins_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char in_small(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

template<std::size_t Count>
bool is_any_of(std::string_view name, const std::array<std::string_view, Count>& all) {
    return std::ranges::find(all, name) != all.end();
}

// Of office programs (`o:p`) and of pages' own parts (`my-part`).
bool is_foreign(std::string_view name) {
    const auto sign = name.find_first_of(":-");
    return sign != name.npos && sign + 1 < name.size() && begins_name(name[sign + 1]) &&
           std::ranges::all_of(name, [](char c) {
               return begins_name(c) || (c >= '0' && c <= '9') || c == ':' || c == '-' || c == '_' ||
                      c == '.';
           });
}

bool is_known(std::string_view name) {
    static constexpr std::array<std::string_view, 7> unknown_to_the_parser{
        "dialog", "picture", "slot", "search", "portal", "fencedframe", "xml"};
    if (name.empty() || !begins_name(name.front())) return false;
    const auto small = lower_case(std::string(name));
    return gumbo_tag_enum(small.c_str()) != GUMBO_TAG_UNKNOWN || is_any_of(small, unknown_to_the_parser) ||
           is_foreign(small);
}

// Past its `>`; npos: there is none, or another `<` comes before it outside of a value.
std::size_t end_of_tag(std::string_view text) {
    char quote = '\0';
    bool is_value = false;
    for (std::size_t at = 1; at < text.size(); ++at) {
        const char c = text[at];
        if (quote != '\0') {
            if (c == quote) quote = '\0';
            continue;
        }
        if (c == '>') return at + 1;
        if (c == '<') return text.npos;
        if (is_value && (c == '"' || c == '\'')) quote = c;
        if (tag_blanks.find(c) == tag_blanks.npos) is_value = c == '=';
    }
    return text.npos;
}

std::size_t end_of(std::string_view text, std::string_view mark) {
    const auto at = text.find(mark);
    return at == text.npos ? text.npos : at + mark.size();
}

// Comments, types, instructions.
std::size_t end_of_declaration(std::string_view text) {
    if (text.starts_with("<!--")) return std::min(end_of(text, "-->"), text.size());
    const bool begins = text.size() > 2 && (begins_name(text[2]) || text[2] == '[');
    return begins ? end_of(text, ">") : text.npos;
}

// What is in it is read by other rules.
bool is_read_otherwise(std::string_view name) {
    static constexpr std::array<std::string_view, 9> names{"script", "style", "textarea", "title",   "svg",
                                                           "math",   "xmp",   "noembed",  "noframes"};
    return is_any_of(name, names);
}

class sign_reader {
public:
    // Bytes of the markup that begins here; 0: it is a sign.
    std::size_t markup_at(std::string_view text) {
        if (text.starts_with("<!") || text.starts_with("<?")) {
            const auto end = end_of_declaration(text);
            return end == text.npos ? 0 : end;
        }
        const std::size_t begin = text.starts_with("</") ? 2 : 1;
        const auto head = text.substr(begin, name_bytes_max + 1);
        const auto written = head.substr(0, head.find_first_of(" \t\r\n\f/>"));
        const bool is_name = written.size() < head.size() && is_known(written);
        const auto end = is_name ? end_of_tag(text) : text.npos;
        if (end == text.npos) return 0;
        const auto name = lower_case(std::string(written));
        if (begin == 2 || !is_read_otherwise(name) || text[end - 2] == '/') return end;
        return end + bytes_of_contents(text.substr(end), name);
    }

private:
    std::size_t bytes_of_contents(std::string_view text, const std::string& name) {
        if (std::ranges::find(never_closed_, name) != never_closed_.end()) return 0;
        const auto tag = "</" + name;
        const auto end = std::search(text.begin(), text.end(), tag.begin(), tag.end(),
                                     [](char a, char b) { return in_small(a) == b; });
        if (end == text.end()) never_closed_.push_back(name);
        return end == text.end() ? 0 : static_cast<std::size_t>(end - text.begin());
    }

    std::vector<std::string> never_closed_; // looking for it once is enough
};

} // namespace

std::string with_stray_signs_escaped(std::string_view html) {
    sign_reader reader;
    std::string out;
    out.reserve(html.size());
    while (!html.empty()) {
        const auto next = std::min(html.find('<'), html.size());
        out += html.substr(0, next);
        html.remove_prefix(next);
        if (html.empty()) break;
        const auto bytes = reader.markup_at(html);
        out += bytes == 0 ? std::string_view("&lt;") : html.substr(0, bytes);
        html.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    return out;
}

} // namespace cannedd
