// The parts of the page between its first sentence and its end. Pure.
#pragma once

#include "page/diagnosis.hpp"
#include "page/facts.hpp"
#include "page/html.hpp"

namespace cannedd {

inline constexpr std::size_t accounts_shown = 50;

void write_accounts(html& page, const page_facts& facts);
void write_queue(html& page, const page_facts& facts);
void write_problems(html& page, const page_facts& facts);
void write_doubts(html& page, const page_facts& facts);

// A class attribute in the colour of the concern, with what else stands there.
void write_tone(html& page, concern how);

} // namespace cannedd
