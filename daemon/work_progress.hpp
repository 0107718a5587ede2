// Shows how far --drain or --requeue-unproven is: on a terminal in one line that is written over, elsewhere a
// line of the log a minute.
#pragma once

#include "delivery/engine.hpp"
#include "log/logger.hpp"
#include "time/time_source.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace cannedd {

class work_progress {
public:
    // left: how many messages are yet to be done.
    work_progress(std::string doing, std::function<std::int64_t()> left, time_source& time, logger& log);

    asio::awaitable<void> run(); // until stop()
    void stop();

private:
    void show(std::int64_t left);

    std::string doing_;
    std::function<std::int64_t()> left_;
    time_source& time_;
    logger& log_;
    std::unique_ptr<alarm> wake_;
    steady_time began_;
    std::int64_t at_begin_ = 0;
    bool on_terminal_;
    bool stopping_ = false;
};

// Rows that are pending or being sent, by the counters.
std::int64_t left_to_drain(engine& drains);

} // namespace cannedd
