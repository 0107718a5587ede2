// What a row asks to be said, with the text of its response where the queue or the configuration has it.
#pragma once

#include "delivery/context.hpp"
#include "genesys/conversation_api.hpp"
#include "queue/message.hpp"

namespace cannedd {

// Nothing: the database does not answer now, and its health knows.
std::optional<render_query> rendering_of(delivery_context& context, const message& row);

} // namespace cannedd
