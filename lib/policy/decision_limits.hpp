// How often and how soon a message is tried again, and what becomes of one in doubt (disposition.hpp). Plain
// values.
#pragma once

#include "policy/retry_policy.hpp"

#include <cstdint>

namespace cannedd {

// A message that may have been delivered: read the conversation back; leave it to a person; send it again.
enum class doubt_policy : std::uint8_t { verify, hold, resend };

struct decision_limits {
    int attempts_max = 8; // 1..100
    backoff_settings backoff;
    doubt_policy doubt = doubt_policy::verify;
    bool operator==(const decision_limits&) const = default;
};

} // namespace cannedd
