#include "genesys/listed_conversation.hpp"

#include "text/identifier.hpp"
#include "text/json_reading.hpp"

#include <optional>

namespace cannedd {
namespace {

// A participant and what only the list tells of him.
struct listed_participant {
    participant who;
    std::string peer;
    bool waits = false; // parked, or with after-call work
};

bool is_under_way(const json::object& in, std::string_view begin, std::string_view end) {
    return find(in, begin) != nullptr && find(in, end) == nullptr;
}

listed_participant read_one(const json::object& in) {
    listed_participant one;
    one.who.id = text_in(in, "id");
    one.who.purpose = lower_case(text_in(in, "purpose"));
    one.who.name = text_in(in, "name");
    one.who.user_id = lower_case(text_in(object_in(in, "user"), "id"));
    one.who.listens_only =
        !text_in(in, "monitoredParticipantId").empty() || find(in, "monitoredParticipant") != nullptr;
    for (const auto& [name, value] : object_in(in, "attributes"))
        if (const auto* text = value.if_string()) one.who.attributes.emplace(name, std::string(*text));
    communication via;
    via.state = text_in(in, "state");
    via.disconnected = via.state == "disconnected" || via.state == "terminated" ||
                       find(in, "endTime") != nullptr || find(in, "disconnectType") != nullptr;
    via.connected_at = time_in(in, "connectedTime");
    via.type = text_in(in, "type");
    one.who.messages.push_back(std::move(via));
    one.peer = text_in(in, "peer");
    one.waits = is_under_way(in, "parkTime", "resumeTime") || is_under_way(in, "startAcwTime", "endAcwTime");
    return one;
}

bool is_unmistakable(const listed_participant& one) {
    return is_connected(one.who.messages.front()) && !one.waits;
}

std::optional<conversation> read_conversation_of(const json::object& in) {
    std::optional<listed_participant> customer, agent;
    bool is_clear = true;
    each_object_in(in, "participants", [&](const json::object& item) {
        auto one = read_one(item);
        const bool speaks = is_customer(one.who) || is_agent(one.who);
        if (!speaks || one.who.messages.front().disconnected) return;
        auto& role = is_customer(one.who) ? customer : agent;
        is_clear = is_clear && !role && is_unmistakable(one);
        role = std::move(one);
    });
    if (!is_clear || !customer || !agent || customer->peer.empty() || agent->who.user_id.empty()) return {};
    if (!is_told_by_list(customer->who.messages.front().type)) return {};
    conversation listed;
    listed.id = lower_case(text_in(in, "id"));
    if (listed.id.empty()) return {};
    agent->who.messages.front().id = customer->peer;
    listed.participants.push_back(std::move(customer->who));
    listed.participants.push_back(std::move(agent->who));
    return listed;
}

} // namespace

std::vector<conversation> read_listed_conversations(const json_answer& body) {
    std::vector<conversation> all;
    const auto* in = object_of(body);
    if (in == nullptr) return all;
    each_object_in(*in, "entities", [&](const json::object& item) {
        if (auto one = read_conversation_of(item)) all.push_back(std::move(*one));
    });
    return all;
}

bool is_told_by_list(const std::string& messenger_type) {
    return !messenger_type.empty() && messenger_type != "unknown" && messenger_type != "whatsapp";
}

} // namespace cannedd
