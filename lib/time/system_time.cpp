#include "time/no_throw.hpp"
#include "time/time_source.hpp"

#include <boost/asio/steady_timer.hpp>

#include <ctime>
#include <fstream>

namespace cannedd {
namespace {

class timer_alarm final : public alarm {
public:
    explicit timer_alarm(const asio::any_io_executor& executor) : timer_(executor) {}

    void ring() override {
        rung_ = true;
        timer_.cancel();
    }

    asio::awaitable<bool> wait_until(steady_time deadline) override {
        if (!rung_) {
            timer_.expires_at(deadline);
            co_await timer_.async_wait(no_throw);
        }
        co_return std::exchange(rung_, false);
    }

private:
    asio::steady_timer timer_;
    bool rung_ = false;
};

class system_time final : public time_source {
public:
    explicit system_time(asio::any_io_executor executor) : executor_(std::move(executor)) {
        std::ifstream("/proc/sys/kernel/random/boot_id") >> boot_id_;
    }
    wall_time wall() const override { return machine_wall_time(); }
    steady_time steady() const override { return std::chrono::steady_clock::now(); }
    steady_time uptime() const override {
        timespec now{};
        clock_gettime(CLOCK_BOOTTIME, &now);
        return steady_time(seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
    }
    std::string boot_id() const override { return boot_id_; }
    std::unique_ptr<alarm> make_alarm() override { return std::make_unique<timer_alarm>(executor_); }

private:
    asio::any_io_executor executor_;
    std::string boot_id_;
};

} // namespace

wall_time machine_wall_time() {
    return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
}

std::unique_ptr<time_source> make_system_time(asio::any_io_executor executor) {
    return std::make_unique<system_time>(std::move(executor));
}

} // namespace cannedd
