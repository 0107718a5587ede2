#include "policy/slow_start.hpp"

#include <algorithm>

namespace cannedd {
namespace {

constexpr double least_share = 1.0 / 16;
constexpr std::chrono::duration<double> from_none_to_all = minutes(1);

} // namespace

double slow_start::share(steady_time now) const {
    if (now <= until_) return first_share_;
    if (first_share_ >= 1) return 1;
    const std::chrono::duration<double> grown = now - until_;
    return std::min(1.0, first_share_ + grown / from_none_to_all);
}

steady_time slow_start::next(steady_time now) const {
    return std::max({now, until_, next_});
}

void slow_start::take(steady_time now) {
    const auto part = share(now);
    if (part < 1) next_ = now + std::chrono::duration_cast<steady_duration>(interval_ / part);
}

void slow_start::throttled(steady_time until, steady_time now) {
    if (now >= until_) first_share_ = std::max(share(now) / 2, least_share);
    until_ = std::max(until_, until);
}

void slow_start::restore(steady_time until) {
    first_share_ = 0.5;
    until_ = std::max(until_, until);
}

void slow_start::unblock(steady_time now) {
    until_ = std::min(until_, now);
    next_ = std::min(next_, now);
}

std::optional<steady_time> slow_start::blocked_until(steady_time now) const {
    if (until_ <= now) return std::nullopt;
    return until_;
}

} // namespace cannedd
