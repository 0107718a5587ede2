// A message: one row of the table `messages`, as the daemon reads it (schema: README, "The queue").
#pragma once

#include "time/instant.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cannedd {

enum class message_status : std::uint8_t {
    pending,
    sending,
    sent,
    failed,
    expired,
    cancelled,
    held,
    unconfirmed,
};

std::string_view name_of(message_status status) noexcept;
// Of a name that the table's CHECK admits.
message_status status_named(std::string_view name) noexcept;

struct message {
    std::int64_t id = 0;
    std::string account;
    std::string lane; // conversation id in lower case, or "agent:<uuid>" for a row that names only an agent
    std::optional<std::string> route;
    std::optional<std::string> conversation_id;
    std::optional<std::string> agent_id;
    std::optional<std::string> customer_id;
    std::optional<std::string> text;
    std::optional<std::string> response;
    std::string variables = "{}";
    int priority = 0;
    wall_time created_at{};
    wall_time due_at{};
    std::optional<wall_time> expires_at;
    int attempts = 0;  // attempts that count
    int deferrals = 0; // tries that did not count since the last one that did: backoff's exponent
    std::optional<std::string> sent_text;     // frozen at the first attempt
    std::optional<std::string> sent_template; // likewise; only with sent_text
};

} // namespace cannedd
