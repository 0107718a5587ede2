#include "simulator/rate_window.hpp"

#include <algorithm>

namespace cannedd::sim {

void rate_window::forget_old(const rate_settings& set, steady_time now) {
    if (set.mode == rate_mode::fixed) {
        if (!used_.empty() && now - used_.front() >= set.window) used_.clear();
        return;
    }
    while (!used_.empty() && now - used_.front() >= set.window)
        used_.pop_front();
}

void rate_window::let_others_in(const rate_settings& set, steady_time now) {
    if (set.others_every.count() <= 0) {
        others_next_ = {};
        return;
    }
    if (others_next_ == steady_time{} || now - others_next_ > set.window) others_next_ = now;
    for (; others_next_ <= now; others_next_ += set.others_every) {
        forget_old(set, others_next_);
        used_.push_back(others_next_);
    }
}

void rate_window::others(const rate_settings& set, std::int64_t requests, steady_time now) {
    forget_old(set, now);
    used_.insert(used_.end(), static_cast<std::size_t>(requests), now);
}

rate_window::verdict rate_window::arrive(const rate_settings& set, steady_time now) {
    arrived_.push_back(now);
    let_others_in(set, now);
    forget_old(set, now);
    const auto limit = static_cast<std::size_t>(set.limit);
    verdict v;
    v.admitted = set.mode == rate_mode::off || used_.size() < limit;
    if (v.admitted || set.count_rejected) used_.push_back(now);
    v.count = static_cast<std::int64_t>(used_.size());
    const auto left = [&](steady_time from) {
        return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(from + set.window - now));
    };
    v.reset = used_.empty() ? milliseconds(0) : left(used_.front());
    if (!v.admitted)
        v.retry_after = set.mode == rate_mode::fixed ? v.reset : left(used_[used_.size() - limit]);
    return v;
}

std::uint64_t rate_window::max_in_any(milliseconds window) const {
    std::size_t most = 0;
    std::size_t first = 0;
    for (std::size_t last = 0; last < arrived_.size(); ++last) {
        while (arrived_[last] - arrived_[first] >= window)
            ++first;
        most = std::max(most, last - first + 1);
    }
    return most;
}

} // namespace cannedd::sim
