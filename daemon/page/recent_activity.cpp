#include "page/recent_activity.hpp"

#include <algorithm>
#include <cmath>

namespace cannedd {
namespace {

constexpr double steps_per_doubling = 6;

std::size_t slot_of(std::int64_t when, std::size_t slots) {
    return static_cast<std::size_t>(when) % slots;
}

} // namespace

// --- delays

void delay_histogram::add(milliseconds delay) {
    const auto ms = static_cast<double>(std::max<std::int64_t>(delay.count(), 1));
    const auto step = static_cast<std::size_t>(std::lround(std::log2(ms) * steps_per_doubling));
    ++counts_.at(std::min(step, steps - 1));
    ++count_;
}

void delay_histogram::add(const delay_histogram& other) {
    for (std::size_t step = 0; step < steps; ++step)
        counts_.at(step) += other.counts_.at(step);
    count_ += other.count_;
}

milliseconds delay_histogram::at_share(double share) const {
    const auto wanted =
        std::max<std::int64_t>(1, std::llround(std::ceil(share * static_cast<double>(count_))));
    std::int64_t passed = 0;
    for (std::size_t step = 0; step < steps; ++step) {
        passed += counts_.at(step);
        if (passed >= wanted)
            return milliseconds(std::llround(std::exp2(static_cast<double>(step) / steps_per_doubling)));
    }
    return milliseconds(0);
}

namespace {

past_minute summary(const delay_histogram& delays) {
    past_minute it;
    it.sent = delays.count();
    if (it.sent == 0) return it;
    it.median = delays.at_share(0.5);
    it.late = delays.at_share(0.95);
    return it;
}

} // namespace

// --- what is told

recent_activity::recent_activity(delivery_observer& next, const time_source& time)
    : next_(next), time_(time), since_(time.steady()) {}

std::int64_t recent_activity::this_minute() const {
    return std::chrono::floor<minutes>(time_.steady().time_since_epoch()).count();
}

std::int64_t recent_activity::this_second() const {
    return std::chrono::floor<seconds>(time_.steady().time_since_epoch()).count();
}

void recent_activity::count_one(slot& into, std::int64_t when) {
    if (into.when != when) into.count = 0;
    into.when = when;
    ++into.count;
}

void recent_activity::request_ended(const std::string& account, std::string_view operation,
                                    const request_facts& facts, steady_duration took) {
    auto& slots = accounts_[account].requests;
    count_one(slots.at(slot_of(this_second(), slots.size())), this_second());
    next_.request_ended(account, operation, facts, took);
}

void recent_activity::attempt_ended(const std::string& account, outcome what) {
    next_.attempt_ended(account, what);
}

void recent_activity::delivered(const std::string& account, milliseconds since_due) {
    const auto now = this_minute();
    auto& sent = accounts_[account].sent;
    count_one(sent.at(slot_of(now, sent.size())), now);
    auto& minute = minutes_.at(slot_of(now, minutes_.size()));
    if (minute.when != now) minute.delays = delay_histogram();
    minute.when = now;
    minute.delays.add(since_due);
    next_.delivered(account, since_due);
}

void recent_activity::ended(const std::string& account, row_end how, std::size_t rows) {
    next_.ended(account, how, rows);
}

void recent_activity::token_requested(const std::string& account, const request_facts& facts) {
    next_.token_requested(account, facts);
}

void recent_activity::committed(steady_duration took, std::size_t changes) {
    next_.committed(took, changes);
}

// --- what is asked

std::vector<past_minute> recent_activity::last_hour() const {
    std::vector<past_minute> hour;
    const auto now = this_minute();
    for (auto when = now - static_cast<std::int64_t>(minutes_kept) + 1; when <= now; ++when) {
        const auto at = static_cast<std::size_t>(std::max<std::int64_t>(when, 0)) % minutes_kept;
        const auto& minute = minutes_.at(at);
        hour.push_back(minute.when == when ? summary(minute.delays) : past_minute());
    }
    return hour;
}

past_minute recent_activity::whole_hour() const {
    delay_histogram all;
    const auto first = this_minute() - static_cast<std::int64_t>(minutes_kept) + 1;
    for (const auto& minute : minutes_)
        if (minute.when >= first) all.add(minute.delays);
    return summary(all);
}

std::int64_t recent_activity::sent_last_hour(const std::string& account) const {
    const auto found = accounts_.find(account);
    if (found == accounts_.end()) return 0;
    std::int64_t sum = 0;
    const auto first = this_minute() - static_cast<std::int64_t>(minutes_kept) + 1;
    for (const auto& minute : found->second.sent)
        if (minute.when >= first) sum += minute.count;
    return sum;
}

std::int64_t recent_activity::requests_last_minute(const std::string& account) const {
    const auto found = accounts_.find(account);
    if (found == accounts_.end()) return 0;
    std::int64_t sum = 0;
    for (const auto& second : found->second.requests)
        if (second.when > this_second() - 60) sum += second.count;
    return sum;
}

} // namespace cannedd
