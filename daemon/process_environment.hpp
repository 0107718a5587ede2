// What the process was given by whoever started it: credentials directory, proxies, standard streams.
#pragma once

#include "config/settings.hpp"

#include <functional>

namespace cannedd {

config_environment environment_of_process();

// Whichever of 0, 1 and 2 is closed is opened on /dev/null: else the next file to be opened, the lock for
// example, would be standard error, and log lines would go into it.
void open_missing_standard_streams();

// A loop works for moments and then waits, for the disk most of all. Whoever computes on the same core would
// keep it waiting at each wake-up until his slice is over, four milliseconds perhaps: who asks for a short
// slice is let in at once (Linux 6.12; before, it changes nothing). Not allowed: it stays as it is.
void ask_for_short_slices();

// Numbers from 0 to below 1, from a seed that nobody knows.
std::function<double()> random_chance();

} // namespace cannedd
