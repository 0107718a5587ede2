// What the process's environment adds to the configuration: credentials directory and proxies.
#pragma once

#include "config/settings.hpp"

namespace cannedd {

config_environment environment_of_process();

} // namespace cannedd
