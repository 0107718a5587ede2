#include "rate_world.hpp"

#include <algorithm>

namespace cannedd {

rate_world::rate_world(const rate_world_settings& settings, unsigned seed)
    : settings_(settings), random_(seed), limiter_(settings.rate, begin) {
    save();
}

void rate_world::run() {
    const auto end = begin + settings_.length;
    while (true) {
        const bool connected = in_flight_.size() < static_cast<std::size_t>(settings_.connections);
        const auto leaves = connected ? limiter_.next(now_) : steady_time::max();
        const auto over = in_flight_.empty() ? steady_time::max() : in_flight_.top().end;
        if (std::min(leaves, over) >= end) return;
        now_ = std::max(now_, std::min(leaves, over));
        if (over <= now_)
            end_oldest();
        else if (settings_.crashes > 0 && chance(settings_.crashes))
            crash();
        else
            send();
    }
}

void rate_world::send() {
    if (lease_ == 0) save(); // as the gate does: no request leaves that the file cannot account for
    --lease_;
    limiter_.take(now_);
    left_.push_back(now_);
    const auto latency = chance(settings_.late) ? milliseconds(10'000) : milliseconds(pick(20, 300));
    const auto under_way = std::chrono::microseconds(pick(0, static_cast<int>(latency.count()) * 1000));
    in_flight_.push({now_ + latency, arrivals_.size()});
    arrivals_.push_back(now_ + under_way);
}

void rate_world::end_oldest() {
    limiter_.answered(in_flight_.top().end);
    in_flight_.pop();
    if (settings_.crashes > 0 && chance(0.2)) save();
}

void rate_world::save() {
    saved_ = limiter_.save(now_);
    lease_ = pick(1, std::max(3, settings_.rate.requests_per_minute / 20));
    saved_.unlogged += lease_;
}

void rate_world::crash() {
    for (; !in_flight_.empty(); in_flight_.pop()) {
        auto& arrival = arrivals_[in_flight_.top().arrival];
        arrival = std::min(arrival, now_ + milliseconds(pick(0, 2'900))); // the kernel still sends it
    }
    now_ += milliseconds(pick(0, 20'000));
    limiter_ = rate_limiter(settings_.rate, now_);
    const bool same_boot = chance(0.5);
    limiter_.restore(saved_, same_boot ? now_ - saved_.saved_at : steady_duration::zero(), now_);
    save();
}

std::vector<steady_time> rate_world::arrivals() const {
    auto sorted = arrivals_;
    std::sort(sorted.begin(), sorted.end());
    return sorted;
}

int rate_world::in_one_minute() const {
    const auto sorted = arrivals();
    std::ptrdiff_t most = 0;
    auto first = sorted.begin();
    for (auto last = sorted.begin(); last != sorted.end(); ++last) {
        while (*last - *first > minutes(1))
            ++first;
        most = std::max(most, last - first + 1);
    }
    return static_cast<int>(most);
}

double rate_world::over_bucket() const {
    const auto refilled = [this](steady_time moment) {
        return std::chrono::duration<double, std::ratio<60>>(moment - begin).count() *
               settings_.rate.requests_per_minute;
    };
    double most = 0;
    double slackest = -1e300; // the largest refilled(t_i) - i of the requests before
    for (std::size_t j = 0; j < left_.size(); ++j) {
        const auto count = static_cast<double>(j);
        slackest = std::max(slackest, refilled(left_[j]) - count);
        most = std::max(most, count + 1 - refilled(left_[j]) + slackest);
    }
    return most;
}

} // namespace cannedd
