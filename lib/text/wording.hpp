// A text as its words: letters and digits without their marks, in small letters; a link is none of them. And
// where they stand, so that what is between them can be judged. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cannedd {

// Bytes of the text.
struct text_place {
    std::size_t begin = 0;
    std::size_t end = 0;
};

struct wording {
    std::string text;
    std::vector<std::u32string> words;
    std::vector<text_place> places; // of the words
    std::vector<text_place> links;
    std::u32string run_together;          // the words
    std::vector<std::size_t> starts;      // of the words in it
    std::vector<std::size_t> letter_from; // bytes of the text before each letter or digit of it
};

wording wording_of(std::string text);

// A capital stands there.
bool is_capital_at(std::string_view text, std::size_t at);
// What stands between two words parts them by more than a sentence's own blanks, commas and signs within
// words: the end of a line or a sentence, a bracket, a dash.
bool parts(std::string_view text, text_place between);
// No sentence ends so; a text that somebody cut off does: an ellipsis, a bracket, a new line.
bool marks_a_cut(std::string_view between);

} // namespace cannedd
