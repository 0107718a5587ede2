// Spends what the server says is left of its budget (inin-ratelimit-*), which others that use the same token
// draw from too. Fixed window: what is left never falls below the share of the window that remains, but for a
// head start; so it lasts to the window's end for everybody, and at its end nothing is left over. Sliding
// window: anything that is left may go. Which of the two it is shows when a window turns: a fixed one starts
// again near nothing. The window's length is the longest `reset` seen. A header's count may or may not hold
// what is in flight: all of that is added to it. Headers that never came have no effect. Pure: time is an
// argument.
#pragma once

#include "policy/facts.hpp"
#include "time/instant.hpp"

namespace cannedd {

class closed_loop {
public:
    // reserve: 0 <= reserve < 1, share of the server's budget that is left to others. head_start: requests.
    closed_loop(double reserve, int head_start) : reserve_(reserve), head_start_(head_start) {}

    // The earliest moment at which one request may leave while so many are in flight; max(): when one of them
    // is over.
    steady_time next(int in_flight, steady_time now) const;
    // A request is over: the server may have counted it.
    void answered() { ++untold_; }
    // ... and this is what its answer told.
    void observed(const rate_headers& seen, steady_time now);
    void change(double reserve, int head_start);

private:
    struct window {
        steady_time end{};
        int count = 0;  // the server's, as last told
        int untold = 0; // ours that were over since and told nothing
    };
    window current(steady_time now) const; // a fixed one: after its end the next begins with nothing used
    steady_time next_in_fixed(int in_flight, steady_time now) const;
    steady_time next_in_sliding(int in_flight, steady_time now) const;
    int budget() const;
    void turn(int count, steady_time end);

    double reserve_;
    int head_start_;
    int allowed_ = 0; // 0: nothing is known
    steady_duration length_{};
    steady_time end_{};
    steady_time seen_at_{};
    int count_ = 0;
    int untold_ = 0;
    bool slides_ = false;
    bool rounds_down_ = false; // the server's `reset` is rounded down: it has said 0
};

} // namespace cannedd
