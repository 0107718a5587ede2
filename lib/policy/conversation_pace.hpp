// Smooths what one conversation receives: `burst` messages at once, then one an interval. The generic cell
// rate algorithm (ITU-T I.371): one point in time per conversation is all its state. Pure.
#pragma once

#include "time/instant.hpp"

#include <algorithm>

namespace cannedd {

struct pace_settings {
    int messages_per_minute = 60; // >= 1
    int burst = 5;                // >= 1
    bool operator==(const pace_settings&) const = default;
};

class conversation_pace {
public:
    explicit conversation_pace(const pace_settings& settings)
        : interval_(std::chrono::duration_cast<steady_duration>(minutes(1)) / settings.messages_per_minute)
        , slack_(interval_ * (settings.burst - 1)) {}

    // The earliest moment for the next message; the past means at once.
    steady_time next() const { return next_full_ - slack_; }
    void take(steady_time now) { next_full_ = std::max(now, next_full_) + interval_; }
    // Nothing is left to remember: a new object would answer the same.
    bool idle(steady_time now) const { return next_full_ <= now; }

private:
    steady_duration interval_;
    steady_duration slack_;
    steady_time next_full_{}; // when the whole burst is there again
};

} // namespace cannedd
