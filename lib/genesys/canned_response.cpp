#include "genesys/canned_response.hpp"

#include "genesys/route_traits.hpp"
#include "text/utf8.hpp"

#include <algorithm>

namespace cannedd {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Spaces of every kind, so that a text that shows nothing counts as none.
bool is_blank(char32_t c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xA0 || (c >= 0x2000 && c <= 0x200D) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x2060 || c == 0x3000 ||
           c == 0xFEFF;
}

bool is_allowed_control(char32_t c) {
    return c == '\n' || c == '\t' || c == '\r';
}

std::string code_point_name(char32_t c) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string name = "U+00";
    name += hex[c >> 4 & 15U];
    name += hex[c & 15U];
    return name;
}

// The first {{name}} of a text.
struct place {
    std::size_t open = std::string_view::npos;
    std::size_t close = std::string_view::npos;

    bool is_closed() const { return open != std::string_view::npos && close != std::string_view::npos; }
    std::string name(std::string_view text) const {
        return std::string(trimmed(text.substr(open + 2, close - open - 2)));
    }
};

place first_place(std::string_view text) {
    place found;
    found.open = text.find("{{");
    if (found.open != std::string_view::npos) found.close = text.find("}}", found.open);
    return found;
}

} // namespace

const std::string* substitution_sources::value_of(const std::string& name) const {
    for (const auto* source : {&variables, &built_ins, &attributes, &defaults})
        if (const auto found = source->find(name); found != source->end()) return &found->second;
    return nullptr;
}

failure missing_variable(const std::string& response_name, const std::string& name) {
    return failure(errc::missing_variable, "response '" + response_name + "' needs the variable '" + name +
                                               "'; put it into variables, nothing was sent");
}

std::vector<std::string> names_in(std::string_view text) {
    std::vector<std::string> names;
    for (auto at = first_place(text); at.is_closed(); at = first_place(text)) {
        names.push_back(at.name(text));
        text.remove_prefix(at.close + 2);
    }
    return names;
}

std::optional<failure> unclosed_name(std::string_view text, const std::string& response_name) {
    auto at = first_place(text);
    while (at.is_closed()) {
        text.remove_prefix(at.close + 2);
        at = first_place(text);
    }
    if (at.open == std::string_view::npos) return std::nullopt;
    return failure(errc::missing_variable,
                   "response '" + response_name + "' has a {{ without its }}; mend the response");
}

result<std::string> substitute(std::string_view text, const substitution_sources& from,
                               const std::string& response_name) {
    std::string out;
    for (auto at = first_place(text); at.is_closed(); at = first_place(text)) {
        const auto name = at.name(text);
        const auto* value = from.value_of(name);
        if (value == nullptr) return missing_variable(response_name, name);
        out += text.substr(0, at.open);
        out += *value;
        text.remove_prefix(at.close + 2);
    }
    if (auto fault = unclosed_name(text, response_name)) return std::move(*fault);
    return out.append(text);
}

std::size_t utf16_units_max(route way, std::string_view messenger_type) {
    constexpr std::size_t sms = 765;
    const auto& traits = traits_of(way);
    if (messenger_type == "sms" && !traits.is_chat) return sms;
    return messenger_type.empty() ? traits.text_units : traits.text_units_of_messaging;
}

result<std::string> check_text(std::string text, route way, std::string_view messenger_type) {
    bool blank = true;
    std::size_t units = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto next = decode_utf8(std::string_view(text).substr(at));
        if (!next)
            return failure(errc::bad_text, "the text is not UTF-8 (byte " + std::to_string(at + 1) + " of " +
                                               std::to_string(text.size()) +
                                               "); convert it before it is inserted");
        if (is_control(next->code_point) && !is_allowed_control(next->code_point))
            return failure(errc::bad_text,
                           "the text holds the control character " + code_point_name(next->code_point) +
                               " at byte " + std::to_string(at + 1) + ", which chats do not take; remove it");
        blank = blank && is_blank(next->code_point);
        units += next->code_point > 0xFFFF ? 2 : 1;
        at += next->bytes;
    }
    if (blank)
        return failure(
            errc::missing_text,
            "there is nothing to send: the text is empty or only white space; give the response a text "
            "and replay the row, or insert another row");
    const auto limit = utf16_units_max(way, messenger_type);
    if (units > limit)
        return failure(errc::text_too_long,
                       "the text has " + std::to_string(units) + " characters (UTF-16 units), " +
                           std::to_string(limit) + " are the most that " +
                           (messenger_type == "sms" && limit < 1000 ? std::string("an SMS")
                                                                    : "route " + std::string(name_of(way))) +
                           " takes; shorten it or split it into rows");
    return text;
}

} // namespace cannedd
