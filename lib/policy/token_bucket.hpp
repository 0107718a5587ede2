// A bucket of requests: refills at `per_minute`, holds `burst`. What leaves in any span of time is at most
// burst + per_minute * span. Whole numbers only: a nanosecond brings `per_minute` units and a request costs
// as many units as a minute has nanoseconds, so nothing drifts, and next() is exact (folly's timeWhenBucket,
// not Envoy's 1/rate). Pure: time is an argument; a moment before the last one credits nothing.
#pragma once

#include "time/instant.hpp"

#include <cstdint>

namespace cannedd {

class token_bucket {
public:
    token_bucket(int per_minute, int burst, steady_time now); // full

    // The earliest moment at which one request may leave: `now` when that is at once.
    steady_time next(steady_time now) const;
    void take(steady_time now); // needs next(now) <= now
    void give_back(steady_time now);
    void spend(int requests, steady_time now); // as many of them as are there

    double balance(steady_time now) const;
    void set_balance(double requests, steady_time now); // clamped to 0..burst
    void change(int per_minute, int burst, steady_time now);

private:
    std::int64_t units_at(steady_time now) const;
    void settle(steady_time now);

    std::int64_t units_per_ns_;
    std::int64_t capacity_;
    std::int64_t units_;
    steady_time at_;
};

} // namespace cannedd
