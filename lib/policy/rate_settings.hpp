// How fast an account may ask its API (rate_limiter.hpp). Plain values.
#pragma once

namespace cannedd {

struct rate_settings {
    int requests_per_minute = 300; // 1..100000
    int burst = 20;                // 1..requests_per_minute
    double reserve = 0.0;          // 0 <= reserve < 1, share of the server's budget left to others
    bool operator==(const rate_settings&) const = default;
};

} // namespace cannedd
