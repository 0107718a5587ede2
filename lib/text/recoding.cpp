#include "text/recoding.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include <utf8proc.h>

namespace cannedd {
namespace {

// --- escapes

std::optional<unsigned> hexadecimal(std::string_view text, std::size_t at, std::size_t digits) {
    unsigned value = 0;
    const auto part = text.substr(std::min(at, text.size()), digits);
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value, 16);
    if (part.size() != digits || error != std::errc() || end != part.data() + digits) return std::nullopt;
    return value;
}

struct escape {
    std::string meaning;
    std::size_t bytes = 0; // 0: none
};

escape after_backslash(std::string_view text, std::size_t at) {
    const char kind = at + 1 < text.size() ? text[at + 1] : '\0';
    if (kind == 'n' || kind == 'r' || kind == 't') return {" ", 2};
    if (kind == 'u' || kind == 'U') {
        constexpr std::size_t digits = 4;
        const auto value = hexadecimal(text, at + 2, digits);
        if (value) return {encode_utf8(*value).value_or(" "), 2 + digits}; // half of a pair: as a blank
    }
    if (kind == '"' || kind == '\'' || kind == '\\' || kind == '/') return {std::string(1, kind), 2};
    return {};
}

escape escape_at(std::string_view text, std::size_t at) {
    if (text[at] == '\\') return after_backslash(text, at);
    if (text[at] != '%' && text[at] != '=') return {};
    const auto value = hexadecimal(text, at + 1, 2);
    return value ? escape{std::string(1, static_cast<char>(*value)), 3} : escape();
}

// --- letters, digits and what is not ASCII; the rest may be written in many ways

bool is_ascii(char32_t c) {
    return c < 0x80;
}

char32_t in_lower_case(char32_t c) {
    return c >= U'A' && c <= U'Z' ? c - U'A' + U'a' : c;
}

bool counts(char32_t c) {
    return !is_ascii(c) || (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9');
}

std::u32string essence_of(std::string_view text) {
    std::u32string kept;
    for (const auto written : characters_of(text))
        if (const auto c = in_lower_case(written); counts(c)) kept += c;
    return kept;
}

bool is_letter(char32_t c) {
    const auto kind = utf8proc_category(static_cast<utf8proc_int32_t>(c));
    return kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO;
}

// Blocks before U+0370 are Latin, as far as they have letters.
bool is_other_alphabet(char32_t c) {
    return c >= 0x370 && is_letter(c);
}

// --- texts with gaps

struct piece {
    std::size_t gap_max = 0; // characters that may stand before it
    std::u32string text;
};

struct pattern {
    std::vector<piece> pieces;
    std::size_t gap_at_end_max = 0;
    std::size_t characters = 0; // of all pieces

    void add(const std::u32string& text) {
        if (text.empty()) return;
        characters += text.size();
        if (pieces.empty() || gap_at_end_max > 0)
            pieces.push_back({.gap_max = std::exchange(gap_at_end_max, 0), .text = {}});
        pieces.back().text += text;
    }
};

// The places at which it may end in `text`, from those at which what is before it may end.
std::vector<bool> ends_of(const piece& next, const std::vector<bool>& before, const std::u32string& text) {
    std::vector<bool> ends(text.size() + 1);
    std::optional<std::size_t> last;
    for (std::size_t at = 0; at + next.text.size() <= text.size(); ++at) {
        if (before[at]) last = at;
        const bool is_near_enough = last && at - *last <= next.gap_max;
        if (is_near_enough && text.compare(at, next.text.size(), next.text) == 0)
            ends[at + next.text.size()] = true;
    }
    return ends;
}

bool fits(const pattern& wanted, const std::u32string& text) {
    std::vector<bool> ends(text.size() + 1);
    ends[0] = true;
    for (const auto& next : wanted.pieces)
        ends = ends_of(next, ends, text);
    const auto from = text.size() - std::min(text.size(), wanted.gap_at_end_max);
    return std::find(ends.begin() + static_cast<std::ptrdiff_t>(from), ends.end(), true) != ends.end();
}

pattern pattern_of(const std::u32string& text) {
    constexpr std::size_t written_as_max = 8; // characters for one
    pattern made;
    for (const auto c : text)
        if (is_ascii(c))
            made.add({c});
        else
            made.gap_at_end_max += written_as_max;
    return made;
}

// --- places that are blanked out

bool blanks_out(char c) {
    return c == '*' || c == '#' || c == 'x' || c == 'X' || c == '_';
}

// Bytes of such a place at the beginning; 0: none.
std::size_t blank_place(std::string_view text) {
    constexpr std::size_t run_min = 3, name_max = 32;
    const auto run = static_cast<std::size_t>(std::ranges::find_if_not(text, blanks_out) - text.begin());
    if (run >= run_min) return run;
    const auto opens = std::string_view("[<{").find(text.front());
    if (opens == std::string_view::npos) return 0;
    const auto end = text.substr(0, name_max).find(std::string_view("]>}")[opens]);
    const auto name = text.substr(0, end);
    return end == std::string_view::npos || name.find(' ') != name.npos ? 0 : end + 1;
}

} // namespace

std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto found = escape_at(text, at);
        if (found.bytes == 0)
            out += text[at];
        else
            out += found.meaning;
        at += std::max<std::size_t>(found.bytes, 1);
    }
    return out;
}

bool may_be_recoded(std::string_view sent, std::string_view shown) {
    constexpr std::size_t letters_for_one_max = 8;
    const auto ours = essence_of(sent), theirs = essence_of(shown);
    const auto wanted = pattern_of(ours);
    if (wanted.characters == ours.size() || theirs.empty() || !fits(wanted, theirs)) return false;
    if (wanted.characters * 2 >= ours.size() || wanted.characters == theirs.size()) return true;
    const auto foreign = static_cast<std::size_t>(std::ranges::count_if(ours, is_other_alphabet));
    return foreign * 2 >= ours.size() && std::ranges::none_of(theirs, is_other_alphabet) &&
           theirs.size() * 2 >= ours.size() && theirs.size() <= ours.size() * letters_for_one_max;
}

bool may_be_blanked_out(std::string_view sent, std::string_view shown) {
    constexpr std::size_t hidden_max = 64; // characters of one place
    pattern wanted;
    bool any = false;
    for (std::size_t at = 0; at < shown.size();) {
        const auto blank = blank_place(shown.substr(at));
        if (blank == 0) {
            ++at;
            continue;
        }
        any = true;
        wanted.add(essence_of(shown.substr(0, at)));
        wanted.gap_at_end_max = hidden_max;
        shown.remove_prefix(at + blank);
        at = 0;
    }
    wanted.add(essence_of(shown));
    constexpr std::size_t told_apart = 8; // letters and digits
    const auto ours = essence_of(sent);
    const bool tells_enough = wanted.characters >= told_apart || wanted.characters * 2 >= ours.size();
    return any && tells_enough && wanted.characters > 0 && fits(wanted, ours);
}

} // namespace cannedd
