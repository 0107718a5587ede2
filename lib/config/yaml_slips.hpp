// Slips that make a file no YAML, told so that a person who knows no YAML can mend them. Guesses, from the
// line that the parser stumbled over. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cannedd {

// The first line, up to this one (both from 0), whose value begins with a quote that does not end there.
std::optional<int> line_of_open_quote(std::string_view text, int line_index);

// What to do, to be added to the parser's words; empty: no idea.
std::string remedy(std::string_view text, int line_index);

// What the parser takes for a comment on that line (from 0), and what looks like a part of the text: "#5" of
// `Ticket #5 is yours`. Empty: nothing; a comment has a blank behind its #.
std::string_view text_taken_for_comment(std::string_view text, int line_index);

} // namespace cannedd
