#include "shared_budget.hpp"

#include <algorithm>

namespace cannedd {

namespace {
constexpr int first_of_burst = 1;
} // namespace

shared_budget::shared_budget(const shared_budget_settings& settings, unsigned seed)
    : settings_(settings), random_(seed), limiter_(fresh()) {
    plan_other();
    const auto length_ms = static_cast<int>(milliseconds(settings_.length * settings_.windows).count());
    for (int i = 0; i < settings_.restarts; ++i) {
        event e{begin + pick(0, length_ms), kind::restart, {}};
        events_.push(e);
    }
}

rate_limiter shared_budget::fresh() const {
    rate_settings rate;
    rate.requests_per_minute = settings_.requests_per_minute;
    rate.burst = 20;
    rate.reserve = settings_.reserve;
    return rate_limiter(rate, now_);
}

void shared_budget::run() {
    const auto end = begin + settings_.length * settings_.windows;
    while (true) {
        const auto leaves =
            limiter_.in_flight() < 8 ? std::max(back_, limiter_.next(now_)) : steady_time::max();
        const auto next = events_.empty() ? steady_time::max() : events_.top().at;
        if (std::min(leaves, next) >= end) return;
        now_ = std::max(now_, std::min(leaves, next));
        if (next <= now_) {
            const auto e = events_.top();
            events_.pop();
            happen(e);
        } else {
            send();
        }
    }
}

void shared_budget::happen(event e) {
    switch (e.what) {
    case kind::arrival: return arrive(e);
    case kind::answer: return answer(e);
    case kind::restart: return restart();
    case kind::other:
        if (server_accepts())
            others_ += counted() ? 1 : 0;
        else
            refused_to_other_ += counted() ? 1 : 0;
        if (settings_.other != neighbour::in_bursts || e.life == first_of_burst) plan_other();
    }
}

void shared_budget::send() {
    limiter_.take(now_);
    events_.push({now_ + pick(10, 150), kind::arrival, {}, false, life_});
}

void shared_budget::arrive(event e) {
    e.accepted = server_accepts();
    if (e.accepted)
        ours_ += counted() ? 1 : 0;
    else
        refused_ += counted() ? 1 : 0;
    e.seen = headers();
    e.what = kind::answer;
    e.at = now_ + pick(10, 150);
    events_.push(e);
}

void shared_budget::answer(const event& e) {
    if (e.life != life_) return;
    limiter_.answered(now_);
    limiter_.observed(e.seen, now_);
    if (!e.accepted) limiter_.throttled(*e.seen.reset, now_);
    last_seen_ = e.seen;
    last_seen_at_ = now_;
}

void shared_budget::restart() {
    const auto memory = limiter_.save(now_);
    const auto down = pick(0, 2000);
    ++life_;
    const auto back = now_ + down;
    limiter_ = fresh();
    limiter_.restore(memory, down, back);
    back_ = back;
    if (last_seen_.reset) { // what the file remembers
        const auto resets_at = last_seen_at_ + *last_seen_.reset;
        if (resets_at > back) {
            auto seen = last_seen_;
            seen.reset = std::chrono::ceil<seconds>(resets_at - back);
            limiter_.observed(seen, back);
        }
    }
}

void shared_budget::plan_other() {
    event e{now_, kind::other, {}};
    if (settings_.other == neighbour::none) return;
    if (settings_.other == neighbour::even) {
        e.at = now_ + milliseconds(200);
        events_.push(e);
    } else if (settings_.other == neighbour::random) {
        e.at = now_ + pick(0, 400);
        events_.push(e);
    } else {
        e.at = now_ + pick(1000, 3000);
        for (int i = 0; i < 10; ++i, e.at += milliseconds(10)) {
            e.life = i == 0 ? first_of_burst : 0;
            events_.push(e);
        }
    }
}

void shared_budget::forget_old() {
    const auto past = settings_.kind == window_kind::fixed
                          ? begin + (now_ - begin) / settings_.length * settings_.length
                          : now_ - settings_.length + steady_duration(1);
    while (!window_.empty() && window_.front() < past)
        window_.pop_front();
}

bool shared_budget::server_accepts() {
    forget_old();
    if (window_.size() >= static_cast<std::size_t>(settings_.allowed)) return false;
    window_.push_back(now_);
    return true;
}

rate_headers shared_budget::headers() const {
    steady_duration left = settings_.length;
    if (settings_.kind == window_kind::fixed) left = settings_.length - (now_ - begin) % settings_.length;
    if (settings_.kind == window_kind::slides_to_the_oldest) left = window_.front() + settings_.length - now_;
    rate_headers seen;
    seen.allowed = settings_.allowed;
    seen.count = static_cast<int>(window_.size());
    seen.reset = settings_.rounds_down ? std::chrono::floor<seconds>(left) : std::chrono::ceil<seconds>(left);
    return seen;
}

double shared_budget::used() const {
    const auto left_over = settings_.allowed * (settings_.windows - 2) - others_;
    return static_cast<double>(ours_) / left_over;
}

} // namespace cannedd
