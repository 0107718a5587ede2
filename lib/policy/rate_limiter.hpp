// When may the next request to an account's API leave? Pure: time is an argument.
// Two rules hold together, and the later moment counts:
//   bucket  refills at requests_per_minute / 60 s, holds `burst`; smooths what leaves.
//   cap     at most requests_per_minute requests reach the server in ANY sliding 60 s. A request arrives some
//   time between
//           leaving and its answer, so what counts is: requests in flight + answers seen in the last 60 s.
// A bucket alone would let burst + requests_per_minute arrive in some window (measured: 330 at a burst of 30
// and 300 a minute). Over both: what the server said (Retry-After, inin-ratelimit-*), see closed_loop.hpp.
// State survives a restart as rate_memory; time in which nobody can prove that the clock ran is not credited.
#pragma once

#include "policy/facts.hpp"
#include "policy/rate_settings.hpp"
#include "policy/sliding_window.hpp"
#include "time/instant.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace cannedd {

struct rate_memory {
    double balance = 0; // of the bucket at `saved_at`
    steady_time saved_at{};
    std::vector<answer_slice> slices; // of the last 60 s before saved_at
    server_window window;
    int unlogged = 0; // requests that may have left without being in slices, and may be on their way yet
};

class rate_limiter {
public:
    // What left before a crash may arrive as late as this after the restart: the kernel sends what a process
    // has written, and repeats what was lost twice in a row (RFC 6298: after 1 s, then 2 s).
    static constexpr seconds on_its_way_max{3};

    rate_limiter(const rate_settings& settings, steady_time now); // starts with a full bucket
    ~rate_limiter();
    rate_limiter(rate_limiter&&) noexcept;
    rate_limiter& operator=(rate_limiter&&) noexcept;

    // Earliest moment at which one more request may leave: `now` or earlier means at once.
    // steady_time::max(): not before a request in flight is answered.
    steady_time next(steady_time now) const;
    // The same for whoever has to wait: at a moment that accounts share, where that costs no token.
    steady_time next_turn(steady_time now) const;
    // One request leaves. Needs next(now) <= now.
    void take(steady_time now);
    // One request in flight is over.
    void answered(steady_time now);
    // A request that was taken did not leave after all: it is given back.
    void give_back(steady_time now);

    // What the server's headers told about everybody's use of the token; after answered() of the same
    // request, or (once, after restore()) what the file remembers of them.
    void observed(const rate_headers& seen, steady_time now);
    // 429: nothing leaves for retry_after (default where absent: 60 s, the window), then slowly up again.
    void throttled(std::optional<seconds> retry_after, steady_time now);
    // Until when the server has forbidden everything; nothing: it has not.
    std::optional<steady_time> blocked_until(steady_time now) const;
    void block_until(steady_time until); // restored from the file
    void unblock(steady_time now);       // a person ends the server's pause

    void change(const rate_settings& settings, steady_time now); // SIGHUP
    double balance(steady_time now) const;
    int in_flight() const;
    server_window window() const; // as far as it has been learned

    rate_memory save(steady_time now) const;
    // `elapsed`: how much steady time has provably passed since memory.saved_at (0: unknown).
    void restore(const rate_memory& memory, steady_duration elapsed, steady_time now);

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace cannedd
