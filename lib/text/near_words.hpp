// Whether what is shown says the words of what was sent, as servers and gateways change them: cut off, in
// parts, with a frame of their own around it, single words dropped. Pure. Another's sentence that holds the
// same word, the same link or the same polite phrase does not.
#pragma once

#include "text/wording.hpp"

namespace cannedd {

bool is_near_words(const wording& ours, const wording& theirs);

// Of a text in numbered parts: wherever the cut went, perhaps behind the name of who sent it.
bool is_piece_of(const wording& ours, const wording& piece);

} // namespace cannedd
