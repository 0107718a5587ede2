// What the delivery room tells whoever counts (metrics). Every call is cheap and must not throw.
#pragma once

#include "policy/facts.hpp"
#include "policy/outcome.hpp"
#include "time/instant.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cannedd {

// How rows end, as they are counted. What was verified, and what was accepted and not delivered, was sent as
// well.
enum class row_end : std::uint8_t { sent, verified, undelivered, failed, expired, unconfirmed };

class delivery_observer {
public:
    virtual ~delivery_observer() = default;
    virtual void request_ended(const std::string& /*account*/, std::string_view /*operation*/,
                               const request_facts&, steady_duration /*took*/) {}
    virtual void attempt_ended(const std::string& /*account*/, outcome) {}
    // due_at of the row -> accepted.
    virtual void delivered(const std::string& /*account*/, milliseconds /*since_due*/) {}
    virtual void ended(const std::string& /*account*/, row_end, std::size_t /*rows*/) {}
    virtual void token_requested(const std::string& /*account*/, const request_facts&) {}
    virtual void committed(steady_duration /*took*/, std::size_t /*changes*/) {}
};

} // namespace cannedd
