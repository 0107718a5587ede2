// Whom route agentless writes to and as whom, by the messenger type of the conversation (README, "Routes"),
// and whether a bot would take the message for the customer's. Pure; private to this room.
#pragma once

#include "genesys/client_settings.hpp"
#include "genesys/conversation.hpp"

#include <optional>

namespace cannedd {

// `to` with its addresses. via: the customer's communication; either may be null. A piece that the
// conversation does not tell is no_contact, before anything is sent.
result<target> agentless_target(const conversation& in, target to, const participant* customer,
                                const communication* via, const agentless_settings& settings);

// Why the message would be taken for the customer's: a bot, a flow or the queue is connected and no agent is.
// Nothing: it would not.
std::optional<failure> held_by_bot(const conversation& in);

} // namespace cannedd
