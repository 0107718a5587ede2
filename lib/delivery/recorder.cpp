#include "delivery/recorder.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace cannedd {
namespace {

constexpr int turns_max = 16; // of the loop, before a commit
constexpr int quiet_turns = 2;

// No longer after now than it was after the moment when it was said.
void bring_near(wall_time& later, wall_time said, wall_time now) {
    later = std::min(later, now + (later - said));
}

// What had to wait is dated when it is written. A mark's row may have expired meanwhile; and the clock may
// have been set back by hours since it was said when a row is due again, or until when a lane rests.
const std::vector<change>& dated(std::vector<change>& changes, wall_time now) {
    for (auto& what : changes) {
        if (auto* const told = std::get_if<verdict>(&what)) bring_near(told->due_at, told->now, now);
        if (auto* const resting = std::get_if<lane_rest>(&what))
            bring_near(resting->until, resting->now, now);
        if (auto* const marking = std::get_if<mark>(&what)) {
            if (marking->rests_until) bring_near(*marking->rests_until, marking->now, now);
            marking->now = now;
        }
    }
    return changes;
}

} // namespace

struct recorder::entry {
    explicit entry(std::unique_ptr<alarm> done_) : done(std::move(done_)) {}
    entry(change&& what_, std::unique_ptr<alarm> done_) : what(std::move(what_)), done(std::move(done_)) {}
    std::optional<change> what;
    std::unique_ptr<alarm> done;
    bool ended = false;
    bool applied = false;
};

recorder::recorder(message_store& store, store_health& health, time_source& time, delivery_observer& observer)
    : store_(store)
    , health_(health)
    , time_(time)
    , observer_(observer)
    , wake_(time.make_alarm())
    , ended_(time.make_alarm()) {}

recorder::~recorder() = default;

void recorder::enter(std::shared_ptr<entry> one) {
    waiting_.push_back(std::move(one));
    wake_->ring();
}

asio::awaitable<bool> recorder::end_of(std::shared_ptr<entry> one) {
    while (!one->ended)
        co_await one->done->wait_until(steady_time::max());
    co_return one->applied;
}

// No coroutine of its own: a change is heavy, and each would move it once more.
asio::awaitable<bool> recorder::commit(change&& what) {
    auto one = std::make_shared<entry>(std::move(what), time_.make_alarm());
    enter(one);
    return end_of(std::move(one));
}

asio::awaitable<void> recorder::flush() {
    auto one = std::make_shared<entry>(time_.make_alarm());
    enter(one);
    co_await end_of(std::move(one));
}

asio::awaitable<bool> recorder::close(steady_time deadline) {
    stopping_ = true;
    enter(std::make_shared<entry>(service_stop{.now = time_.wall()}, time_.make_alarm()));
    while (!has_ended_) {
        const bool rung = co_await ended_->wait_until(deadline);
        if (!rung) break;
    }
    co_return has_ended_&& waiting_.empty() && !health_.given_up();
}

asio::awaitable<void> recorder::run() {
    while (!health_.given_up()) {
        if (waiting_.empty()) {
            if (stopping_) break;
            co_await wake_->wait_until(steady_time::max());
        }
        co_await gather();
        const auto entries = std::exchange(waiting_, {});
        if (!entries.empty()) co_await write(entries);
    }
    has_ended_ = true;
    ended_->ring();
}

asio::awaitable<void> recorder::gather() {
    const auto began = time_.steady();
    co_await gather_what_is_ready();
    while (!stopping_) {
        const auto until = began + gathering_.patience(expected_);
        if (until <= time_.steady()) break;
        co_await wake_->wait_until(until);
        co_await gather_what_is_ready();
    }
}

// As long as the loop's turns bring more, and no longer: an idle turn takes microseconds, a commit a sync.
asio::awaitable<void> recorder::gather_what_is_ready() {
    const auto executor = co_await asio::this_coro::executor;
    int quiet = 0;
    for (int turn = 0; turn < turns_max && quiet < quiet_turns; ++turn) {
        const auto before = waiting_.size();
        co_await asio::post(executor, asio::use_awaitable);
        quiet = waiting_.size() == before ? quiet + 1 : 0;
    }
}

std::vector<change> recorder::collect(const batch& entries) {
    std::vector<change> changes;
    changes.reserve(entries.size() + riders_.size());
    for (const auto& e : entries)
        if (e->what) changes.push_back(std::move(*e->what));
    aboard_.clear();
    for (auto* rider : riders_) {
        auto memory = rider->on_board();
        if (!memory) continue;
        changes.emplace_back(std::move(*memory));
        aboard_.push_back(rider);
    }
    return changes;
}

store_result<std::vector<bool>> recorder::try_once(const std::vector<change>& changes) {
    // A commit into a file that is no longer at its path would succeed and be lost.
    if (const auto checked = store_.check_file(); !checked) return checked.error();
    return store_.apply(changes);
}

asio::awaitable<void> recorder::write(const batch& entries) {
    auto changes = collect(entries);
    const auto began = time_.steady();
    auto written = try_once(dated(changes, time_.wall())); // it may have waited for the batch before
    while (!written) {
        health_.failed(written.error());
        if (health_.given_up()) co_return;
        co_await time_.sleep_until(time_.steady() + health_.pause_before_retry());
        written = try_once(dated(changes, time_.wall()));
    }
    health_.worked();
    gathering_.took(time_.steady() - began);
    observer_.committed(time_.steady() - began, changes.size());
    for (auto* rider : aboard_)
        rider->landed();
    std::size_t at = 0;
    for (const auto& e : entries) {
        e->applied = e->what ? (*written)[at++] : true;
        e->ended = true;
        e->done->ring();
    }
    if (on_commit_) on_commit_(); // after those who wait: what they hold is free for whoever comes next
}

} // namespace cannedd
