// The line that begins a chunk of HTTP/1.1, as strange gateways write it. Pure.
#pragma once

#include <string>

namespace cannedd {

// Makes the size alone, in as many bytes, of a line that pads it with blanks or adds what is no extension:
// "1a  " is "001a". False: the line was so already, or begins with no size.
bool with_plain_chunk_head(std::string& bytes);

} // namespace cannedd
