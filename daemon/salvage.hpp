// --salvage NEW: what can be read of a damaged queue, copied into a new one, and words about what could not.
#pragma once

#include "command_line.hpp"
#include "exit_code.hpp"
#include "queue/salvage.hpp"
#include "time/time_source.hpp"

namespace cannedd {

// What a person reads of it. Pure.
std::string salvage_words(const salvage_report& done);
std::string words_on_what_is_next(const std::filesystem::path& damaged, const std::filesystem::path& fresh);

// Throws std::runtime_error with a sentence for what a person must mend.
exit_code run_salvage(const command& asked, const std::filesystem::path& database, const time_source& time);

} // namespace cannedd
