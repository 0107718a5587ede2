#include "policy/rate_limiter.hpp"

#include "policy/closed_loop.hpp"
#include "policy/shared_turn.hpp"
#include "policy/slow_start.hpp"
#include "policy/token_bucket.hpp"

#include <algorithm>

namespace cannedd {
namespace {

constexpr seconds pause_min{1};     // Retry-After: 0 would come back at once
constexpr seconds pause_max{86400}; // no API means more than a day
constexpr seconds pause_default{60};

loop_settings loop_settings_of(const rate_settings& settings) {
    loop_settings loop;
    loop.reserve = settings.reserve;
    loop.requests_per_minute = settings.requests_per_minute;
    loop.burst = settings.burst;
    return loop;
}

} // namespace

struct rate_limiter::state {
    state(const rate_settings& settings, steady_time now)
        : bucket(settings.requests_per_minute, settings.burst, now)
        , window(settings.requests_per_minute)
        , loop(loop_settings_of(settings))
        , start(settings.requests_per_minute)
        , shares(shares_turns(settings)) {}

    token_bucket bucket;
    sliding_window window;
    closed_loop loop;
    slow_start start;
    bool shares;
};

rate_limiter::rate_limiter(const rate_settings& settings, steady_time now)
    : state_(std::make_unique<state>(settings, now)) {}
rate_limiter::~rate_limiter() = default;
rate_limiter::rate_limiter(rate_limiter&&) noexcept = default;
rate_limiter& rate_limiter::operator=(rate_limiter&&) noexcept = default;

steady_time rate_limiter::next(steady_time now) const {
    const auto& [bucket, window, loop, start, shares] = *state_;
    return std::max(
        {bucket.next(now), window.next(now), loop.next(window.in_flight(), now), start.next(now)});
}

steady_time rate_limiter::next_turn(steady_time now) const {
    const auto at = next(now);
    return state_->shares && at > now ? shared_turn(at) : at;
}

void rate_limiter::take(steady_time now) {
    state_->bucket.take(now);
    state_->window.take();
    state_->start.take(now);
    state_->loop.took(now);
}

void rate_limiter::answered(steady_time now) {
    state_->window.answered(now);
    state_->loop.answered();
}

void rate_limiter::give_back(steady_time now) {
    state_->bucket.give_back(now);
    state_->window.give_back();
}

void rate_limiter::observed(const rate_headers& seen, steady_time now) {
    auto& [bucket, window, loop, start, shares] = *state_;
    loop.observed(seen, window.in_flight(), window.answered_since(now - loop.window_length()), now);
}

void rate_limiter::throttled(std::optional<seconds> retry_after, steady_time now) {
    state_->start.throttled(now + std::clamp(retry_after.value_or(pause_default), pause_min, pause_max), now);
}

void rate_limiter::block_until(steady_time until) {
    state_->start.restore(until);
}

void rate_limiter::unblock(steady_time now) {
    state_->start.unblock(now);
}

std::optional<steady_time> rate_limiter::blocked_until(steady_time now) const {
    return state_->start.blocked_until(now);
}

void rate_limiter::change(const rate_settings& settings, steady_time now) {
    state_->bucket.change(settings.requests_per_minute, settings.burst, now);
    state_->window.change(settings.requests_per_minute);
    state_->loop.change(loop_settings_of(settings));
    state_->start.change(settings.requests_per_minute);
    state_->shares = shares_turns(settings);
}

double rate_limiter::balance(steady_time now) const {
    return state_->bucket.balance(now);
}
int rate_limiter::in_flight() const {
    return state_->window.in_flight();
}

server_window rate_limiter::window() const {
    return state_->loop.learned();
}

rate_memory rate_limiter::save(steady_time now) const {
    rate_memory memory;
    memory.balance = balance(now);
    memory.saved_at = now;
    memory.slices = state_->window.slices(now);
    memory.unlogged = in_flight();
    memory.window = window();
    return memory;
}

void rate_limiter::restore(const rate_memory& memory, steady_duration elapsed, steady_time now) {
    auto& [bucket, window, loop, start, shares] = *state_;
    // As if the bucket had been left alone and then paid for everything that may have left: never more than
    // is there.
    bucket.set_balance(memory.balance, now - elapsed);
    bucket.spend(memory.unlogged, now);
    for (const auto& part : memory.slices)
        window.remember(now - elapsed - (memory.saved_at - part.at), part.requests, now);
    window.remember(now + on_its_way_max, memory.unlogged, now);
    loop.restarted(memory.window);
}

} // namespace cannedd
