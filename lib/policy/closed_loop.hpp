// Spends what the server says is left of its budget (inin-ratelimit-*), which others that use the same token
// draw from too. Alone, our own limits do. Else, in a fixed window: what is left never falls below the share
// of the window that remains, but for a head start; so it lasts to the window's end for everybody, and there
// little is left over. In a sliding window: whatever is left may go. Which of the two it is shows when a
// window turns: a fixed one starts again near nothing, and only the answer to one request shows that it did.
// A header's count may or may not hold what is in flight: all of that is added to it. As many requests as
// others lately sent between two of our answers are left free for them; in a sliding window an eighth of what
// they have in it. Headers that never came have no effect. Pure.
#pragma once

#include "policy/facts.hpp"
#include "time/instant.hpp"

namespace cannedd {

struct loop_settings {
    double reserve = 0;            // 0 <= reserve < 1, share of the server's budget that is left to others
    int requests_per_minute = 300; // our own limits
    int burst = 20;
};

class closed_loop {
public:
    explicit closed_loop(const loop_settings& settings) : settings_(settings) {}

    // The earliest moment at which one request may leave while so many are in flight; max(): when one of them
    // is over.
    steady_time next(int in_flight, steady_time now) const;
    // One request leaves.
    void took(steady_time now) { asked_ = asked_ || now >= end_; }
    // A request is over: the server may have counted it.
    void answered() {
        ++untold_;
        ++ours_;
        asks_first_ = false;
        asked_ = false;
    }
    // ... and this is what its answer told. answered_lately: ours in the last window_length().
    void observed(const rate_headers& seen, int in_flight, int answered_lately, steady_time now);
    // The longest `reset` seen; a minute at least until a window has turned.
    steady_duration window_length() const;
    // After a restart nobody knows what is left: one request goes alone, its answer tells.
    void restarted(const server_window& before);
    server_window learned() const; // for the next restart
    void change(const loop_settings& settings) { settings_ = settings; }

private:
    steady_time next_in_fixed(int in_flight, steady_time now) const;
    steady_time next_in_sliding(int in_flight, steady_time now) const;
    int budget() const;
    int left_free() const;
    bool own_limits_do() const;
    void turn(int count, steady_time end, steady_time now);
    void learn(int count, int in_flight, steady_time now);

    loop_settings settings_;
    int allowed_ = 0; // 0: nothing is known
    steady_duration length_{};
    steady_time end_{};
    steady_time seen_at_{};
    int count_ = 0;     // the server's, as last told
    int untold_ = 0;    // ours that were over since and told nothing
    int ours_ = 0;      // that were over since the window turned
    double others_ = 0; // requests of others between two of our answers: the most of lately
    int strangers_ = 0; // requests of others that the server counted in its window
    bool alone_ = false;
    bool asks_first_ = false;
    bool asked_ = false; // one has left since the window's end and told nothing yet
    bool slides_ = false;
    bool turned_ = false;
    bool rounds_up_ = false; // `reset`: a window turned too early to have been rounded down
};

} // namespace cannedd
