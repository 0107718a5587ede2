// When an account that waits for its rate looks again: at one of the moments that all accounts share (timer
// coalescing). What a hundred accounts may send then has one commit for its marks and one for its results,
// not two each. Pure.
#pragma once

#include "policy/rate_settings.hpp"
#include "time/instant.hpp"

namespace cannedd {

constexpr milliseconds shared_turn_every{50};

// A full bucket loses what would grow meanwhile: such a rate waits for nobody.
inline bool shares_turns(const rate_settings& rate) {
    return rate.burst >= 2 && rate.requests_per_minute <= minutes(1) / shared_turn_every;
}

// The first shared moment that is not before `at`.
inline steady_time shared_turn(steady_time at) {
    if (at > steady_time::max() - shared_turn_every) return at;
    const auto past = at.time_since_epoch() % shared_turn_every;
    return past == past.zero() ? at : at + (shared_turn_every - past);
}

} // namespace cannedd
