#include "policy/token_bucket.hpp"

#include <algorithm>
#include <cassert>

namespace cannedd {
namespace {

constexpr std::int64_t units_per_request = std::chrono::nanoseconds(minutes(1)).count();

static_assert(std::chrono::nanoseconds(steady_duration(1)) == std::chrono::nanoseconds(1));

} // namespace

token_bucket::token_bucket(int per_minute, int burst, steady_time now)
    : units_per_ns_(per_minute), capacity_(burst * units_per_request), units_(capacity_), at_(now) {
    assert(per_minute >= 1 && burst >= 1);
}

std::int64_t token_bucket::units_at(steady_time now) const {
    if (now <= at_) return units_;
    const auto missing = capacity_ - units_;
    const auto elapsed_ns = (now - at_).count();
    if (elapsed_ns >= missing / units_per_ns_ + 1)
        return capacity_; // also: the product below cannot overflow
    return std::min(capacity_, units_ + elapsed_ns * units_per_ns_);
}

steady_time token_bucket::next(steady_time now) const {
    if (units_at(now) >= units_per_request) return now;
    const auto missing = units_per_request - units_;
    return at_ + steady_duration((missing + units_per_ns_ - 1) / units_per_ns_);
}

void token_bucket::settle(steady_time now) {
    units_ = units_at(now);
    at_ = std::max(at_, now);
}

void token_bucket::take(steady_time now) {
    settle(now);
    assert(units_ >= units_per_request);
    units_ -= units_per_request;
}

void token_bucket::give_back(steady_time now) {
    settle(now);
    units_ = std::min(capacity_, units_ + units_per_request);
}

void token_bucket::spend(int requests, steady_time now) {
    settle(now);
    units_ = std::max<std::int64_t>(0, units_ - requests * units_per_request);
}

double token_bucket::balance(steady_time now) const {
    return static_cast<double>(units_at(now)) / static_cast<double>(units_per_request);
}

void token_bucket::set_balance(double requests, steady_time now) {
    const auto most = static_cast<double>(capacity_);
    units_ =
        static_cast<std::int64_t>(std::clamp(requests * static_cast<double>(units_per_request), 0.0, most));
    at_ = now;
}

void token_bucket::change(int per_minute, int burst, steady_time now) {
    settle(now);
    units_per_ns_ = per_minute;
    capacity_ = burst * units_per_request;
    units_ = std::min(units_, capacity_);
}

} // namespace cannedd
