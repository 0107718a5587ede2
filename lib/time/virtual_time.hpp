// Time that stands still until it is told to go on: for tests and the simulation. No Asio timer is involved,
// so a crashed world's frames can be destroyed with the io_context while the source lives on.
#pragma once

#include "time/time_source.hpp"

#include <boost/asio/io_context.hpp>

#include <list>
#include <utility>

namespace cannedd {

class virtual_time final : public time_source {
public:
    // Starts at the given times; both grow together in advance(), only the wall steps in step_wall().
    explicit virtual_time(asio::io_context& context,
                          wall_time wall = wall_time(std::chrono::hours(24 * 20000)),
                          steady_time steady = steady_time(std::chrono::hours(1)));
    ~virtual_time() override;

    wall_time wall() const override { return std::exchange(wall_, wall_ + creep_); }
    steady_time steady() const override { return steady_; }
    steady_time uptime() const override { return steady_ + slept_; }
    std::string boot_id() const override { return boot_id_; }
    std::unique_ptr<alarm> make_alarm() override;

    // Runs what is ready; then, as long as somebody waits for a moment not after `end`, goes to the earliest
    // such moment and runs what that made ready. Ends at `end`, or when stop() says so.
    void run_until(steady_time end);
    void run_for(steady_duration duration) { run_until(steady_ + duration); }
    // The earliest moment that somebody waits for; max() when nobody does.
    steady_time next_event() const;
    // The operator or NTP sets the clock: wall time jumps, steady time does not.
    void step_wall(milliseconds by) { wall_ += by; }
    // As real clocks do: each look at the wall finds it so much later than the one before.
    void creep(milliseconds a_look) { creep_ = a_look; }
    // The machine is suspended and wakes up: steady time stood still, and no timer has noticed.
    void suspend(milliseconds by) {
        wall_ += by;
        slept_ += by;
    }
    // A crash: nobody who waits is woken any more; their coroutine frames are destroyed here, through the
    // context, while the objects that they refer to still live. To be called between two runs, when nothing
    // is ready.
    void forget_waiters();
    void reboot(std::string boot_id) { boot_id_ = std::move(boot_id); }

    struct waiter; // private to the .cpp
    struct wait_list;

private:
    void advance_to(steady_time moment);

    asio::io_context& context_;
    mutable wall_time wall_;
    milliseconds creep_{0};
    steady_time steady_;
    steady_duration slept_{};
    std::string boot_id_ = "virtual";
    std::shared_ptr<wait_list> waiting_;
};

} // namespace cannedd
