// For crash tests: CANNEDD_DEBUG_KILL_AT=STEP[:N] ends the process as kill -9 would when the named step
// (delivery/step.hpp) is reached for the N-th time (default the first); CANNEDD_DEBUG_BUG_AT throws there
// what a bug of ours would throw. Not set: no hook at all.
#pragma once

#include "delivery/step.hpp"

namespace cannedd {

attempt_hook kill_switch_from_environment();

} // namespace cannedd
