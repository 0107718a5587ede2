#include "policy/sliding_window.hpp"

#include <algorithm>
#include <cassert>

namespace cannedd {
namespace {

constexpr bool counts(const answer_slice& part, steady_time now) {
    return now - part.at < sliding_window::length;
}

steady_time end_of_slice(steady_time moment) {
    return std::chrono::ceil<sliding_window::slice>(moment);
}

} // namespace

steady_time sliding_window::next(steady_time now) const {
    auto over = in_flight_ + answered_ + 1 - limit_; // so many answers must grow old first
    if (over <= 0) return now;
    if (over > answered_) return steady_time::max();
    for (const auto& part : slices_) {
        over -= part.requests;
        if (over <= 0) return counts(part, now) ? part.at + length : now;
    }
    return steady_time::max(); // not reached: answered_ is the sum of the slices
}

void sliding_window::give_back() {
    assert(in_flight_ > 0);
    --in_flight_;
}

void sliding_window::answered(steady_time now) {
    assert(in_flight_ > 0);
    --in_flight_;
    remember(now, 1, now);
}

void sliding_window::remember(steady_time at, int requests, steady_time now) {
    forget(now);
    const auto end = end_of_slice(at);
    if (requests <= 0 || !counts(answer_slice(end, requests), now)) return;
    const auto after =
        std::upper_bound(slices_.begin(), slices_.end(), end,
                         [](steady_time moment, const auto& part) { return moment < part.at; });
    if (after != slices_.begin() && std::prev(after)->at == end)
        std::prev(after)->requests += requests;
    else
        slices_.emplace(after, end, requests);
    answered_ += requests;
}

void sliding_window::forget(steady_time now) {
    while (!slices_.empty() && !counts(slices_.front(), now)) {
        answered_ -= slices_.front().requests;
        slices_.pop_front();
    }
}

int sliding_window::answered_since(steady_time moment) const {
    auto requests = answered_; // less what is older: little, for a server's window is as long as ours
    for (auto part = slices_.begin(); part != slices_.end() && part->at < moment; ++part)
        requests -= part->requests;
    return requests;
}

std::vector<answer_slice> sliding_window::slices(steady_time now) const {
    std::vector<answer_slice> alive;
    for (const auto& part : slices_)
        if (counts(part, now)) alive.push_back(part);
    return alive;
}

} // namespace cannedd
