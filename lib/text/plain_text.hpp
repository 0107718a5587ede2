// An HTML text as the plain text that a chat shows. Pure. Never fails: it is read as a browser reads it, and
// what is not understood as markup, or begins no known element, is text (stray_signs.hpp).
//   blocks, <br>   line breaks; <pre> as it is written; blanks collapse elsewhere
//   lists          `- ` or `3. `, nested ones indented by two blanks
//   tables         a row a line, its cells by ` | `
//   links          `words (address)` where they differ (link_address.hpp); a picture by its alt text
//   dropped        comments, scripts, styles, the head, what is hidden
#pragma once

#include <string>
#include <string_view>

namespace cannedd {

// Larger ones come back as they are, and a text that becomes longer ends there: no chat takes so much, so
// that none is sent.
inline constexpr std::size_t html_bytes_max = 64 * 1024;
inline constexpr int html_elements_max = 2000;

std::string to_plain_text(std::string_view html);

// Whether a reader would see something that no text can stand for: a picture (also one with an alt text), a
// film, a sound, another page inside this one.
bool shows_media(std::string_view html);

} // namespace cannedd
