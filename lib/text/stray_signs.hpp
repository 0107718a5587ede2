// A `<` that begins no element of HTML is a sign of the text: "a<b then c", "<Enter>", "<ann@example.com>".
// Browsers drop what follows it up to the next `>`, or to the end. Pure.
#pragma once

#include <string>
#include <string_view>

namespace cannedd {

// Written `&lt;`, so that it stays; comments and what is no text of the page stay as they are.
std::string with_stray_signs_escaped(std::string_view html);

} // namespace cannedd
