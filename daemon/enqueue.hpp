// --enqueue: rows from standard input into the queue, as any producer would put them there. Reads no secret
// and needs no daemon.
#pragma once

#include "command_line.hpp"
#include "exit_code.hpp"
#include "time/time_source.hpp"

namespace cannedd {

// Throws std::runtime_error with a sentence for what a person must mend.
exit_code run_enqueue(const command& asked, const std::filesystem::path& database, const time_source& time);

} // namespace cannedd
