#include "delivery/change_watch.hpp"

#include <algorithm>
#include <utility>

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
    auto begun = time_.steady();
    steady_duration pause = somebody_writes() ? first_look : look_every_max;
    while (!stopping_ && time_.steady() < begun + look_for) {
        co_await pace_->wait_until(time_.steady() + pause);
        if (stopping_) break;
        const bool is_there = changed();
        if (is_there) on_commit_();
        if (somebody_writes()) {
            begun = time_.steady();
            pause = first_look;
        } else if (is_there) {
            pause = look_every_max;
        } else if (time_.steady() - begun >= often_for) {
            pause = std::min<steady_duration>(pause * 5 / 4, look_every_max);
        }
    }
}

void change_watch::hint() {
    is_news_ = true;
    hinted_->ring();
    pace_->ring();
}

void change_watch::committed() {
    own_bytes_ = store_.wal_bytes();
}

// A store without a log tells nothing: then everybody may.
bool change_watch::somebody_writes() {
    if (!std::exchange(is_news_, false)) return false;
    const auto bytes = store_.wal_bytes();
    return bytes == 0 || bytes != own_bytes_;
}

void change_watch::stop() {
    stopping_ = true;
    hinted_->ring();
    pace_->ring();
}

} // namespace cannedd
