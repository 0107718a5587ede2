// How much of an account's rate may go into looking again at conversations that wait for somebody: a quarter,
// so that a thousand that ring leave three quarters to those that can be served.
#pragma once

#include "policy/conversation_pace.hpp"
#include "policy/rate_limiter.hpp"

#include <algorithm>

namespace cannedd {

class look_share {
public:
    static constexpr int parts = 4;

    explicit look_share(const rate_settings& rate) : pace_(settings_of(rate)) {}
    steady_time next() const { return pace_.next(); } // the past means at once
    void take(steady_time now) { pace_.take(now); }

private:
    static pace_settings settings_of(const rate_settings& rate) {
        pace_settings part;
        part.messages_per_minute = std::max(1, rate.requests_per_minute / parts);
        part.burst = std::max(1, rate.burst / parts);
        return part;
    }
    conversation_pace pace_;
};

} // namespace cannedd
