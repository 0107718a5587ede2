// An HTML text of the response library as the plain text that a chat shows. Pure. Never fails: what is not
// understood as markup is text.
#pragma once

#include <string>
#include <string_view>

namespace cannedd {

// Blocks and <br> become line breaks, list items get a dash, a link is followed by its address where that
// differs from its words, entities become characters, scripts and styles vanish, white space collapses as a
// browser would do it.
std::string to_plain_text(std::string_view html);

} // namespace cannedd
