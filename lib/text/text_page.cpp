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

struct character {
    std::string_view shown;
    std::size_t bytes = 0; // of the text
};

std::string indent_of(int lists) {
    return std::string(indent_per_list * static_cast<std::size_t>(std::max(lists, 0)), ' ');
}

// What is no UTF-8 (the parser lets some of it through) is shown as a browser shows it.
character first_character(std::string_view text) {
    const auto next = decode_utf8(text);
    if (!next) return {.shown = "\uFFFD", .bytes = 1};
    return {.shown = text.substr(0, next->bytes), .bytes = next->bytes};
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
        const auto next = first_character(text);
        if (collapsible.find(text.front()) != std::string_view::npos)
            gap_ = true;
        else
            put(next.shown);
        text.remove_prefix(next.bytes);
    }
}

void text_page::preformatted(std::string_view text) {
    while (!text.empty()) {
        const auto next = first_character(text);
        if (next.shown == "\n" && rows_ == 0)
            new_line();
        else if (next.shown == "\n")
            gap_ = true;
        else if (next.shown != "\r")
            put(next.shown);
        text.remove_prefix(next.bytes);
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
    indent_ = indent_of(lists_);
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
    if (rows_ == 0) indent_ = indent_of(lists_ - 1).append(marker);
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
