// Who may send a request now. Every request to the API (look-ups, sends, reading back; not those for tokens)
// passes an account's gate before it leaves, and tells it what came back: rate, breaker and pause live behind
// it.
#pragma once

#include "policy/facts.hpp"
#include "time/instant.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string_view>

namespace cannedd {

namespace asio = boost::asio;

// The request may leave, or why it may not (the account is paused, the breaker is open, the daemon is
// draining, or this operation alone was told to wait: then it is asked for again later).
enum class admission : std::uint8_t { granted, paused, breaker_open, draining, throttled };

class request_gate {
public:
    virtual ~request_gate() = default;
    // Waits its turn, first come first served. `granted` must be followed by exactly one answered().
    virtual asio::awaitable<admission> admit(std::string_view operation) = 0;
    // The request that was admitted is over: replied, failed or given up.
    virtual void answered(std::string_view operation, const request_facts& facts, const rate_headers& seen,
                          steady_duration took) = 0;
    // A request for an access token is over: it draws from no rate, and is counted all the same.
    virtual void token_requested(const request_facts& /*facts*/) {}
    // The token service said to wait, and there is no token to go on with. May be told more than once.
    virtual void login_throttled(const request_facts& /*facts*/) {}
};

} // namespace cannedd
