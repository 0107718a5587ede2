// A row whose status a person set, or how many there are of a kind: too many to be told one by one.
#pragma once

#include "queue/message.hpp"

#include <cstdint>
#include <string>

namespace cannedd {

// More of a kind at once are one line of the log.
inline constexpr std::int64_t changes_told_max = 20;

struct operator_change {
    message_status from = message_status::pending;
    message_status to = message_status::pending;
    std::int64_t messages = 1; // of more than one nothing else is told
    std::int64_t id = 0;
    std::string account;
    std::string lane; // empty: the row is gone
};

} // namespace cannedd
