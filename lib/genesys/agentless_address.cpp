#include "genesys/agentless_address.hpp"

#include <algorithm>
#include <array>

namespace cannedd {
namespace {

// The request's contract of 2026-07 (api-facts, "Agentless by channel").
struct address_rule {
    std::string_view type;
    std::string_view orgs_side;
    bool by_contact; // the customer is an external contact, never an address
    bool drops_plus; // numbers are written without +
};

constexpr std::array rules{
    address_rule{"webmessaging", "deployment id", true, false},
    address_rule{"open", "integration id", false, false},
    address_rule{"whatsapp", "integration id", false, true},
    address_rule{"apple", "integration id", false, false},
    address_rule{"sms", "number", false, false},
};

const address_rule* rule_of(std::string_view type) {
    const auto* found =
        std::find_if(rules.begin(), rules.end(), [&](const auto& rule) { return rule.type == type; });
    return found == rules.end() ? nullptr : found;
}

std::string orgs_side(const communication& via, const agentless_settings& settings) {
    const auto named = settings.from_addresses.find(via.type);
    return named == settings.from_addresses.end() ? via.to_address : named->second;
}

// A thread that was taken up again has a customer's participant for each time; they are one contact.
std::string contact_of(const conversation& in, const participant& customer) {
    if (!customer.external_contact_id.empty()) return customer.external_contact_id;
    for (const auto& who : in.participants)
        if (is_customer(who) && !who.external_contact_id.empty()) return who.external_contact_id;
    return {};
}

bool is_connected_in_messages(const participant& who) {
    return std::any_of(who.messages.begin(), who.messages.end(), is_connected);
}

} // namespace

result<target> agentless_target(const conversation& in, target to, const participant* customer,
                                const communication* via, const agentless_settings& settings) {
    const auto refuse = [&](errc code, const std::string& why) {
        return failure(code, "conversation " + in.id + " " + why);
    };
    if (customer == nullptr)
        return refuse(errc::customer_not_found, "has no participant of purpose customer");
    if (via == nullptr)
        return refuse(
            errc::customer_not_found,
            "has no message communication of the customer; route agentless can only speak into messaging");
    const auto* rule = rule_of(via->type);
    if (rule == nullptr)
        return refuse(errc::customer_not_found,
                      "is of messenger type '" + via->type +
                          "', which route agentless cannot send to; use route message");
    to.from_address = orgs_side(*via, settings);
    if (to.from_address.empty())
        return refuse(errc::no_contact, "does not tell the org's " + std::string(rule->orgs_side) + " for " +
                                            via->type +
                                            ": name it in agentless.from_addresses, or use route "
                                            "message");
    if (rule->by_contact) {
        to.external_contact_id = contact_of(in, *customer);
        if (to.external_contact_id.empty())
            return refuse(errc::no_contact, "names no external contact of its customer, by whom alone route "
                                            "agentless can write into web messaging; use route message");
        return to;
    }
    to.to_address = via->from_address;
    if (rule->drops_plus && to.to_address.starts_with('+')) to.to_address.erase(0, 1);
    if (to.to_address.empty())
        return refuse(errc::no_contact, "does not tell the customer's address on " + via->type +
                                            ", so route agentless cannot be used; use route message");
    return to;
}

std::optional<failure> held_by_bot(const conversation& in) {
    const participant* holder = nullptr;
    for (const auto& who : in.participants) {
        if (!is_connected_in_messages(who)) continue;
        if (is_agent(who)) return std::nullopt;
        const bool answers = who.purpose == "bot" || who.purpose == "workflow" || who.purpose == "acd";
        if (answers) holder = &who;
    }
    if (holder == nullptr) return std::nullopt;
    return failure(
        errc::bot_in_conversation,
        "conversation " + in.id + " is held by a participant of purpose " + holder->purpose +
            " and no agent is connected: it would take the message for the customer's; sent when an "
            "agent is connected");
}

} // namespace cannedd
