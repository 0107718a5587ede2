// Templates of WhatsApp: a response of the type MessagingTemplate, sent by its id and parameters.
#pragma once

#include "simulator/api.hpp"

#include <optional>
#include <string>

namespace cannedd::sim {

// Of a send's contents (textBody, mediaIds, messagingTemplate) exactly one must be there. The published
// structure demands textBody always; its descriptions do not.
void check_content(const turn& t, std::vector<std::string>& violations);

// Why the send's template cannot be sent; nothing: it can, or there is none.
std::optional<reply> template_refusal(world& in, const turn& t);

struct filled_template {
    std::string text;   // as the customer reads it
    json::object shown; // ConversationContentNotificationTemplate
};
std::optional<filled_template> template_of(const world& in, const turn& t);

} // namespace cannedd::sim
