#include "delivery/explain.hpp"

namespace cannedd {
namespace {

// One agent's own token: the account's other agents go on, and the row is held.
std::string_view advice_for_one_agent(errc code) noexcept {
    switch (code) {
    case errc::forbidden:
        return "This agent's user lacks a permission (or the division): give the user's role the permission, "
               "then "
               "set status = 'pending'. The account's other agents go on.";
    case errc::unauthorized:
        return "A fresh access token of this agent was refused as well: check the agent's entry in "
               "auth.users, "
               "then set status = 'pending'. The account's other agents go on.";
    case errc::invalid_client:
        return "The login server refused this agent's grant: check the agent's entry in auth.users, reload, "
               "then "
               "set status = 'pending'. The account's other agents go on.";
    default: return advice(code);
    }
}

} // namespace

std::string_view advice(errc code) noexcept {
    switch (code) {
    case errc::missing_text:
        return "The response renders to nothing: give it a text, or the row other variables, then set status "
               "= 'pending'.";
    case errc::unknown_response:
        return "Add the response to the table responses, to responses_file or to Response Management, then "
               "set status = "
               "'pending'.";
    case errc::missing_variable:
        return "Nothing was sent. Insert a new row whose variables have the value, or give it a default.";
    case errc::bad_variables:
        return "Insert a new row whose variables are one JSON object of strings, numbers and booleans.";
    case errc::text_too_long: return "Nothing was sent. Shorten the text or split it into several rows.";
    case errc::unknown_account:
        return "Add the account to accounts: in cannedd.yaml and reload, or correct the row; then set status "
               "= 'pending'.";
    case errc::no_active_conversation:
        return "The agent has no active conversation that the look-up shows. Name the conversation_id, or "
               "insert the row when "
               "the conversation is there.";
    case errc::ambiguous_conversation:
        return "The agent is in several conversations: name the conversation_id in the row.";
    case errc::conversation_not_found:
        return "Genesys knows no conversation with this id in this org: check conversation_id and the "
               "account's region.";
    case errc::conversation_ended: return "The conversation is over; nothing can be sent into it any more.";
    case errc::agent_not_in_conversation:
        return "The agent is not a participant of the conversation: check agent_id, or leave it out.";
    case errc::agent_not_connected:
        return "The agent is not connected to the conversation yet; it is tried again until expires_at.";
    case errc::customer_not_found:
        return "The conversation shows no customer who can be written to: check conversation_id and "
               "customer_id.";
    case errc::not_a_user:
        return "This route needs the token of a user: configure a user's grant or auth.users for this agent, "
               "or use the route "
               "agentless.";
    case errc::forbidden:
        return "The OAuth client lacks a permission (or the division): give its role the permission, then "
               "UPDATE accounts SET "
               "paused = 0.";
    case errc::unauthorized:
        return "A fresh access token was refused as well: check the OAuth client, then UPDATE accounts SET "
               "paused = 0.";
    case errc::invalid_client:
        return "The login server refused the client: check client_id and the secret, then UPDATE accounts "
               "SET paused = 0.";
    case errc::bad_text: return "Nothing was sent. The text must be UTF-8 without control characters.";
    case errc::bad_request:
        return "The API refused the request for good and would refuse this row again: insert a new "
               "one without what it complains about.";
    case errc::not_found:
        return "The addressee is gone or the route is not offered by this API: check route and conversation.";
    case errc::conflict:
        return "The conversation is in a state that does not take this message: look at it, then set "
               "status = 'pending' if it should go after all.";
    case errc::too_large: return "The API found the request too large: shorten the text.";
    case errc::throttled: return "It is sent when the API allows it again; no attempt is counted.";
    case errc::server_error:
        return "The API failed; it is tried again. If it lasts, look at Genesys' status page.";
    case errc::unavailable: return "The API is not available; it is tried again.";
    case errc::timeout:
        return "There was no answer in time; it is tried again. If it lasts, check the network.";
    case errc::dns:
        return "The API's name could not be resolved: check the region, DNS and the network. It is tried "
               "again.";
    case errc::connect:
        return "The API could not be reached: check network, firewall and proxy. It is tried again.";
    case errc::tls:
        return "The API's certificate or TLS was not accepted: check ca_file and the clock. It is tried "
               "again.";
    case errc::connection_lost:
        return "The connection broke before the answer was there; it is tried again. If it lasts, check the "
               "network and the proxy.";
    case errc::bad_reply:
        return "The answer could not be understood; it is tried again. If it lasts, look at what "
               "answers in the API's place: a proxy, a gateway.";
    case errc::attempts_exhausted:
        return "All attempts failed and none was delivered. When the cause is mended, set status = "
               "'pending'.";
    case errc::bot_in_conversation:
        return "It is sent when an agent is connected, or expires; agentless.with_bot: send in cannedd.yaml "
               "sends it all the same.";
    case errc::outside_window:
        return "Nothing was sent. Send an approved template instead, or insert the row when the customer has "
               "written again.";
    case errc::not_text:
        return "Nothing was sent, for half a response is none: name a response that is only a text, or a "
               "WhatsApp template.";
    case errc::no_contact:
        return "Nothing was sent. Use route message with the agent's token, or name the org's side in "
               "agentless.from_addresses.";
    case errc::sent_elsewhere:
        return "It was accepted, though not where it was meant to go: look at both conversations, then set "
               "status = 'sent', 'failed' or 'pending'.";
    case errc::unconfirmed: break;
    }
    return "It may or may not have been delivered: look at the conversation, then set status = 'sent', "
           "'failed' or 'pending'.";
}

std::string explain(errc code, std::string_view detail, const request_facts& facts) {
    std::string sentence(detail);
    if (!sentence.empty()) {
        if (sentence.back() != '.') sentence += '.';
        sentence += ' ';
    }
    sentence += facts.agents_own ? advice_for_one_agent(code) : advice(code);
    return refer(std::move(sentence), facts);
}

std::string refer(std::string sentence, const request_facts& facts) {
    const auto status = facts.http_status != 0 ? "HTTP " + std::to_string(facts.http_status) : std::string();
    const auto quote =
        facts.correlation_id.empty() ? std::string() : "correlation id " + facts.correlation_id;
    if (status.empty() && quote.empty()) return sentence;
    const auto* between = status.empty() || quote.empty() ? "" : ", ";
    return sentence + " (" + status + between + quote + ')';
}

} // namespace cannedd
