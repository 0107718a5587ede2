// After a 429: nothing leaves until the server's pause is over; then half of the former rate, which grows
// evenly back to all of it within two minutes at most. Several 429s of one pause count once; one that comes
// while the rate still grows halves it again, down to a sixteenth. Pure: time is an argument.
#pragma once

#include "time/instant.hpp"

#include <optional>

namespace cannedd {

class slow_start {
public:
    explicit slow_start(int per_minute) { change(per_minute); }

    steady_time next(steady_time now) const; // `now` when that is at once
    void take(steady_time now);
    void throttled(steady_time until, steady_time now);
    void restore(steady_time until); // a pause that a restart interrupted
    void unblock(steady_time now);   // a person ends the pause; the rate grows from here
    std::optional<steady_time> blocked_until(steady_time now) const;
    void change(int per_minute) { interval_ = steady_duration(minutes(1)) / per_minute; }

private:
    double share(steady_time now) const; // of the rate, 0 < share <= 1

    steady_duration interval_{};
    steady_time until_ = steady_time::min(); // the pause's end
    double first_share_ = 1;                 // there
    steady_time next_ = steady_time::min();
};

} // namespace cannedd
