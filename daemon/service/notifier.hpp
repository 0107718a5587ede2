// What systemd is told (sd_notify(3)): ready, reloading, stopping, a status line, and that the loop is alive
// (watchdog). Without systemd every call does nothing.
#pragma once

#include "time/time_source.hpp"

#include <memory>
#include <string>

namespace cannedd {

class service_notifier {
public:
    explicit service_notifier(time_source& time);

    bool is_heard() const;
    void ready(const std::string& status);
    void reloading();
    void stopping();
    void status(const std::string& text);
    // Feeds the watchdog at half its interval until stop(); ends at once when none is set.
    asio::awaitable<void> feed_watchdog();
    void stop();

private:
    time_source& time_;
    std::unique_ptr<alarm> wake_;
    bool stopping_ = false;
};

} // namespace cannedd
