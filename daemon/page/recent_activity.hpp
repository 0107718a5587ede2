// What happened lately, for the page: messages sent and their delay by minute of the last hour, requests of
// the last minute by account. In memory, of this run alone; all that delivery tells goes on to the next
// observer.
#pragma once

#include "delivery/observer.hpp"
#include "time/time_source.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace cannedd {

inline constexpr std::size_t minutes_kept = 60;

// Counts by logarithmic steps of a sixth: a percentile is off by 12 % at most.
class delay_histogram {
public:
    void add(milliseconds delay);
    void add(const delay_histogram& other);
    std::int64_t count() const { return count_; }
    milliseconds at_share(double share) const; // 0.5: half were no later. Needs count() > 0

private:
    static constexpr std::size_t steps = 6 * 28; // up to 2^28 ms: three days
    std::array<std::uint32_t, steps> counts_{};
    std::int64_t count_ = 0;
};

struct past_minute {
    std::int64_t sent = 0;
    milliseconds median{}; // due to accepted; of none: 0
    milliseconds late{};   // 19 of 20 were no later
};

class recent_activity final : public delivery_observer {
public:
    recent_activity(delivery_observer& next, const time_source& time);

    // --- delivery_observer
    void request_ended(const std::string& account, std::string_view operation, const request_facts& facts,
                       steady_duration took) override;
    void attempt_ended(const std::string& account, outcome what) override;
    void delivered(const std::string& account, milliseconds since_due) override;
    void ended(const std::string& account, row_end how, std::size_t rows) override;
    void token_requested(const std::string& account, const request_facts& facts) override;
    void committed(steady_duration took, std::size_t changes) override;

    // minutes_kept of them, the oldest first; the last one is not over yet.
    std::vector<past_minute> last_hour() const;
    past_minute whole_hour() const;
    std::int64_t sent_last_hour(const std::string& account) const;
    std::int64_t requests_last_minute(const std::string& account) const;
    steady_duration covers() const { return time_.steady() - since_; } // how long it has been watching

private:
    // Of one account, in slots that are reused: each knows whose minute or second it counts.
    struct slot {
        std::int64_t when = -1;
        std::int64_t count = 0;
    };
    struct account_counts {
        std::array<slot, minutes_kept> sent; // by minute
        std::array<slot, 60> requests;       // by second
    };
    struct minute_slot {
        std::int64_t when = -1;
        delay_histogram delays;
    };
    static void count_one(slot& into, std::int64_t when);
    std::int64_t this_minute() const;
    std::int64_t this_second() const;

    delivery_observer& next_;
    const time_source& time_;
    steady_time since_;
    std::array<minute_slot, minutes_kept> minutes_;
    std::map<std::string, account_counts> accounts_;
};

} // namespace cannedd
