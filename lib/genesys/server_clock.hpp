// What the API's clock shows: the Date of its last answer (RFC 9110, 6.6.1), carried on by uptime. That clock
// stamps the messages that are read back, so an attempt's begin is kept by it, and nothing that sets ours
// matters. Told at the least: Date cuts off the fraction of its second, the answer has been on its way, and a
// virtual machine that is paused counts nothing. The truth may be later by as much, never earlier.
#pragma once

#include "time/instant.hpp"

#include <optional>

namespace cannedd {

class server_clock {
public:
    // date: of an answer that came at this uptime.
    void told(wall_time date, steady_time received_uptime) {
        date_ = date;
        received_ = received_uptime;
    }
    // Nothing: no answer has told it yet.
    std::optional<wall_time> at(steady_time uptime) const {
        if (!date_) return std::nullopt;
        return *date_ + std::chrono::floor<milliseconds>(uptime - received_);
    }

private:
    std::optional<wall_time> date_;
    steady_time received_{};
};

} // namespace cannedd
