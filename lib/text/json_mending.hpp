// JSON of servers that cut a character in half, or write Latin-1 into it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace cannedd {

// Whatever is no character (a byte that is not UTF-8, an escaped half of a surrogate pair) becomes U+FFFD,
// one for each; all else stays as it is.
std::string with_whole_characters(std::string_view json);

} // namespace cannedd
