// How much of one text stands in another, in its order: what is left when a server cuts a text inside a word
// or in its middle, rewrites a part of it, or does two such things at once. Pure.
#pragma once

#include "text/wording.hpp"

namespace cannedd {

// Most letters and digits of the shorter one stand in the longer one, and few of them gave way to others: a
// polite phrase in two sentences is no such thing. Of letters beyond ASCII a server may have kept none.
bool shares_most_letters(const wording& ours, const wording& theirs);

// But for a slip of the pen, which somebody put right: a letter or two, no digit.
bool is_typo_of(const wording& ours, const wording& theirs);

} // namespace cannedd
