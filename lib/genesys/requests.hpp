// Every request that cannedd makes of the API, as plain values. Pure; who sends it adds the access token.
#pragma once

#include "genesys/conversation_api.hpp"
#include "net/http_message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cannedd {

struct api_request {
    api_request(std::string_view operation_, std::string method, std::string target)
        : operation(operation_), http(std::move(method), std::move(target)) {}
    std::string_view operation; // what gate, metrics and log call it; a literal
    http_request http;
};

inline constexpr std::size_t conversations_per_page = 25;
inline constexpr std::size_t messages_per_bulk_max = 1'000;
inline constexpr std::size_t chat_lines_per_page = 100;

// Says it to whom the target says, by the target's route; a template only on routes message and agentless.
api_request send_request(const target& to, const message_content& content);

api_request conversation_request(const std::string& conversation_id);
// Conversations that the agent serves, by message or by chat as the route demands. page counts from 1.
api_request agents_conversations_request(const std::string& agent_id, route way, wall_time now, int page);
// The same for the user whose token it is.
api_request own_conversations_request(route way);

// Full texts of at most messages_per_bulk_max messages.
api_request bulk_request(const std::string& conversation_id, const std::vector<std::string>& message_ids);
// A page of a chat, the youngest first; before: only those older than this message, empty: no bound.
api_request chat_request(const std::string& conversation_id, const std::string& before);

api_request response_request(const std::string& response_id);
api_request libraries_request(const std::string& name, int page);
api_request responses_query_request(const std::string& library_id, const std::string& name, int page);
// Whose the token is that asks.
api_request token_owner_request();
// The org's limits, of one namespace: platform.api holds those of requests.
api_request limits_request(const std::string& limit_namespace);

} // namespace cannedd
