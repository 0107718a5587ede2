#include "work_progress.hpp"

#include "log_output.hpp"
#include "progress_pace.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>

#include <unistd.h>

namespace cannedd {
namespace {

bool is_left(message_status status) {
    return status == message_status::pending || status == message_status::sending;
}

} // namespace

work_progress::work_progress(std::string doing, std::function<std::int64_t()> left, time_source& time,
                             logger& log)
    : doing_(std::move(doing))
    , left_(std::move(left))
    , time_(time)
    , log_(log)
    , wake_(time.make_alarm())
    , began_(time.steady())
    , on_terminal_(::isatty(STDERR_FILENO) == 1) {}

asio::awaitable<void> work_progress::run() {
    at_begin_ = left_();
    const auto pause = on_terminal_ ? between_terminal_lines : between_log_lines;
    while (!stopping_) {
        co_await wake_->wait_until(time_.steady() + pause);
        if (!stopping_) show(left_());
    }
    if (on_terminal_ && takes_more(STDERR_FILENO)) std::fputc('\n', stderr);
}

void work_progress::stop() {
    stopping_ = true;
    wake_->ring();
}

std::int64_t left_to_drain(engine& drains) {
    const auto counts = drains.store().counts();
    std::int64_t all = 0;
    if (counts)
        for (const auto& c : *counts)
            all += is_left(c.status) ? c.messages : 0;
    return all;
}

void work_progress::show(std::int64_t left) {
    at_begin_ = std::max(at_begin_, left); // producers may go on
    const auto done = at_begin_ - left;
    const auto took_s = std::chrono::duration<double>(time_.steady() - began_).count();
    const double per_minute = 60.0 * static_cast<double>(done) / std::max(took_s, 1.0);
    const auto left_s =
        per_minute > 0 ? static_cast<long>(60.0 * static_cast<double>(left) / per_minute) : -1;
    if (!on_terminal_) {
        std::vector<log_field> fields{
            {"done", done}, {"left", left}, {"per_minute", std::lround(per_minute)}};
        if (left_s >= 0) fields.emplace_back("left_s", left_s);
        log_.write_fields(log_level::notice, doing_, std::move(fields));
        return;
    }
    if (!takes_more(STDERR_FILENO)) return; // a terminal that was stopped stops no delivery
    const auto when = left_s < 0 ? std::string("no end in sight yet") : std::to_string(left_s) + " s left";
    std::fprintf(stderr, "\r%ld done, %ld left, %.0f a minute, %s   ", static_cast<long>(done),
                 static_cast<long>(left), per_minute, when.c_str());
}

} // namespace cannedd
