// The list of a user's own active conversations (GET /api/v2/conversations/messages), read for whom to send
// to: one answer instead of a look-up of each. What it lists is a MessageMediaParticipant where the
// conversation itself has a participant with communications: `id` is the participant's, and the agent's
// communication is named by the customer's `peer` alone. So only what is unmistakable is taken from it, as a
// conversation of one connected customer and one connected agent; all else is not here, and is looked up by
// itself. Pure.
#pragma once

#include "genesys/conversation.hpp"
#include "text/json_answer.hpp"

#include <string>
#include <vector>

namespace cannedd {

std::vector<conversation> read_listed_conversations(const json_answer& body);

// Whether the list tells all that a send needs by this channel. WhatsApp's rule of 24 h needs the times of
// messages, and a channel that is not told has no known limit of a text.
bool is_told_by_list(const std::string& messenger_type);

} // namespace cannedd
