#include "delivery/account_gate.hpp"

#include "policy/outcome.hpp"

#include <algorithm>

namespace cannedd {
namespace {

constexpr milliseconds slice{100};
constexpr std::int64_t remembered_ms = 61'000;

// A crash costs at most this many requests of one minute's budget.
int lease_for(const rate_settings& rate) {
    return std::clamp(rate.requests_per_minute / 20, 1, 16);
}

std::int64_t to_ms(steady_time t) {
    return std::chrono::floor<milliseconds>(t.time_since_epoch()).count();
}

std::int64_t slice_end(steady_time t) {
    return (to_ms(t) / slice.count() + 1) * slice.count(); // later than the answer: never counted too early
}

} // namespace

struct account_gate::waiter {
    explicit waiter(account_gate& gate_) : gate(gate_), turn(gate_.time_.make_alarm()) {
        gate.queue_.push_back(this);
    }
    ~waiter() {
        std::erase(gate.queue_, this);
        gate.wake_first();
        if (gate.queue_.empty() && gate.notify_) gate.notify_();
    }
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;
    account_gate& gate;
    std::unique_ptr<alarm> turn;
};

account_gate::account_gate(std::string account, const rate_settings& rate, const breaker_settings& breaker,
                           recorder& recorder, time_source& time, logger& log, delivery_observer& observer)
    : account_(std::move(account))
    , lease_(lease_for(rate))
    , recorder_(recorder)
    , time_(time)
    , log_(log)
    , observer_(observer)
    , limiter_(rate, time.steady())
    , breaker_(breaker) {
    granted_when_saved_ = -lease_; // nothing leaves before the first save
}

std::optional<admission> account_gate::refusal(steady_time now) const {
    if (draining_) return admission::draining;
    if (paused_) return admission::paused;
    if (!breaker_.admits(now)) return admission::breaker_open;
    return std::nullopt;
}

asio::awaitable<admission> account_gate::admit(std::string_view /*operation*/) {
    waiter mine(*this);
    while (true) {
        const auto now = time_.steady();
        if (const auto refused = refusal(now)) co_return *refused;
        auto again = steady_time::max();
        if (queue_.front() == &mine) {
            if (lease_spent()) {
                dirty_ = true;
                co_await recorder_.flush();
                continue;
            }
            again = limiter_.next(now);
            if (again <= now) {
                grant(now);
                co_return admission::granted;
            }
        }
        co_await mine.turn->wait_until(again);
    }
}

void account_gate::grant(steady_time now) {
    limiter_.take(now);
    breaker_.admitted(now);
    ++granted_;
    dirty_ = true;
}

void account_gate::give_back() {
    const auto now = time_.steady();
    limiter_.give_back(now);
    breaker_.abandoned(now);
    changed();
}

void account_gate::answered(std::string_view operation, const request_facts& facts, const rate_headers& seen,
                            steady_duration took) {
    const auto now = time_.steady();
    limiter_.answered(now);
    ++answers_[slice_end(now)];
    answers_.erase(answers_.begin(), answers_.lower_bound(to_ms(now) - remembered_ms));
    limiter_.observed(seen, now);
    if (seen.allowed || seen.count) {
        seen_ = seen;
        if (seen.reset) window_resets_at_ = now + *seen.reset;
    }
    judge(facts, now - took, now);
    observer_.request_ended(account_, operation, facts, took);
    changed();
}

void account_gate::judge(const request_facts& facts, steady_time began, steady_time now) {
    if (facts.http_status == 429) {
        limiter_.throttled(facts.retry_after, now);
        breaker_.abandoned(began);
        log_.warning("the API said to slow down; nothing leaves until it may again, no attempt is counted",
                     {{"account", account_},
                      {"retry_after_s", facts.retry_after ? facts.retry_after->count() : -1},
                      {"correlation_id", facts.correlation_id}});
        return;
    }
    if (is_outage(facts))
        breaker_.failed(began, now);
    else
        breaker_.succeeded();
    const auto state = breaker_.state(now);
    if (state == breaker_state::open && reported_ != breaker_state::open)
        log_.error("the API or the network is down: the breaker is open, messages wait and lose no attempt",
                   {{"account", account_},
                    {"failures", breaker_.consecutive_failures()},
                    {"error", name_of(error_of(facts))},
                    {"detail", facts.detail}});
    if (state == breaker_state::closed && reported_ != breaker_state::closed)
        log_.notice("the API answers again: the breaker is closed", {{"account", account_}});
    reported_ = state;
}

void account_gate::wake_first() {
    if (!queue_.empty()) queue_.front()->turn->ring();
}

void account_gate::changed() {
    dirty_ = true;
    if (refusal(time_.steady())) {
        for (auto* w : queue_)
            w->turn->ring();
    } else {
        wake_first();
    }
    if (notify_) notify_();
}

bool account_gate::open(steady_time now) const {
    return queue_.empty() && !refusal(now) && limiter_.next(now) <= now;
}

steady_time account_gate::opens(steady_time now) const {
    if (draining_ || paused_) return steady_time::max();
    if (breaker_.state(now) == breaker_state::open) return breaker_.opens_again_at();
    if (refusal(now) || !queue_.empty()) return steady_time::max();
    return limiter_.next(now);
}

std::size_t account_gate::room(steady_time now) const {
    return static_cast<std::size_t>(std::max(1.0, limiter_.balance(now)));
}

std::optional<account_memory> account_gate::on_board() {
    if (!dirty_) return std::nullopt;
    dirty_ = false;
    const auto now = time_.steady();
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
    memory.breaker = name_of(breaker_.state(now));
    memory.breaker_failures = breaker_.consecutive_failures();
    memory.breaker_cool_off_ms = breaker_.cool_off().count();
    if (breaker_.state(now) != breaker_state::closed)
        memory.breaker_until =
            time_.wall() + std::chrono::ceil<milliseconds>(breaker_.opens_again_at() - now);
    memory.requests_allowed = seen_.allowed;
    memory.requests_used = seen_.count;
    if (window_resets_at_)
        memory.window_resets_at = time_.wall() + std::chrono::floor<milliseconds>(*window_resets_at_ - now);
    const auto window = limiter_.window();
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
    rate_memory rate;
    rate.balance = memory.balance;
    rate.saved_at = steady_time(milliseconds(memory.saved_at_ms));
    rate.unlogged = memory.lease;
    rate.window.length = milliseconds(std::clamp<std::int64_t>(memory.window_ms.value_or(0), 0, 3'600'000));
    rate.window.slides = memory.window_slides;
    for (const auto& part : memory.slices)
        rate.slices.emplace_back(steady_time(milliseconds(part.at_ms)), part.requests);
    // Across a reboot nobody can prove how long it was: nothing is credited.
    const bool same_boot = memory.boot_id == time_.boot_id() && rate.saved_at <= now;
    const auto elapsed = same_boot ? now - rate.saved_at : steady_duration::zero();
    limiter_.restore(rate, elapsed, now);
    for (const auto& part : memory.slices) {
        const auto age_ms = memory.saved_at_ms - part.at_ms;
        answers_[same_boot ? part.at_ms : slice_end(now - milliseconds(age_ms))] += part.requests;
    }
    // Within one boot a clock that is set changes nothing. Across a reboot "until" may be hours away by it,
    // but nothing lasts longer than it had to when it was saved.
    const auto remaining = [&](const std::optional<wall_time>& until) {
        if (!until || !memory.saved_at) return milliseconds(0);
        const auto when_saved = std::max(*until - *memory.saved_at, milliseconds(0));
        if (same_boot)
            return std::max(when_saved - std::chrono::floor<milliseconds>(elapsed), milliseconds(0));
        return std::clamp(*until - time_.wall(), milliseconds(0), when_saved);
    };
    if (const auto block = remaining(memory.blocked_until); block > milliseconds(0))
        limiter_.block_until(now + block);
    if (memory.breaker != "closed") {
        const milliseconds cool_off(memory.breaker_cool_off_ms);
        breaker_.restore(breaker_state::open, memory.breaker_failures, cool_off,
                         now + std::min(remaining(memory.breaker_until), cool_off));
    }
    if (memory.requests_allowed && remaining(memory.window_resets_at) > milliseconds(0)) {
        seen_.allowed = memory.requests_allowed;
        seen_.count = memory.requests_used;
        seen_.reset = std::chrono::ceil<seconds>(remaining(memory.window_resets_at));
        window_resets_at_ = now + remaining(memory.window_resets_at);
        limiter_.observed(seen_,
                          now); // everybody's use, as last told: no burst into a window that is nearly spent
    }
    if (memory.lease > 0) answers_[slice_end(now + rate_limiter::on_its_way_max)] += memory.lease;
}

void account_gate::change(const rate_settings& rate, const breaker_settings& breaker) {
    lease_ = lease_for(rate);
    limiter_.change(rate, time_.steady());
    breaker_.change(breaker);
    changed();
}

void account_gate::pause(const std::string& reason) {
    if (paused_) return;
    paused_ = true;
    pause_reason_ = reason;
    log_.error("the account is paused; its messages wait. When it is mended: UPDATE accounts SET paused = 0",
               {{"account", account_}, {"reason", reason}});
    changed();
}

void account_gate::set_paused(bool paused) {
    if (paused == paused_ || pause_reason_) return; // ours is still on its way to the file
    paused_ = paused;
    if (!paused) { // whoever lets it go on means now: one request finds out
        limiter_.unblock(time_.steady());
        breaker_.probe_at_once(time_.steady());
    }
    log_.notice(paused ? "the account was paused by the operator" : "the account goes on",
                {{"account", account_}});
    changed();
}

void account_gate::start_draining() {
    draining_ = true;
    changed();
}

bool account_gate::breaker_open() const {
    return breaker_.state(time_.steady()) != breaker_state::closed;
}
double account_gate::balance() const {
    return limiter_.balance(time_.steady());
}
bool account_gate::blocked() const {
    const auto now = time_.steady();
    return limiter_.next(now) > now;
}

} // namespace cannedd
