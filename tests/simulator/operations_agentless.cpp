// The agentless send, by the request's contract of 2026-07: whom it addresses depends on the messenger type.
#include "simulator/operations.hpp"

#include <algorithm>

namespace cannedd::sim {
namespace {

reply invalid(world& in, const std::string& sentence) {
    return error_reply(in, 400, "invalid.value", sentence);
}

reply against_contract(world& in, turn& t, const std::string& sentence) {
    t.violations.push_back(sentence);
    return invalid(in, sentence);
}

addressee addressee_of(const json::value& body) {
    addressee to;
    to.messenger = text_or(body, "toAddressMessengerType");
    to.org = text_or(body, "fromAddress");
    to.address = text_or(body, "toAddress");
    to.contact = text_or(body, "externalContactId");
    return to;
}

// Web messaging knows its customers as external contacts, the other channels by their addresses.
std::optional<reply> contract_refusal(world& in, turn& t, const addressee& to) {
    const auto& org = in.set.agentless;
    if (!org.messengers.empty() && !org.messengers.contains(to.messenger))
        return invalid(in, "toAddressMessengerType " + to.messenger + " is not supported.");
    const bool by_contact = to.messenger == "webmessaging" && !(org.web_by_address && to.contact.empty());
    if (by_contact && !to.address.empty())
        return against_contract(in, t, "toAddress is not allowed for webmessaging: use externalContactId");
    if (by_contact && to.contact.empty())
        return against_contract(in, t, "webmessaging needs externalContactId");
    if (!by_contact && to.address.empty()) return against_contract(in, t, to.messenger + " needs toAddress");
    if (!by_contact && !to.contact.empty())
        return against_contract(in, t, "either toAddress or externalContactId");
    if (to.messenger == "whatsapp" && to.address.starts_with('+'))
        return invalid(in, "toAddress of whatsapp is the number without +.");
    if (to.messenger == "whatsapp" && !org.whatsapp_text && find(*t.body, "messagingTemplate") == nullptr)
        return invalid(in, "messagingTemplate is required when using WhatsApp.");
    if (!in.talks.knows_org_address(to.messenger, to.org))
        return invalid(in, "fromAddress belongs to no " + to.messenger + " integration of this org.");
    return std::nullopt;
}

// Where it goes: the one active conversation with that customer, or, as planned, a refusal or a new one.
std::optional<reply> find_talk(world& in, turn& t, const addressee& to, talk*& where) {
    const bool existing = flag_or(*t.body, "useExistingActiveConversation", false);
    if (!existing)
        t.violations.emplace_back("useExistingActiveConversation is not true: this opens a new conversation");
    where = existing ? in.talks.active_with(to) : nullptr;
    if (where != nullptr) return std::nullopt;
    if (existing && in.set.agentless_no_active != 0)
        return error_reply(in, in.set.agentless_no_active,
                           in.set.agentless_no_active == 404 ? "not.found" : "bad.request",
                           "There is no active conversation with this address.");
    where = &in.talks.open_outbound(to);
    in.memory.count("conversations_opened_by_agentless");
    return std::nullopt;
}

// A bot, a flow or the queue takes for the customer's what is said while no agent is there.
bool is_held(const conversation& in) {
    const auto connected = [&](const std::set<std::string>& purposes) {
        return std::any_of(in.participants.begin(), in.participants.end(), [&](const participant& p) {
            return purposes.contains(p.purpose) && p.monitored_id.empty() && p.coached_id.empty() &&
                   p.communications.back().state == "connected";
        });
    };
    return connected({"bot", "workflow", "acd"}) && !connected({"agent", "user"});
}

reply accepted(world& in, const talk& to, const message& m, const json::value& body) {
    json::object out{
        {"id", m.id}, {"conversationId", to.now.id}, {"message", in.readers.message_json(to, m, false)}};
    for (const char* key : {"fromAddress", "toAddress"})
        if (const auto* told = find(body, key)) out[key] = *told;
    out["timestamp"] = out["message"].at("timestamp");
    out["useExistingActiveConversation"] = flag_or(body, "useExistingActiveConversation", false);
    // The published model lists three messengers only.
    if (to.now.messenger == "sms" || to.now.messenger == "whatsapp" || to.now.messenger == "open")
        out["messengerType"] = to.now.messenger;
    return json_reply(out);
}

} // namespace

reply send_agentless(world& in, turn& t) {
    const auto to = addressee_of(*t.body);
    if (auto refusal = contract_refusal(in, t, to)) return *refusal;
    talk* where = nullptr;
    if (auto refusal = find_talk(in, t, to, where)) return *refusal;
    if (is_held(where->now)) in.memory.count("taken_by_a_bot");
    const auto& who = in.talks.api_participant(*where);
    const auto& m = accept(in, *where, t, who, who.communications.back().id, text_or(*t.body, "textBody"));
    return accepted(in, *where, m, *t.body);
}

talk* addressed_talk(world& in, const json::value& body) {
    return in.talks.active_with(addressee_of(body));
}

} // namespace cannedd::sim
