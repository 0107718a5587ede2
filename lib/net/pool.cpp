#include "net/pool.hpp"

#include "net/spawn.hpp"

#include <algorithm>

namespace cannedd {
namespace {

asio::awaitable<void> part(std::unique_ptr<connection> line) {
    co_await line->goodbye();
}

} // namespace

struct connection_pool::waiter {
    explicit waiter(std::unique_ptr<alarm> clock_) : clock(std::move(clock_)) {}
    std::unique_ptr<alarm> clock;
    bool has_place = false;
};

connection_pool::connection_pool(asio::any_io_executor executor, time_source& time,
                                 std::size_t connections_max)
    : executor_(std::move(executor))
    , time_(time)
    , places_free_(connections_max)
    , sweep_clock_(time.make_alarm()) {}

asio::awaitable<std::optional<connection_pool::lease>> connection_pool::take(steady_time deadline) {
    const auto self = shared_from_this();
    std::optional<lease> taken;
    bool has_place = false;
    if (places_free_ > 0) {
        --places_free_;
        has_place = true;
    } else {
        const auto me = std::make_shared<waiter>(time_.make_alarm());
        waiting_.push_back(me);
        co_await me->clock->wait_until(deadline);
        std::erase(waiting_, me);
        has_place = me->has_place;
    }
    if (has_place) taken.emplace(self, latest_idle());
    co_return taken;
}

// The place goes straight to the one who has waited longest, so nobody can slip in between.
void connection_pool::give_place_back() {
    if (waiting_.empty()) {
        ++places_free_;
        return;
    }
    const auto next = waiting_.front();
    waiting_.pop_front();
    next->has_place = true;
    next->clock->ring();
}

void connection_pool::keep(std::unique_ptr<connection> line, steady_duration idle) {
    line->expires_never();
    if (closed_) {
        dismiss(std::move(line));
        return;
    }
    const auto until = time_.steady() + idle;
    idle_.emplace_back(std::move(line), until);
    if (!sweeping_) {
        sweeping_ = true;
        spawn(executor_, sweep(shared_from_this()));
    } else if (until < next_sweep_) {
        sweep_clock_->ring();
    }
}

std::unique_ptr<connection> connection_pool::latest_idle() {
    while (!idle_.empty()) {
        auto latest = std::move(idle_.back());
        idle_.pop_back();
        if (latest.until > time_.steady() && latest.line->quiet()) return std::move(latest.line);
    }
    return nullptr;
}

void connection_pool::dismiss(std::unique_ptr<connection> line) {
    spawn(executor_, part(std::move(line)));
}

// Runs only as long as there are idle connections, so that a loop without work ends.
asio::awaitable<void> connection_pool::sweep(std::shared_ptr<connection_pool> self) {
    while (!self->idle_.empty()) {
        self->next_sweep_ = self->dismiss_stale();
        if (!self->idle_.empty()) co_await self->sweep_clock_->wait_until(self->next_sweep_);
    }
    self->sweeping_ = false;
}

// When the next one will have idled for its time.
steady_time connection_pool::dismiss_stale() {
    const auto now = time_.steady();
    auto earliest = steady_time::max();
    std::vector<idle_connection> fresh;
    for (auto& idle : idle_) {
        if (idle.until <= now) {
            dismiss(std::move(idle.line));
            continue;
        }
        earliest = std::min(earliest, idle.until);
        fresh.push_back(std::move(idle));
    }
    idle_ = std::move(fresh);
    return earliest;
}

void connection_pool::close() {
    if (closed_) return;
    closed_ = true;
    for (auto& idle : idle_)
        dismiss(std::move(idle.line));
    idle_.clear();
    sweep_clock_->ring();
}

} // namespace cannedd
