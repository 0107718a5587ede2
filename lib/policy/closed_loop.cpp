#include "policy/closed_loop.hpp"

#include <algorithm>

namespace cannedd {
namespace {

// `reset` is in whole seconds and its answer was some time under way: ends closer than this are one end.
constexpr steady_duration same_end = seconds(2);
constexpr seconds reset_max{3600};
constexpr int telling_count = 4; // fewer requests than this tell nothing about the kind of window

bool complete(const rate_headers& seen) {
    return seen.allowed && *seen.allowed > 0 && seen.count && *seen.count >= 0 && seen.reset &&
           *seen.reset >= seconds(0) && *seen.reset <= reset_max;
}

steady_duration part_of(steady_duration whole, int numerator, int denominator) {
    return steady_duration(whole.count() / denominator * numerator +
                           whole.count() % denominator * numerator / denominator);
}

} // namespace

int closed_loop::budget() const {
    return std::max(1, static_cast<int>(allowed_ * (1.0 - reserve_)));
}

closed_loop::window closed_loop::current(steady_time now) const {
    window known;
    known.end = end_;
    if (now < end_ || length_ <= steady_duration::zero()) {
        known.count = count_;
        known.untold = untold_;
    } else {
        known.end += ((now - end_) / length_ + 1) * length_;
    }
    return known;
}

steady_time closed_loop::next(int in_flight, steady_time now) const {
    if (allowed_ == 0) return now;
    if (in_flight >= budget()) return steady_time::max();
    return slides_ ? next_in_sliding(in_flight, now) : next_in_fixed(in_flight, now);
}

steady_time closed_loop::next_in_fixed(int in_flight, steady_time now) const {
    const auto known = current(now);
    const auto left = budget() - known.count - known.untold - in_flight;
    if (left <= 0) return known.end;
    const auto head_start = std::min(head_start_, budget() / 4);
    return std::max(now, known.end - part_of(length_, left, budget() - head_start));
}

// What was counted leaves the window within its length, evenly as far as anybody can tell.
steady_time closed_loop::next_in_sliding(int in_flight, steady_time now) const {
    const auto counted = count_ + untold_;
    const auto too_many = counted + in_flight + 1 - budget();
    if (too_many <= 0) return now;
    return std::max(now, seen_at_ + part_of(length_, std::min(too_many, counted), counted));
}

void closed_loop::observed(const rate_headers& seen, steady_time now) {
    if (!complete(seen)) return;
    const auto end = now + *seen.reset;
    const auto tolerance = std::min(same_end, length_ / 2);
    if (allowed_ != 0 && end < end_ - tolerance) return; // a late answer of the window before
    if (*seen.reset == seconds(0)) rounds_down_ = true;
    if (allowed_ == 0 || end > end_ + tolerance) {
        turn(*seen.count, end);
    } else {
        end_ = rounds_down_ ? std::max(end_, end) : std::min(end_, end);
        count_ = slides_ ? *seen.count : std::max(count_, *seen.count);
        untold_ = std::max(0, untold_ - 1);
    }
    allowed_ = *seen.allowed;
    length_ = std::max<steady_duration>(length_, *seen.reset);
    seen_at_ = now;
}

void closed_loop::turn(int count, steady_time end) {
    if (count_ >= telling_count) slides_ = count >= count_ / 2;
    end_ = end;
    count_ = count;
    untold_ = 0;
}

void closed_loop::change(double reserve, int head_start) {
    reserve_ = reserve;
    head_start_ = head_start;
}

} // namespace cannedd
