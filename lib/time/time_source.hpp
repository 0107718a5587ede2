// Where time comes from. Nobody else in the project asks a clock or starts a timer, so a test that hands in
// the virtual source owns every moment of a run.
// An alarm is a wake-up that is not lost: rung while nobody waits, it ends the next wait at once (an Asio
// timer's cancel() would be forgotten). It has one waiter at a time.
#pragma once

#include "time/instant.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace cannedd {

namespace asio = boost::asio;

class alarm {
public:
    virtual ~alarm() = default;
    virtual void ring() = 0;
    // Until it is rung (true) or the deadline has come (false). steady_time::max() waits without one.
    virtual asio::awaitable<bool> wait_until(steady_time deadline) = 0;
};

class time_source {
public:
    virtual ~time_source() = default;
    virtual wall_time wall() const = 0;
    virtual steady_time steady() const = 0;
    // Steady time that also went on while the machine slept (CLOCK_BOOTTIME): to carry another's clock on.
    virtual steady_time uptime() const = 0;
    // Names the boot of the machine: steady times of one boot can be compared, others cannot.
    virtual std::string boot_id() const = 0;
    virtual std::unique_ptr<alarm> make_alarm() = 0;

    asio::awaitable<void> sleep_until(steady_time deadline) {
        const auto clock = make_alarm();
        co_await clock->wait_until(deadline);
    }
};

// The machine's wall clock, for who comes before any time_source: a line of the log.
wall_time machine_wall_time();

// The machine's clocks; timers run on the executor.
std::unique_ptr<time_source> make_system_time(asio::any_io_executor executor);

} // namespace cannedd
