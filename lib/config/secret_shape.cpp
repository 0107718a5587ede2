#include "config/secret_shape.hpp"

#include "text/identifier.hpp"
#include "text/trimmed.hpp"

#include <algorithm>
#include <array>

namespace cannedd {
namespace {

bool begins_with_quote(std::string_view text) {
    constexpr std::array<std::string_view, 5> quotes{"\"", "'", "`", "\u201C", "\u2018"};
    return std::ranges::any_of(quotes, [&](auto quote) { return text.starts_with(quote); });
}

bool is_json(std::string_view text) {
    return (text.starts_with('{') && text.ends_with('}')) || (text.starts_with('[') && text.ends_with(']'));
}

// A command of a shell that sets a variable.
bool is_shells(std::string_view text) {
    constexpr std::array<std::string_view, 5> words{"export", "set", "setx", "declare", "env"};
    const auto word = lower_case(std::string(text.substr(0, text.find_first_of(" \t"))));
    return word.starts_with("$env:") ||
           (word.size() < text.size() && std::ranges::find(words, word) != words.end());
}

// A name as of a variable, before = or a colon: it speaks of a secret, or is in capitals. Base64 may end
// in =, and holds none elsewhere.
bool is_assignment(std::string_view text) {
    constexpr std::string_view of_name = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    constexpr std::array<std::string_view, 8> words{"secret", "token",   "password", "passwd",
                                                    "key",    "genesys", "cannedd",  "client"};
    const auto end = text.find_first_not_of(of_name);
    if (end == 0 || end == text.npos) return false;
    const auto rest = trimmed(text.substr(end));
    const bool is_equals = rest.starts_with('='), is_colon = rest.starts_with(':');
    if ((!is_equals && !is_colon) || rest.find_first_not_of('=') == rest.npos) return false;
    const auto given = text.substr(0, end);
    const auto name = lower_case(std::string(given));
    if (std::ranges::any_of(words, [&](auto word) { return name.find(word) != name.npos; })) return true;
    return is_equals && std::ranges::none_of(given, [](char c) { return c >= 'a' && c <= 'z'; });
}

bool is_with_client_id(std::string_view text) {
    constexpr std::size_t uuid_bytes = 36;
    return text.size() > uuid_bytes && text[uuid_bytes] == ':' && is_uuid(text.substr(0, uuid_bytes));
}

} // namespace

std::optional<std::string> slip_of_secret(std::string_view content) {
    const auto text = trimmed(content);
    if (is_json(text)) return "it holds JSON: leave the secret's value alone, without braces and quotes";
    if (begins_with_quote(text)) return "it holds quotes: leave what stands between them";
    if (is_shells(text))
        return "it holds a command of a shell: leave the value behind the = alone, without quotes";
    if (is_with_client_id(text))
        return "it holds the client's id and a colon before it: leave what is behind them";
    if (is_assignment(text))
        return "it holds a name before it: leave the value alone, without name and quotes";
    return std::nullopt;
}

} // namespace cannedd
