// Reads what an account says about channels: how route agentless addresses them, how long their texts may be.
#pragma once

#include "config/section.hpp"
#include "genesys/client_settings.hpp"

namespace cannedd {

agentless_settings read_agentless(section from);
text_limits read_text_limits(section from);

} // namespace cannedd
