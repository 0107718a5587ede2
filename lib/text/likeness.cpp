#include "text/likeness.hpp"

#include "text/entities.hpp"
#include "text/plain_text.hpp"
#include "text/recoding.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include <utf8proc.h>

namespace cannedd {
namespace {

using mapping = utf8proc_int32_t (*)(utf8proc_int32_t, void*);

std::string mapped(const std::string& text, int options, mapping custom) {
    utf8proc_uint8_t* out = nullptr;
    const auto* in = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    const auto length = utf8proc_map_custom(in, static_cast<utf8proc_ssize_t>(text.size()), &out,
                                            static_cast<utf8proc_option_t>(options), custom, nullptr);
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(out, &std::free);
    if (length < 0) return text; // not UTF-8: compared as it is
    return {reinterpret_cast<const char*>(out), static_cast<std::size_t>(length)};
}

// What utf8proc's LUMP leaves apart, and what NFKC would take to pieces.
utf8proc_int32_t plain_quote(utf8proc_int32_t c, void* /*unused*/) {
    switch (c) {
    case 0x2018: // single
    case 0x2019:
    case 0x201A:
    case 0x201B:
    case 0x2032:
    case 0x2039:
    case 0x203A:
    case 0x00B4:
    case 0x0060: return '\'';
    case 0x201C: // double
    case 0x201D:
    case 0x201E:
    case 0x201F:
    case 0x2033:
    case 0x00AB:
    case 0x00BB: return '"';
    case 0x0085: // ends of lines
    case 0x2028:
    case 0x2029: return ' ';
    default: break;
    }
    const bool is_no_character = (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
    return is_no_character ? 0xFFFD : c; // as a parser of HTML reads it
}

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

std::string with_single_blanks(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (!is_blank(c))
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

std::vector<char32_t> characters_of(const std::string& text) {
    std::vector<char32_t> all;
    for (std::size_t at = 0; at < text.size();) {
        const auto next = decode_utf8(std::string_view(text).substr(at));
        all.push_back(next ? next->code_point : U'\uFFFD');
        at += next ? next->bytes : 1;
    }
    return all;
}

bool is_letter_or_digit(char32_t c) {
    const auto kind = utf8proc_category(static_cast<utf8proc_int32_t>(c));
    return (kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO) ||
           (kind >= UTF8PROC_CATEGORY_ND && kind <= UTF8PROC_CATEGORY_NO);
}

// With a scheme or without one, and what stands in a link's place.
bool is_link(std::string_view token) {
    while (!token.empty() && (token.front() == '(' || token.front() == '[' || token.front() == '<'))
        token.remove_prefix(1);
    if (token.starts_with("http") || token.find("://") != token.npos || token.find("www.") != token.npos)
        return true;
    if (token == "link]" || token == "url]") return true;
    const auto dot = token.find('.'), slash = token.find('/');
    return dot != token.npos && slash != token.npos && dot > 0 && dot + 1 < slash; // shop.example/a
}

// A text as its words: letters and digits without their marks; a link is none of them.
struct wording {
    std::vector<std::u32string> words;
    std::u32string run_together;
    bool has_link = false;
};

wording wording_of(const std::string& text) {
    constexpr int options =
        UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD;
    const auto bare = mapped(text, options, nullptr) + ' ';
    wording of;
    for (std::size_t at = 0, end = bare.find(' '); end != std::string::npos;
         at = end + 1, end = bare.find(' ', at)) {
        const auto token = bare.substr(at, end - at);
        if (is_link(token)) {
            of.has_link = true;
            continue;
        }
        std::u32string word;
        for (const auto c : characters_of(token + ' ')) {
            if (is_letter_or_digit(c)) {
                word += c;
                continue;
            }
            of.run_together += word;
            if (!word.empty()) of.words.push_back(std::exchange(word, {}));
        }
    }
    return of;
}

bool is_placeholder(char32_t c) {
    return c == U'*' || c == U'?' || c == U'#' || c == U'\uFFFD' || c == U'\u25A1';
}

// Character by character, but for those that a server could not keep or would not show.
bool is_masked(const std::string& sent, const std::string& shown) {
    const auto matches = [](char32_t a, char32_t b) { return a == b || is_placeholder(b); };
    return std::ranges::equal(characters_of(sent), characters_of(shown), matches);
}

// The end is missing, in the middle of a word or not, or gave way to a few words of the server's.
bool is_cut_off(const std::u32string& sent, const std::u32string& shown) {
    constexpr std::size_t told_apart =
        16; // letters and digits: from here on the server's own words may follow
    const auto shorter = std::min(sent.size(), shown.size());
    const auto differs = std::ranges::mismatch(sent, shown).in1;
    const auto common = static_cast<std::size_t>(differs - sent.begin());
    if (common == shown.size()) return true;
    return common >= told_apart && common * 4 >= shorter * 3;
}

bool in_order(const std::vector<std::u32string>& some, const std::vector<std::u32string>& all) {
    auto next = some.begin();
    for (const auto& word : all)
        if (next != some.end() && word == *next) ++next;
    return next == some.end();
}

// One of five may have been dropped or masked, or stands in between; a word for another says something else.
bool has_most_words(const std::vector<std::u32string>& sent, const std::vector<std::u32string>& shown) {
    constexpr std::size_t words_min = 5;
    const auto& fewer = sent.size() < shown.size() ? sent : shown;
    const auto& more = sent.size() < shown.size() ? shown : sent;
    return more.size() >= words_min && fewer.size() * 5 >= more.size() * 4 && in_order(fewer, more);
}

bool holds_in_a_row(const std::vector<std::u32string>& all, const std::vector<std::u32string>& some) {
    return std::search(all.begin(), all.end(), some.begin(), some.end()) != all.end();
}

// A later part of it, as of an SMS in several.
bool is_part_of(const wording& shown, const wording& sent) {
    constexpr std::size_t alike_min = 8; // letters and digits
    return shown.run_together.size() >= alike_min && holds_in_a_row(sent.words, shown.words);
}

// Signs and emoji, or the name that stands for one: ":thumbsup:".
bool is_near_signs(const std::string& sent, const std::string& shown) {
    const bool is_named = shown.size() > 2 && shown.starts_with(':') && shown.ends_with(':');
    return is_named || shown.find(sent) != std::string::npos || sent.find(shown) != std::string::npos;
}

bool is_near(const std::string& sent, const std::string& shown) {
    if (shown.empty()) return false;
    if (is_masked(sent, shown)) return true;
    const auto ours = wording_of(sent), theirs = wording_of(shown);
    if (ours.words.empty() && ours.has_link) return theirs.has_link;
    if (ours.words.empty()) return is_near_signs(sent, shown);
    if (theirs.words.empty()) return false;
    return ours.run_together == theirs.run_together || holds_in_a_row(theirs.words, ours.words) ||
           is_part_of(theirs, ours) || is_cut_off(ours.run_together, theirs.run_together) ||
           has_most_words(ours.words, theirs.words);
}

// Composed first, for a server may have done so.
std::string folded_once(const std::string& text) {
    constexpr int composed = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    constexpr int options = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
                            UTF8PROC_IGNORE | UTF8PROC_LUMP;
    return with_single_blanks(
        mapped(mapped(without_entities(text), composed, nullptr), options, plain_quote));
}

} // namespace

std::string folded(std::string_view text) {
    constexpr int turns_max = 4; // what is put together may be something to be folded again
    std::string before(text);
    for (int turn = 0; turn < turns_max; ++turn) {
        auto after = folded_once(before);
        if (after == before) break;
        before = std::move(after);
    }
    return before;
}

likeness likeness_of(const std::string& sent, const std::string& shown) {
    const auto ours = folded(sent), theirs = folded(shown);
    if (ours == theirs) return likeness::same;
    const bool has_markup = theirs.find('<') != std::string::npos && theirs.find('>') != std::string::npos;
    const bool near = is_near(ours, theirs) || (has_markup && is_near(ours, folded(to_plain_text(theirs)))) ||
                      is_near(ours, folded(unescaped(shown))) || may_be_recoded(sent, shown) ||
                      may_be_blanked_out(sent, shown);
    return near ? likeness::near : likeness::different;
}

} // namespace cannedd
