// The names that a canned response may use without listing them: AGENT_NAME, AGENT_ALIAS, CUSTOMER_NAME. They
// come from the conversation that is fetched anyway, so they cost no request. Pure.
#pragma once

#include "genesys/conversation.hpp"

#include <map>
#include <string>

namespace cannedd {

// Only those that the conversation tells. The agent is the one who speaks, or (route agentless) the one who
// is meant or serves the customer. A conversation tells no alias: it is the name, as at Genesys for an agent
// without one.
std::map<std::string, std::string> built_in_values(const conversation& in, const target& to);

} // namespace cannedd
