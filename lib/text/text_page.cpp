#include "text/text_page.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <utility>

namespace cannedd {
namespace {

constexpr std::string_view no_break_space = "\xC2\xA0";
constexpr std::string_view collapsible = " \t\n\r\f";
constexpr std::string_view cell_separator = " | ";
constexpr std::size_t indent_per_list = 2;

std::string_view first_character(std::string_view text) {
    const auto next = decode_utf8(text);
    return text.substr(0, next ? next->bytes : 1);
}

} // namespace

void text_page::put(std::string_view character) {
    if (at_line_begin()) {
        text_ += std::exchange(indent_, {});
        line_begin_ = text_.size();
    } else if (gap_)
        text_ += ' ';
    gap_ = false;
    text_ += character == no_break_space ? std::string_view(" ") : character;
}

void text_page::flow(std::string_view text) {
    while (!text.empty()) {
        const auto character = first_character(text);
        if (collapsible.find(text.front()) != std::string_view::npos)
            gap_ = true;
        else
            put(character);
        text.remove_prefix(character.size());
    }
}

void text_page::preformatted(std::string_view text) {
    while (!text.empty()) {
        const auto character = first_character(text);
        if (character == "\n" && rows_ == 0)
            new_line();
        else if (character == "\n")
            gap_ = true;
        else if (character != "\r")
            put(character);
        text.remove_prefix(character.size());
    }
}

void text_page::trim_line() {
    while (text_.size() > line_begin_ && text_.back() == ' ')
        text_.pop_back();
}

void text_page::new_line() {
    text_ += '\n';
    line_begin_ = text_.size();
    indent();
    gap_ = false;
}

// As what goes on within the innermost item.
void text_page::indent() {
    indent_.assign(indent_per_list * static_cast<std::size_t>(std::max(lists_, 0)), ' ');
}

void text_page::line_break() {
    if (rows_ > 0) {
        gap_ = true;
        return;
    }
    trim_line();
    if (!text_.ends_with("\n\n")) new_line();
}

void text_page::block() {
    if (rows_ > 0 || !at_line_begin()) line_break();
    if (rows_ == 0) gap_ = false;
}

void text_page::close_list() {
    --lists_;
    block();
    if (at_line_begin()) indent();
}

void text_page::list_item(std::string_view marker) {
    block();
    const auto outer = static_cast<std::size_t>(std::max(lists_ - 1, 0));
    if (rows_ == 0) indent_ = std::string(indent_per_list * outer, ' ').append(marker);
}

void text_page::open_row() {
    block();
    ++rows_;
}

void text_page::next_cell() {
    put(cell_separator.substr(gap_ || text_.ends_with(' ') ? 1 : 0));
    gap_ = false;
}

void text_page::close_row() {
    --rows_;
    block();
}

std::string_view text_page::since(std::size_t mark) const {
    auto text = std::string_view(text_).substr(std::min(mark, text_.size()));
    while (!text.empty() && collapsible.find(text.front()) != std::string_view::npos)
        text.remove_prefix(1);
    return text;
}

std::string text_page::finished() const {
    const auto begin = std::min(text_.find_first_not_of('\n'), text_.size());
    const auto end = text_.find_last_not_of(collapsible);
    return end == std::string::npos || end < begin ? std::string() : text_.substr(begin, end + 1 - begin);
}

} // namespace cannedd
