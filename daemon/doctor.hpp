// --doctor: looks at everything the daemon depends on and changes nothing. One line each:
// `ok|warn|fail  what  why and what to do`.
#pragma once

#include "config/settings.hpp"

#include <iosfwd>

namespace cannedd {

// 0, or 1 when a line says fail.
int run_doctor(const settings& configured, std::ostream& out);

} // namespace cannedd
