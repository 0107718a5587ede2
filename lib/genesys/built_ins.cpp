#include "genesys/built_ins.hpp"

#include <algorithm>

namespace cannedd {
namespace {

bool any_communication(const participant& who, const auto& accept) {
    return std::ranges::any_of(who.messages, accept) || std::ranges::any_of(who.chats, accept);
}

bool is_present(const participant& who) {
    return any_communication(who, is_connected);
}

// Present, waiting (it rings, it is parked), gone.
int nearness(const participant& who) {
    if (is_present(who)) return 2;
    return any_communication(who, [](const communication& one) { return !one.disconnected; }) ? 1 : 0;
}

// Of the nearest the last: a reconnect makes a new participant.
const participant* last_of(const conversation& in, const auto& accept) {
    const participant* last = nullptr;
    for (const auto& who : in.participants)
        if (accept(who) && (last == nullptr || nearness(who) >= nearness(*last))) last = &who;
    return last;
}

const participant* agent_of(const conversation& in, const target& to) {
    const auto speaks = [&](const participant& who) {
        return any_communication(who,
                                 [&](const communication& one) { return one.id == to.communication_id; });
    };
    if (!to.communication_id.empty()) return last_of(in, speaks);
    const auto serves = [&](const participant& who) {
        if (!is_agent(who)) return false;
        return to.agent_id.empty() ? !who.consults : who.user_id == to.agent_id;
    };
    return last_of(in, serves);
}

} // namespace

std::map<std::string, std::string> built_in_values(const conversation& in, const target& to) {
    std::map<std::string, std::string> values;
    const auto tell = [&](const char* name, const std::string& value) {
        if (!value.empty()) values[name] = value;
    };
    if (const auto* agent = agent_of(in, to)) {
        tell("AGENT_NAME", agent->name);
        tell("AGENT_ALIAS", agent->name);
    }
    if (const auto* customer = last_of(in, is_customer)) tell("CUSTOMER_NAME", customer->name);
    if (const auto own = to.customer_attributes.find("name"); own != to.customer_attributes.end())
        tell("CUSTOMER_NAME", own->second);
    return values;
}

} // namespace cannedd
