// What the process was given by whoever started it: credentials directory, proxies, standard streams.
#pragma once

#include "config/settings.hpp"

#include <functional>

namespace cannedd {

config_environment environment_of_process();

// Whichever of 0, 1 and 2 is closed is opened on /dev/null: else the next file to be opened, the lock for
// example, would be standard error, and log lines would go into it.
void open_missing_standard_streams();

// Numbers from 0 to below 1, from a seed that nobody knows.
std::function<double()> random_chance();

} // namespace cannedd
