#include "delivery/advice.hpp"

#include <algorithm>
#include <array>

namespace cannedd {
namespace {

struct advised {
    errc code;
    std::string_view sentence;
};

// clang-format off
// No promise of another try: the sentence stays when there is none.
constexpr std::array<advised, 38> for_a_message{{
    {errc::missing_text,
     "The response renders to nothing: give it a text, or the row other variables, then set "
     "status = 'pending'."},
    {errc::unknown_response,
     "Add the response to the table responses, to responses_file or to Response Management, then "
     "set status = 'pending'."},
    {errc::missing_variable,
     "Nothing was sent. Insert a new row whose variables have the value, or give it a default."},
    {errc::bad_variables,
     "Insert a new row whose variables are one JSON object of strings, numbers and booleans."},
    {errc::text_too_long,
     "Nothing was sent. Shorten the text or split it into several rows."},
    {errc::unknown_account,
     "Add the account to accounts: in cannedd.yaml and reload, or correct the row; then set "
     "status = 'pending'."},
    {errc::no_active_conversation,
     "The agent has no active conversation that the look-up shows. Name the conversation_id, or "
     "insert the row when the conversation is there."},
    {errc::ambiguous_conversation,
     "The agent is in several conversations: name the conversation_id in the row."},
    {errc::conversation_not_found,
     "Genesys knows no conversation with this id in this org: check conversation_id and the "
     "account's region."},
    {errc::conversation_ended,
     "The conversation is over; nothing can be sent into it any more."},
    {errc::agent_not_in_conversation,
     "The agent is not a participant of the conversation: check agent_id, or leave it out."},
    {errc::agent_not_connected,
     "The agent is not connected to the conversation yet."},
    {errc::customer_not_found,
     "The conversation shows no customer who can be written to: check conversation_id and "
     "customer_id."},
    {errc::not_a_user,
     "This route needs the token of a user: configure a user's grant or auth.users for this "
     "agent, or use the route agentless."},
    {errc::forbidden,
     "The OAuth client lacks a permission (or the division): give its role the permission (and "
     "the client the scope, where the org enforces scopes), then UPDATE accounts SET paused = 0 WHERE account = its name."},
    {errc::unauthorized,
     "A fresh access token was refused as well: check the OAuth client, then UPDATE accounts SET "
     "paused = 0 WHERE account = its name."},
    {errc::invalid_client,
     "The login server refused the client: check client_id and the secret (a new one is read at the start: "
     "systemctl restart cannedd), then UPDATE accounts SET paused = 0 WHERE account = its name."},
    {errc::bad_text,
     "Nothing was sent. The text must be UTF-8 without control characters."},
    {errc::bad_request,
     "The API refused the request for good and would refuse this row again: insert a new one "
     "without what it complains about."},
    {errc::not_found,
     "The addressee is gone or the route is not offered by this API: check route and conversation."},
    {errc::conflict,
     "The conversation is in a state that does not take this message: look at it, then set status "
     "= 'pending' if it should go after all."},
    {errc::too_large,
     "The API found the request too large: shorten the text."},
    {errc::throttled,
     "The API takes no more for the moment; no attempt is counted. If it lasts, lower requests_per_minute."},
    {errc::server_error,
     "The API failed. If it lasts, look at Genesys' status page."},
    {errc::unavailable,
     "The API is not available. If it lasts, look at Genesys' status page."},
    {errc::timeout,
     "There was no answer in time. If it lasts, check the network."},
    {errc::dns,
     "The API's name could not be resolved: check the region, DNS and the network."},
    {errc::connect,
     "The API could not be reached: check network, firewall and proxy."},
    {errc::tls,
     "The API's certificate or TLS was not accepted: check ca_file and the clock."},
    {errc::connection_lost,
     "The connection broke before the answer was there. If it lasts, check the network and the proxy."},
    {errc::bad_reply,
     "The answer could not be understood. If it lasts, look at what answers in the API's place: a "
     "proxy, a gateway."},
    {errc::attempts_exhausted,
     "All attempts failed; where one may have arrived, reading the conversation back did not show it. When the cause is mended, set status = "
     "'pending'."},
    {errc::unconfirmed,
     "It may or may not have been delivered: look at the conversation, then set status = 'sent', "
     "'failed' or 'pending'."},
    {errc::bot_in_conversation,
     "It may be sent when an agent is connected; agentless.with_bot: send in cannedd.yaml sends it all "
     "the same."},
    {errc::outside_window,
     "Nothing was sent. Send an approved template instead, or insert the row when the customer "
     "has written again."},
    {errc::not_text,
     "Nothing was sent, for half a response is none: name a response that is only a text, or a "
     "WhatsApp template."},
    {errc::no_contact,
     "Nothing was sent. Use route message with the agent's token, or name the org's side in "
     "agentless.from_addresses."},
    {errc::sent_elsewhere,
     "It was accepted, though not where it was meant to go: look at both conversations, then set "
     "status = 'sent', 'failed' or 'pending'."},
}};

constexpr std::array<advised, 3> for_one_agent{{
    {errc::forbidden,
     "This agent's user lacks a permission (or the division): give the user's role the "
     "permission, then set status = 'pending'. The account's other agents go on."},
    {errc::unauthorized,
     "A fresh access token of this agent was refused as well: check the agent's entry in "
     "auth.users, then set status = 'pending'. The account's other agents go on."},
    {errc::invalid_client,
     "The login server refused this agent's grant: check the agent's entry in auth.users, reload, "
     "then set status = 'pending'. The account's other agents go on."},
}};
// clang-format on

// A code without a sentence does not compile.
static_assert([] {
    for (std::size_t i = 0; i < for_a_message.size(); ++i)
        if (for_a_message[i].code != static_cast<errc>(i)) return false;
    return for_a_message.back().code == errc::sent_elsewhere;
}());

} // namespace

std::string_view advice(errc code) noexcept {
    return for_a_message[static_cast<std::size_t>(code)].sentence;
}

std::string_view advice_for_one_agent(errc code) noexcept {
    const auto* const own = std::ranges::find(for_one_agent, code, &advised::code);
    return own == for_one_agent.end() ? advice(code) : own->sentence;
}

std::string unpausing(const std::string& account) {
    return "UPDATE accounts SET paused = 0 WHERE account = '" + account + "'";
}

} // namespace cannedd
