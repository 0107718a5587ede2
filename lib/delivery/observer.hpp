// What the delivery room tells whoever counts (metrics). Every call is cheap and must not throw.
#pragma once

#include "policy/facts.hpp"
#include "policy/outcome.hpp"
#include "time/instant.hpp"

#include <string>
#include <string_view>

namespace cannedd {

class delivery_observer {
public:
    virtual ~delivery_observer() = default;
    virtual void request_ended(const std::string& /*account*/, std::string_view /*operation*/,
                               const request_facts&, steady_duration /*took*/) {}
    virtual void attempt_ended(const std::string& /*account*/, outcome) {}
    // due_at of the row -> accepted.
    virtual void delivered(const std::string& /*account*/, milliseconds /*since_due*/) {}
    virtual void committed(steady_duration /*took*/, std::size_t /*changes*/) {}
};

} // namespace cannedd
