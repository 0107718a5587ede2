// How often a long verb tells how far it is: on a terminal, and elsewhere a line for the log.
#pragma once

#include "time/instant.hpp"

namespace cannedd {

inline constexpr seconds between_terminal_lines{1};
inline constexpr seconds between_log_lines{60};

} // namespace cannedd
