#include "delivery/change_watch.hpp"

#include <algorithm>

namespace cannedd {
namespace {

// Measured: the commit is visible within 20 ms of the hint, most within 1 ms: each look that comes late is
// latency.
constexpr std::chrono::microseconds first_look{100};
constexpr milliseconds often_for{2}; // most commits are there by then
constexpr milliseconds look_every_max{2};
constexpr milliseconds look_for{20};
// Between looks that no hint asked for: while none has ever come they are all there is.
constexpr milliseconds tick_without_hints{250};
constexpr milliseconds tick_beside_hints{1000};

} // namespace

change_watch::change_watch(message_store& store, time_source& time, std::function<void()> on_commit)
    : store_(store)
    , time_(time)
    , on_commit_(std::move(on_commit))
    , hinted_(time.make_alarm())
    , pace_(time.make_alarm()) {}

bool change_watch::changed() {
    const auto version = store_.data_version();
    if (!version || *version == version_) return false;
    version_ = *version;
    return true;
}

asio::awaitable<void> change_watch::run() {
    while (!stopping_) {
        const auto tick = hints_come_ ? tick_beside_hints : tick_without_hints;
        const bool hinted = co_await hinted_->wait_until(time_.steady() + tick);
        hints_come_ = hints_come_ || hinted;
        if (stopping_) break;
        if (changed()) on_commit_();
        if (hinted) co_await look_closely();
    }
}

asio::awaitable<void> change_watch::look_closely() {
    const auto begun = time_.steady();
    const auto until = begun + look_for;
    steady_duration pause = first_look;
    while (!stopping_ && time_.steady() < until) {
        co_await pace_->wait_until(time_.steady() + pause);
        if (!stopping_ && changed()) on_commit_();
        if (time_.steady() - begun >= often_for)
            pause = std::min<steady_duration>(pause * 5 / 4, look_every_max);
    }
}

void change_watch::stop() {
    stopping_ = true;
    hinted_->ring();
    pace_->ring();
}

} // namespace cannedd
