// The error codes of a message (README, "Troubleshooting by error code"): what an operator reads in
// messages.error, attempts.error and the log field `error`. A code is a promise to those who filter by it:
// none is renamed or removed. The sentence beside it (messages.error_detail) is for people and may change.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cannedd {

enum class errc : std::uint8_t {
    missing_text, // a response that renders to nothing
    unknown_response,
    missing_variable,
    bad_variables,
    text_too_long,
    unknown_account,
    no_active_conversation,
    ambiguous_conversation,
    conversation_not_found,
    conversation_ended,
    agent_not_in_conversation,
    agent_not_connected,
    customer_not_found,
    not_a_user,
    forbidden,
    unauthorized,
    invalid_client,
    bad_text, // not UTF-8, or control characters
    bad_request,
    not_found,
    conflict,
    too_large,
    throttled,
    server_error,
    unavailable,
    timeout,
    dns,
    connect,
    tls,
    connection_lost,
    bad_reply,
    attempts_exhausted,
    unconfirmed,
    bot_in_conversation, // route agentless: a bot would take the message for the customer's
    outside_window,      // WhatsApp: text later than 24 h after the customer's last word
    not_text,            // a response that is no text, or not text alone
    no_contact,          // route agentless: the conversation lacks a piece of the address
    sent_elsewhere,      // the answer names another conversation
};

// The code as it is stored: "missing_text" and so on.
std::string_view name_of(errc code) noexcept;

// The code of that name, or nothing.
std::optional<errc> errc_named(std::string_view name) noexcept;

} // namespace cannedd
