// Asks the rooms that will use them about certificates and keys, so that --check-config and a reload refuse
// what the start could not work with.
#pragma once

#include "config/settings.hpp"

namespace cannedd {

// Keeps what it has read for as long as it lives: many accounts trust one file.
setting_checks start_checks();

} // namespace cannedd
