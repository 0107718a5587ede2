#include "text/near_words.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <string_view>

namespace cannedd {
namespace {

bool is_long(const wording& text) {
    constexpr std::size_t words_min = 6, letters_min = 24; // who says as much by chance?
    return text.words.size() >= words_min && text.run_together.size() >= letters_min;
}

text_place before_word(const wording& in, std::size_t word) {
    return {word == 0 ? 0 : in.places[word - 1].end, in.places[word].begin};
}

bool only_blanks(const wording& in, text_place between) {
    const auto part = std::string_view(in.text).substr(between.begin, between.end - between.begin);
    return part.find_first_not_of(' ') == part.npos;
}

// The beginning of what a server put there: parted, or a new beginning without a sign.
bool begins_anew(const wording& in, std::size_t word) {
    const auto between = before_word(in, word);
    const bool is_word = in.words[word].size() > 1; // no "I"
    return parts(in.text, between) ||
           (is_word && only_blanks(in, between) && is_capital_at(in.text, in.places[word].begin));
}

// The end is missing, in the middle of a word or not, or gave way to a few words of the server's; or those
// stand right after it.
bool is_cut_off(const wording& ours, const wording& theirs) {
    constexpr std::size_t told_apart =
        16; // letters and digits: from here on the server's own words may follow
    const auto &sent = ours.run_together, &shown = theirs.run_together;
    const auto common = static_cast<std::size_t>(std::ranges::mismatch(sent, shown).in1 - sent.begin());
    if (common == shown.size()) return true;
    if (common < told_apart || common * 4 < std::min(sent.size(), shown.size()) * 3) return false;
    const auto word = std::ranges::upper_bound(theirs.starts, common) - theirs.starts.begin() - 1;
    if (common == sent.size()) { // framed as a whole it is, or not; here, glued
        const bool is_glued = theirs.starts[static_cast<std::size_t>(word)] != common;
        return is_long(ours) || (is_glued && is_capital_at(theirs.text, theirs.letter_from[common]));
    }
    const auto begin = theirs.starts[static_cast<std::size_t>(word)];
    const auto between = before_word(theirs, static_cast<std::size_t>(word));
    const auto signs = theirs.text.substr(between.begin, between.end - between.begin);
    const bool sent_as_well = is_capital_at(ours.text, ours.letter_from[begin]);
    if (marks_a_cut(signs)) return !sent_as_well || ours.text.find(signs) == std::string::npos;
    return !sent_as_well && begins_anew(theirs, static_cast<std::size_t>(word));
}

bool in_order(const std::vector<std::u32string>& some, const std::vector<std::u32string>& all) {
    auto next = some.begin();
    for (const auto& word : all)
        if (next != some.end() && word == *next) ++next;
    return next == some.end();
}

// One of five may have been dropped or masked; in a long text, one of ten may stand in between. A word for
// another says something else.
bool has_most_words(const std::vector<std::u32string>& sent, const std::vector<std::u32string>& shown) {
    constexpr std::size_t words_min = 5, words_of_long = 10;
    if (shown.size() < sent.size())
        return sent.size() >= words_min && shown.size() * 5 >= sent.size() * 4 && in_order(shown, sent);
    return sent.size() >= words_of_long && sent.size() * 10 >= shown.size() * 9 && in_order(sent, shown);
}

// Whole in it, and what is beside it is not the same sentence: "Done -- Acme", not "I have not done it".
bool is_framed(const wording& ours, const wording& theirs) {
    const bool capital = !ours.places.empty() && is_capital_at(ours.text, ours.places[0].begin);
    auto from = theirs.words.begin();
    while (true) {
        const auto found = std::search(from, theirs.words.end(), ours.words.begin(), ours.words.end());
        if (found == theirs.words.end()) return false;
        if (is_long(ours)) return true;
        const auto first = static_cast<std::size_t>(found - theirs.words.begin());
        const auto after = first + ours.words.size();
        const bool apart_before = first == 0 || parts(theirs.text, before_word(theirs, first)) ||
                                  (capital && begins_anew(theirs, first));
        if (apart_before && (after == theirs.words.size() || begins_anew(theirs, after))) return true;
        from = std::next(found);
    }
}

// A later part of it, as of an SMS in several: its end, or enough of its middle.
bool is_part_of(const wording& shown, const wording& sent) {
    constexpr std::size_t at_end_min = 8, anywhere_min = 30; // letters and digits
    const auto size = shown.run_together.size();
    const bool at_end = std::ranges::equal(shown.words, sent.words.size() < shown.words.size()
                                                            ? std::span<const std::u32string>()
                                                            : std::span(sent.words).last(shown.words.size()));
    if (at_end && size >= at_end_min && size * 3 >= sent.run_together.size()) return true;
    return size >= anywhere_min && std::search(sent.words.begin(), sent.words.end(), shown.words.begin(),
                                               shown.words.end()) != sent.words.end();
}

// What is beside it is not the same sentence.
bool stands_apart(const wording& in, text_place it) {
    const auto next =
        std::ranges::find_if(in.places, [&](const text_place& word) { return word.begin >= it.end; });
    const auto before =
        std::ranges::count_if(in.places, [&](const text_place& word) { return word.end <= it.begin; });
    const bool apart_before =
        before == 0 || parts(in.text, {in.places[static_cast<std::size_t>(before) - 1].end, it.begin});
    return apart_before && (next == in.places.end() || parts(in.text, {it.end, next->begin}) ||
                            is_capital_at(in.text, next->begin));
}

// Signs and emoji, or the name that stands for one: ":thumbsup:".
bool is_near_signs(const wording& sent, const wording& shown) {
    const std::string_view ours = sent.text, theirs = shown.text;
    const bool is_named = theirs.size() > 2 && theirs.starts_with(':') && theirs.ends_with(':');
    if (is_named || ours.find(theirs) != ours.npos) return true;
    const auto at = theirs.find(ours);
    if (at == theirs.npos) return false;
    return stands_apart(shown, {at, at + ours.size()});
}

// Of nothing but a link: it was rewritten.
bool is_framed_link(const wording& shown) {
    return std::ranges::any_of(shown.links,
                               [&](const text_place& link) { return stands_apart(shown, link); });
}

// A third of its letters stands in words of ours: of a numbered part in another encoding.
bool shares_words(const wording& ours, const wording& piece) {
    constexpr std::size_t word_min = 3;
    std::size_t shared = 0;
    for (const auto& word : piece.words)
        if (word.size() >= word_min && std::ranges::find(ours.words, word) != ours.words.end())
            shared += word.size();
    return shared > 0 && shared * 3 >= piece.run_together.size();
}

} // namespace

bool is_near_words(const wording& ours, const wording& theirs) {
    if (ours.words.empty() && !ours.links.empty()) return is_framed_link(theirs);
    if (ours.words.empty()) return is_near_signs(ours, theirs);
    if (theirs.words.empty()) return false;
    return ours.run_together == theirs.run_together || is_framed(ours, theirs) || is_part_of(theirs, ours) ||
           is_cut_off(ours, theirs) || has_most_words(ours.words, theirs.words);
}

bool is_piece_of(const wording& ours, const wording& piece) {
    constexpr std::size_t name_words_max = 3;
    for (std::size_t word = 0; word < piece.words.size() && word <= name_words_max; ++word) {
        const bool may_begin = word == 0 || parts(piece.text, before_word(piece, word));
        const auto said = std::u32string_view(piece.run_together).substr(piece.starts[word]);
        if (may_begin && ours.run_together.find(said) != std::u32string::npos) return true;
    }
    return is_near_words(ours, piece) || shares_words(ours, piece);
}

} // namespace cannedd
