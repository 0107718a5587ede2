#include "text/likeness.hpp"

#include "text/entities.hpp"
#include "text/near_words.hpp"
#include "text/placeholder.hpp"
#include "text/plain_text.hpp"
#include "text/recoding.hpp"
#include "text/shared_letters.hpp"
#include "text/utf8.hpp"
#include "text/wording.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
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

bool is_placeholder(char32_t c) {
    return c == U'*' || c == U'?' || c == U'#' || c == U'\uFFFD' || c == U'\u25A1';
}

// Character by character, but for those that a server could not keep or would not show.
bool is_masked(const std::string& sent, const std::string& shown) {
    const auto matches = [](char32_t a, char32_t b) { return a == b || is_placeholder(b); };
    return std::ranges::equal(characters_of(sent), characters_of(shown), matches);
}

bool is_ascii(const std::string& text) {
    return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

// What the mapping makes of ASCII, fifty times as fast.
std::string in_lower_case(std::string text) {
    for (auto& c : text)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
        else if (c == '`')
            c = '\'';
    return text;
}

// Composed first, for a server may have done so.
std::string folded_once(const std::string& given) {
    const auto text = without_entities(given);
    if (is_ascii(text)) return with_single_blanks(in_lower_case(text));
    constexpr int composed = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    constexpr int options = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
                            UTF8PROC_IGNORE | UTF8PROC_LUMP;
    return with_single_blanks(mapped(mapped(text, composed, nullptr), options, plain_quote));
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

namespace {

bool has_tags(const std::string& text) {
    return text.find('<') != std::string::npos && text.find('>') != std::string::npos;
}

// As servers may have kept it: with tags or without.
std::vector<std::string> forms_of(const std::string& text) {
    std::vector<std::string> forms{without_entities(text)};
    if (!has_tags(forms.front())) return forms;
    forms.push_back(without_tags(forms.front()));
    forms.push_back(to_plain_text(forms.front()));
    forms.push_back(without_tags(forms.back()));
    return forms;
}

// Read once, however often it is compared.
struct form {
    std::string fold;
    wording said;
    std::optional<wording> numbered; // without the number of a part
};

std::vector<form> read(std::vector<std::string> texts) {
    std::vector<form> all;
    for (auto text = texts.begin(); text != texts.end(); ++text) {
        if (std::find(texts.begin(), text, *text) != text) continue;
        form one{.fold = folded(*text), .said = wording_of(*text), .numbered = {}};
        if (const auto part = without_part_number(*text)) one.numbered = wording_of(*part);
        all.push_back(std::move(one));
    }
    return all;
}

bool is_near(const form& ours, const form& theirs) {
    if (ours.fold.empty() || theirs.fold.empty()) return false;
    if (ours.fold == theirs.fold || is_masked(ours.fold, theirs.fold)) return true;
    if (is_near_words(ours.said, theirs.said) || is_typo_of(ours.said, theirs.said)) return true;
    if (theirs.numbered && is_piece_of(ours.said, *theirs.numbered)) return true;
    return shares_most_letters(ours.said, theirs.said);
}

bool is_near_in_any_form(const std::string& sent, const std::string& shown) {
    auto texts = forms_of(shown);
    texts.push_back(unescaped(shown));
    const auto seen = read(std::move(texts));
    for (const auto& ours : read(forms_of(sent)))
        if (std::ranges::any_of(seen, [&](const form& theirs) { return is_near(ours, theirs); })) return true;
    return false;
}

} // namespace

likeness likeness_of(const std::string& sent, const std::string& all_shown) {
    // Twice what we send, and what it becomes by escaping it: a megabyte would stop the loop for a second.
    constexpr std::size_t shown_bytes_max = 32 * 1024;
    const auto shown = all_shown.substr(0, shown_bytes_max);
    if (folded(sent) == folded(shown)) return likeness::same;
    const bool near = stands_for_any_text(without_entities(shown)) || is_near_in_any_form(sent, shown) ||
                      may_be_recoded(sent, shown) || may_be_blanked_out(sent, shown);
    return near ? likeness::near : likeness::different;
}

} // namespace cannedd
