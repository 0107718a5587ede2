// What the file remembers of an account's gate: given with each commit, taken up at a start.
#include "delivery/account_gate.hpp"
#include "policy/rate_saving.hpp"

#include <algorithm>

namespace cannedd {
namespace {

// Across a reboot nobody can prove how long it was: nothing is credited.
struct time_since_saved {
    bool same_boot = false;
    steady_duration elapsed{};
    wall_time now{};

    // Within one boot a clock that is set changes nothing. Across a reboot "until" may be hours away by it,
    // but nothing lasts longer than it had to when it was saved.
    milliseconds left(const std::optional<wall_time>& until, const account_memory& memory) const {
        if (!until || !memory.saved_at) return milliseconds(0);
        const auto when_saved = std::max(*until - *memory.saved_at, milliseconds(0));
        if (same_boot)
            return std::max(when_saved - std::chrono::floor<milliseconds>(elapsed), milliseconds(0));
        return std::clamp(*until - now, milliseconds(0), when_saved);
    }
};

rate_memory rate_of(const account_memory& memory) {
    rate_memory rate;
    rate.balance = memory.balance;
    rate.saved_at = steady_time(milliseconds(memory.saved_at_ms));
    rate.unlogged = memory.lease;
    rate.window.length = milliseconds(std::clamp<std::int64_t>(memory.window_ms.value_or(0), 0, 3'600'000));
    rate.window.slides = memory.window_slides;
    for (const auto& part : memory.slices)
        rate.slices.emplace_back(steady_time(milliseconds(part.at_ms)), part.requests);
    return rate;
}

} // namespace

std::optional<account_memory> account_gate::on_board() {
    if (!dirty_) return std::nullopt;
    const auto now = time_.steady();
    const milliseconds since_saved(to_ms(now) - saved_at_ms_);
    if (!urgent_ && !is_rate_worth_saving(granted_ - granted_when_saved_, lease_, since_saved))
        return std::nullopt;
    dirty_ = false;
    urgent_ = false;
    granted_aboard_ = granted_;
    aboard_at_ms_ = to_ms(now);
    pause_reason_aboard_ = pause_reason_;
    account_memory memory;
    memory.account = account_;
    memory.boot_id = time_.boot_id();
    memory.saved_at_ms = aboard_at_ms_;
    memory.saved_at = time_.wall();
    memory.balance = limiter_.balance(now);
    memory.lease = limiter_.in_flight() + (draining_ ? 0 : lease_);
    for (auto at = answers_.lower_bound(saved_at_ms_); at != answers_.end(); ++at) {
        request_slice part;
        part.at_ms = at->first;
        part.requests = at->second;
        memory.slices.push_back(part);
    }
    if (const auto until = limiter_.blocked_until(now))
        memory.blocked_until = time_.wall() + std::chrono::ceil<milliseconds>(*until - now);
    auto look_ups = look_ups_throttled_until_;
    for (const auto& [operation, until] : throttled_until_)
        look_ups = std::max(look_ups, until);
    if (look_ups > now)
        memory.look_ups_blocked_until = time_.wall() + std::chrono::ceil<milliseconds>(look_ups - now);
    breaker_aboard_ = breaker_.state(now);
    failures_aboard_ = breaker_.consecutive_failures();
    memory.breaker = name_of(breaker_aboard_);
    memory.breaker_failures = failures_aboard_;
    memory.breaker_cool_off_ms = breaker_.cool_off().count();
    if (breaker_.state(now) != breaker_state::closed)
        memory.breaker_until =
            time_.wall() + std::chrono::ceil<milliseconds>(breaker_.opens_again_at() - now);
    memory.requests_allowed = seen_.allowed;
    memory.requests_used = seen_.count;
    if (window_resets_at_)
        memory.window_resets_at = time_.wall() + std::chrono::floor<milliseconds>(*window_resets_at_ - now);
    window_aboard_ = limiter_.window();
    const auto& window = window_aboard_;
    if (window.length > milliseconds(0)) memory.window_ms = window.length.count();
    memory.window_slides = window.slides;
    memory.pause_reason = pause_reason_;
    return memory;
}

void account_gate::landed() {
    granted_when_saved_ = granted_aboard_;
    saved_at_ms_ = aboard_at_ms_;
    if (pause_reason_ == pause_reason_aboard_) pause_reason_.reset();
}

void account_gate::restore(const account_row& row) {
    const auto now = time_.steady();
    const auto& memory = row.memory;
    paused_ = row.paused;
    if (memory.boot_id.empty()) return; // never saved
    const auto rate = rate_of(memory);
    time_since_saved since;
    since.same_boot = memory.boot_id == time_.boot_id() && rate.saved_at <= now;
    if (since.same_boot) since.elapsed = now - rate.saved_at;
    since.now = time_.wall();
    limiter_.restore(rate, since.elapsed, now);
    for (const auto& part : memory.slices) {
        const auto age_ms = memory.saved_at_ms - part.at_ms;
        answers_[since.same_boot ? part.at_ms : slice_end(now - milliseconds(age_ms))] += part.requests;
    }
    if (memory.lease > 0) answers_[slice_end(now + rate_limiter::on_its_way_max)] += memory.lease;
    if (const auto block = since.left(memory.blocked_until, memory); block > milliseconds(0))
        limiter_.block_until(now + block);
    if (const auto wait = since.left(memory.look_ups_blocked_until, memory); wait > milliseconds(0))
        look_ups_throttled_until_ = now + wait;
    if (memory.breaker != "closed") {
        const milliseconds cool_off(memory.breaker_cool_off_ms);
        breaker_.restore(breaker_state::open, memory.breaker_failures, cool_off,
                         now + std::min(since.left(memory.breaker_until, memory), cool_off));
    }
    restore_window(memory, since.left(memory.window_resets_at, memory), now);
}

// Everybody's use, as last told: no burst into a window that is nearly spent.
void account_gate::restore_window(const account_memory& memory, milliseconds left, steady_time now) {
    if (!memory.requests_allowed || left <= milliseconds(0)) return;
    seen_.allowed = memory.requests_allowed;
    seen_.count = memory.requests_used;
    seen_.reset = std::chrono::ceil<seconds>(left);
    window_resets_at_ = now + left;
    limiter_.observed(seen_, now);
}

} // namespace cannedd
