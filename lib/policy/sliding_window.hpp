// The hard cap that a bucket cannot give: at most `limit` requests reach the server in ANY span of 60 s.
// A request arrives some time between leaving and its answer. When the last request of some span leaves, each
// other one of the span is in flight or was answered less than 60 s ago; so those are what is counted.
// Answers are kept in slices of 10 ms, dated to the slice's end (later, so never too early): memory is
// bounded at any rate. Pure: time is an argument.
#pragma once

#include "time/instant.hpp"

#include <cstdint>
#include <deque>
#include <vector>

namespace cannedd {

// Answers (or requests given up) in one slice of steady time; `at` is the slice's end.
struct answer_slice {
    answer_slice(steady_time at_, int requests_) : at(at_), requests(requests_) {}
    steady_time at;
    int requests;
};

class sliding_window {
public:
    // A minute of the server's clock, which may run slower than ours by what NTP slews a clock at most, on
    // both sides.
    static constexpr steady_duration length = seconds(60) + milliseconds(60);
    using slice = std::chrono::duration<std::int64_t, std::centi>;

    explicit sliding_window(int limit) : limit_(limit) {}

    // The earliest moment at which one request may leave; max(): not before one in flight is answered.
    steady_time next(steady_time now) const;
    void take() { ++in_flight_; } // needs next(now) <= now
    void give_back();
    void answered(steady_time now);

    int in_flight() const { return in_flight_; }
    int answered_since(steady_time moment) const;
    void change(int limit) { limit_ = limit; }
    // The slices that still count at `now`, oldest first.
    std::vector<answer_slice> slices(steady_time now) const;
    // `requests` are over since `at`, which may be earlier than what is known already.
    void remember(steady_time at, int requests, steady_time now);

private:
    void forget(steady_time now);

    int limit_;
    int in_flight_ = 0;
    int answered_ = 0; // sum over slices_
    std::deque<answer_slice> slices_;
};

} // namespace cannedd
