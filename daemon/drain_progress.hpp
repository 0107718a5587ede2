// Shows how far --drain is: on a terminal in one line that is written over, elsewhere a line of the log a
// minute.
#pragma once

#include "delivery/engine.hpp"
#include "log/logger.hpp"
#include "time/time_source.hpp"

#include <memory>

namespace cannedd {

class drain_progress {
public:
    drain_progress(engine& drains, time_source& time, logger& log);

    asio::awaitable<void> run(); // until stop()
    void stop();

private:
    std::int64_t left() const;
    void show(std::int64_t left);

    engine& engine_;
    time_source& time_;
    logger& log_;
    std::unique_ptr<alarm> wake_;
    steady_time began_;
    std::int64_t at_begin_ = 0;
    bool on_terminal_;
    bool stopping_ = false;
};

} // namespace cannedd
