// When to try again: exponential backoff with full jitter. Pure: chance is an argument.
// Formula: delay = chance * min(max, base * 2^(tries - 1)), chance uniform in [0, 1)
// (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015: "Full Jitter").
#pragma once

#include "time/instant.hpp"

namespace cannedd {

struct backoff_settings {
    milliseconds base = std::chrono::seconds(1); // > 0
    milliseconds max = std::chrono::minutes(5);  // >= base
    bool operator==(const backoff_settings&) const = default;
};

// tries >= 1: how many have failed so far. 0 <= chance < 1. Never overflows; never less than 1 ms.
milliseconds backoff(const backoff_settings& settings, int tries, double chance);

} // namespace cannedd
