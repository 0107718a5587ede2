#include "genesys/route_traits.hpp"

#include "text/encoding.hpp"

#include <array>

namespace cannedd {
namespace {

namespace json = boost::json;

json::object as_agent(const target&, std::string_view text) {
    return {{"textBody", text}};
}

json::object past_agent(const target& to, std::string_view text) {
    json::object body{{"fromAddress", std::string_view(to.from_address)},
                      {"toAddressMessengerType", std::string_view(to.messenger_type)},
                      {"textBody", text},
                      // Without it a conversation that has just ended would be opened anew.
                      {"useExistingActiveConversation", true}};
    if (to.external_contact_id.empty())
        body["toAddress"] = to.to_address;
    else
        body["externalContactId"] = to.external_contact_id;
    return body;
}

json::object in_chat(const target&, std::string_view text) {
    return {{"body", text}, {"bodyType", "standard"}};
}

json::object to_gateway(const target& to, std::string_view text) {
    return {{"from_id", std::string_view(to.agent_id)},
            {"to_id", std::string_view(to.customer_id)},
            {"text", text},
            {"type", "user"},
            {"direction", "outbound"}};
}

constexpr std::array table{
    route_traits{
        .name = "message",
        .send_path = "/api/v2/conversations/messages/{conversation}/communications/{communication}/messages",
        .send_body = as_agent,
        .speaks_as_agent = true,
        .needs_agent = true,
        .names_customer = false,
        .through_messages = true,
        .through_chats = false,
        .is_chat = false,
        .listed_whole = true,
        .wraps_message = false,
        .read_back_as_api = false,
    },
    route_traits{
        .name = "agentless",
        .send_path = "/api/v2/conversations/messages/agentless",
        .send_body = past_agent,
        .speaks_as_agent = false,
        .needs_agent = false,
        .names_customer = false,
        .through_messages = true,
        .through_chats = false,
        .is_chat = false,
        .listed_whole = false,
        .wraps_message = true,
        .read_back_as_api = true,
    },
    route_traits{
        .name = "chat",
        .send_path = "/api/v2/conversations/chats/{conversation}/communications/{communication}/messages",
        .send_body = in_chat,
        .speaks_as_agent = true,
        .needs_agent = true,
        .names_customer = false,
        .through_messages = false,
        .through_chats = true,
        .is_chat = true,
        .listed_whole = false,
        .wraps_message = false,
        .read_back_as_api = false,
    },
    // A gateway may front either kind.
    route_traits{
        .name = "tutorial",
        .send_path = "/api/v2/conversations/{conversation}/messages",
        .send_body = to_gateway,
        .speaks_as_agent = false,
        .needs_agent = true,
        .names_customer = true,
        .through_messages = true,
        .through_chats = true,
        .is_chat = false,
        .listed_whole = false,
        .wraps_message = false,
        .read_back_as_api = false,
    },
};

void replace(std::string& path, std::string_view name, const std::string& value) {
    if (const auto at = path.find(name); at != std::string::npos)
        path.replace(at, name.size(), percent_encoded(value));
}

} // namespace

const route_traits& traits_of(route way) noexcept {
    return table.at(static_cast<std::size_t>(way));
}

std::string send_path(const target& to) {
    std::string path(traits_of(to.way).send_path);
    replace(path, "{communication}", to.communication_id);
    replace(path, "{conversation}", to.conversation_id);
    return path;
}

std::string_view name_of(route way) noexcept {
    return traits_of(way).name;
}

std::optional<route> route_named(std::string_view name) noexcept {
    for (std::size_t i = 0; i < table.size(); ++i)
        if (table.at(i).name == name) return static_cast<route>(i);
    return std::nullopt;
}

} // namespace cannedd
