#include "service/notifier.hpp"

#include <systemd/sd-daemon.h>

#include <chrono>
#include <cstdlib>

namespace cannedd {

service_notifier::service_notifier(time_source& time) : time_(time), wake_(time.make_alarm()) {}

namespace {

// A line more would be an assignment more.
std::string one_line(std::string text) {
    for (auto& letter : text)
        if (static_cast<unsigned char>(letter) < 0x20) letter = ' ';
    return text;
}

} // namespace

bool service_notifier::is_heard() const {
    return std::getenv("NOTIFY_SOCKET") != nullptr;
}

void service_notifier::ready(const std::string& status) {
    sd_notify(0, ("READY=1\nSTATUS=" + one_line(status)).c_str());
}

void service_notifier::reloading() {
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(time_.steady().time_since_epoch());
    sd_notify(0, ("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now.count())).c_str());
}

void service_notifier::stopping() {
    sd_notify(0, "STOPPING=1\nSTATUS=draining: attempts in flight finish");
}
void service_notifier::status(const std::string& text) {
    sd_notify(0, ("STATUS=" + one_line(text)).c_str());
}

asio::awaitable<void> service_notifier::feed_watchdog() {
    std::uint64_t interval_us = 0;
    if (sd_watchdog_enabled(0, &interval_us) <= 0) co_return;
    const auto half = std::chrono::microseconds(interval_us / 2);
    while (!stopping_) {
        sd_notify(0, "WATCHDOG=1");
        co_await wake_->wait_until(time_.steady() + half);
    }
}

void service_notifier::stop() {
    stopping_ = true;
    wake_->ring();
}

} // namespace cannedd
