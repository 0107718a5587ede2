// How the page puts times, spans and states. Pure.
#pragma once

#include "page/facts.hpp"

#include <string>
#include <string_view>

namespace cannedd {

std::string span_words(milliseconds span);              // 40 ms, 0.3 s, 12 s, 3 min, 2 h 5 min, 3 d 4 h
std::string clock_words(wall_time time, wall_time now); // 14:03:22, on another day 17 May 14:03; UTC
std::string grouped(std::int64_t count);                // 12,345; not negative
std::string counted(std::int64_t count, std::string_view one,
                    std::string_view many);    // 1 message, 12,345 messages
std::string quoted_sql(std::string_view name); // 'o''clock'

std::int64_t messages_in(const page_facts& facts, message_status status);
std::int64_t messages_of(const account_facts& account, message_status status);

// What happened to the message and what to do, without a word of any message's text unless texts are shown.
std::string problem_sentence(const problem_row& problem, bool show_texts);
// The words but for what they repeat of the text.
std::string without_text(std::string_view words, std::string_view text);

} // namespace cannedd
