// What the process's environment adds to the configuration: credentials directory and proxies.
#pragma once

#include "config/settings.hpp"

#include <functional>

namespace cannedd {

config_environment environment_of_process();

// Numbers from 0 to below 1, from a seed that nobody knows.
std::function<double()> random_chance();

} // namespace cannedd
