// Text that is put together line by line the way a browser lays it out: runs of blanks are one, blanks at
// either end of a line are none, of empty lines at most one stands. Knows lines, lists and cells; nothing of
// markup. Pure.
#pragma once

#include <string>
#include <string_view>

namespace cannedd {

class text_page {
public:
    // Blanks collapse; a no-break space is a space that does not.
    void flow(std::string_view text);
    // Every blank and line as it is written.
    void preformatted(std::string_view text);
    void line_break();
    // A new line, unless one has just begun; within a row of cells a blank.
    void block();
    // The marker (`- `, `3. `) goes before the next word; lists within lists are indented.
    void open_list() { ++lists_; }
    void close_list();
    void list_item(std::string_view marker);
    // Between two of these everything stays on one line.
    void open_row();
    void next_cell();
    void close_row();

    std::size_t size() const { return text_.size(); }
    std::string_view since(std::size_t mark) const;
    std::string finished() const;

private:
    void put(std::string_view character);
    void new_line();
    void trim_line();
    void indent();
    bool at_line_begin() const { return text_.size() == line_begin_; }

    std::string text_;
    std::string indent_;         // written before the line's first word
    std::size_t line_begin_ = 0; // of the last line, behind its indent
    bool gap_ = false;           // a blank is due before the next word
    int lists_ = 0;
    int rows_ = 0;
};

} // namespace cannedd
