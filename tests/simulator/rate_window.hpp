// How many requests of one OAuth client fit into a window, and the exact record of its arrivals that tests
// judge by.
#pragma once

#include "simulator/settings.hpp"

#include <cstdint>
#include <deque>
#include <vector>

namespace cannedd::sim {

class rate_window {
public:
    struct verdict {
        bool admitted = true;
        std::int64_t count = 0;     // used in this window, this request included
        milliseconds reset{};       // to the end of the window: of its oldest request
        milliseconds retry_after{}; // until a request fits again
    };
    verdict arrive(const rate_settings& set, steady_time now);
    // Somebody else uses the same client.
    void others(const rate_settings& set, std::int64_t requests, steady_time now);

    std::uint64_t arrivals() const { return arrived_.size(); }
    // The most arrivals (others' not counted) in any sliding window of that length.
    std::uint64_t max_in_any(milliseconds window) const;

private:
    void forget_old(const rate_settings& set, steady_time now);
    void let_others_in(const rate_settings& set, steady_time now);

    std::vector<steady_time> arrived_; // every request of the client under test, refused ones included
    std::deque<steady_time> used_;     // what counts against the limit
    steady_time others_next_{};
};

} // namespace cannedd::sim
