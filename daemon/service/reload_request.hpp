// --reload PID: asks the running daemon to read its configuration again, and waits for what becomes of it.
// For ExecReload=, so that `systemctl reload` fails when the configuration is refused.
#pragma once

#include "exit_code.hpp"

#include <sys/types.h>

namespace cannedd {

// Throws std::runtime_error with a sentence when the daemon cannot be asked, or does not answer.
exit_code ask_to_reload(pid_t daemon);

} // namespace cannedd
