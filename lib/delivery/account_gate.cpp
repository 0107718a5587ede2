#include "delivery/account_gate.hpp"

#include "policy/outcome.hpp"

#include <algorithm>

namespace cannedd {
namespace {

constexpr std::int64_t remembered_ms = 61'000;
constexpr seconds operation_pause_default{60}; // where the answer does not tell
constexpr seconds operation_pause_min{1};

bool is_look_up(std::string_view operation) {
    return operation != "send";
}

// The token has requests left, so that a 429 can only be about the operation (the org's own limits). Without
// sends there is nothing that others could go on with.
bool is_about_the_operation(std::string_view operation, const rate_headers& seen) {
    return is_look_up(operation) && seen.allowed && seen.count && *seen.count < *seen.allowed;
}

// A crash costs at most this many requests of one minute's budget.
int lease_for(const rate_settings& rate) {
    return std::clamp(rate.requests_per_minute / 20, 1, 64);
}

} // namespace

struct account_gate::waiter {
    explicit waiter(account_gate& gate_) : gate(gate_) { gate.queue_.push_back(this); }
    ~waiter() {
        std::erase(gate.queue_, this);
        gate.wake_first();
        if (gate.queue_.empty() && gate.notify_) gate.notify_();
    }
    waiter(const waiter&) = delete;
    waiter& operator=(const waiter&) = delete;
    asio::awaitable<bool> wait_until(steady_time moment) {
        if (!turn) turn = gate.time_.make_alarm();
        return turn->wait_until(moment);
    }
    void wake() {
        if (turn) turn->ring();
    }
    account_gate& gate;
    std::unique_ptr<alarm> turn; // nothing: it has not waited, as most never do
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

asio::awaitable<admission> account_gate::admit(std::string_view operation) {
    waiter mine(*this);
    while (true) {
        const auto now = time_.steady();
        if (const auto refused = refusal(now)) co_return *refused;
        if (is_throttled(operation, now)) co_return admission::throttled;
        auto again = steady_time::max();
        if (queue_.front() == &mine) {
            if (lease_spent()) {
                dirty_ = true; // more than half of it is spent, so it is written
                co_await recorder_.flush();
                continue;
            }
            again = limiter_.next(now);
            if (again <= now) {
                grant(now);
                co_return admission::granted;
            }
        }
        co_await mine.wait_until(again);
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
    judge(operation, facts, seen, now - took, now);
    observer_.request_ended(account_, operation, facts, took);
    if (is_ordinary(facts, now))
        told();
    else
        changed();
}

bool account_gate::is_throttled(std::string_view operation, steady_time now) const {
    if (is_look_up(operation) && look_ups_throttled_until_ > now) return true;
    const auto found = throttled_until_.find(operation);
    return found != throttled_until_.end() && found->second > now;
}

milliseconds account_gate::operation_rest() const {
    const auto now = time_.steady();
    milliseconds rest{0};
    const auto consider = [&](steady_time until) {
        const auto left = std::chrono::ceil<milliseconds>(until - now);
        if (left > milliseconds(0) && (rest == milliseconds(0) || left < rest)) rest = left;
    };
    consider(look_ups_throttled_until_);
    for (const auto& [operation, until] : throttled_until_)
        consider(until);
    return rest;
}

void account_gate::throttled(std::string_view operation, const request_facts& facts, const rate_headers& seen,
                             steady_time now) {
    const bool alone = is_about_the_operation(operation, seen);
    if (alone)
        throttled_until_[std::string(operation)] =
            now + std::max(facts.retry_after.value_or(operation_pause_default), operation_pause_min);
    else
        limiter_.throttled(facts.retry_after, now);
    log_.warning(alone
                     ? "the API lets one operation wait; what needs none goes on, no attempt is counted"
                     : "the API said to slow down; nothing leaves until it may again, no attempt is counted",
                 {{"account", account_},
                  {"operation", operation},
                  {"retry_after_s", facts.retry_after ? facts.retry_after->count() : -1},
                  {"correlation_id", facts.correlation_id}});
}

void account_gate::login_throttled(const request_facts& facts) {
    const auto now = time_.steady();
    if (!limiter_.blocked_until(now))
        log_.warning(
            "the token service said to slow down; nothing leaves until it may be asked again, no attempt "
            "is counted",
            {{"account", account_},
             {"retry_after_s", facts.retry_after ? facts.retry_after->count() : -1},
             {"correlation_id", facts.correlation_id}});
    limiter_.throttled(facts.retry_after, now);
    changed();
}

void account_gate::judge(std::string_view operation, const request_facts& facts, const rate_headers& seen,
                         steady_time began, steady_time now) {
    if (facts.http_status == 429) {
        throttled(operation, facts, seen, now);
        breaker_.abandoned(began);
        return;
    }
    if (facts.login_status == 429) {
        breaker_.abandoned(began);
        return;
    }
    if (facts.retry_after && (facts.http_status == 503 || facts.http_status == 502))
        limiter_.throttled(facts.retry_after, now); // it is told to all of us, not to one row
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
    if (!queue_.empty()) queue_.front()->wake();
}

// Nothing but one more request and its answer.
bool account_gate::is_ordinary(const request_facts& facts, steady_time now) const {
    return facts.http_status / 100 == 2 && breaker_.state(now) == breaker_aboard_ &&
           breaker_.consecutive_failures() == failures_aboard_ && limiter_.window() == window_aboard_;
}

void account_gate::changed() {
    urgent_ = true;
    told();
}

void account_gate::told() {
    dirty_ = true;
    if (refusal(time_.steady())) {
        for (auto* w : queue_)
            w->wake();
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
    return limiter_.next_turn(now);
}

std::size_t account_gate::room(steady_time now) const {
    return static_cast<std::size_t>(std::max(1.0, limiter_.balance(now)));
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
    log_.error("the account is paused; its messages wait. When it is mended: UPDATE accounts SET paused = 0 "
               "WHERE account = its name",
               {{"account", account_}, {"reason", reason}});
    changed();
}

void account_gate::set_paused(bool paused) {
    if (paused == paused_ || pause_reason_) return; // ours is still on its way to the file
    paused_ = paused;
    if (!paused) { // whoever lets it go on means now: one request finds out
        throttled_until_.clear();
        look_ups_throttled_until_ = {};
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
bool account_gate::told_to_wait() const {
    return limiter_.blocked_until(time_.steady()).has_value();
}

} // namespace cannedd
