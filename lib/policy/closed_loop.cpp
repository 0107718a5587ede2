#include "policy/closed_loop.hpp"

#include <algorithm>
#include <cmath>

namespace cannedd {
namespace {

// `reset` is in whole seconds and its answer was some time under way: ends closer than this are one end.
constexpr steady_duration same_end = seconds(2);
constexpr steady_duration rounding = milliseconds(500);
constexpr seconds reset_max{3600};
constexpr int telling_count = 4; // fewer requests than this tell nothing about the kind of window

bool complete(const rate_headers& seen) {
    return seen.allowed && *seen.allowed > 0 && seen.count && *seen.count >= 0 && seen.reset &&
           *seen.reset >= seconds(0) && *seen.reset <= reset_max;
}

double share(steady_duration part, steady_duration whole) {
    return static_cast<double>(part.count()) / static_cast<double>(whole.count());
}

steady_duration part_of(steady_duration whole, int numerator, int denominator) {
    return whole / denominator * numerator + whole % denominator * numerator / denominator;
}

} // namespace

steady_duration closed_loop::window_length() const {
    return turned_ ? length_ : std::max<steady_duration>(length_, minutes(1));
}

int closed_loop::budget() const {
    return std::max(1, static_cast<int>(allowed_ * (1.0 - settings_.reserve)));
}

// What others send while one of ours is under way is seen too late to make room for it.
int closed_loop::left_free() const {
    if (alone_) return 0;
    if (slides_) return (strangers_ + 7) / 8;
    return std::min(static_cast<int>(std::lround(others_)), budget() / 8);
}

// Whether bucket and cap let no more than the budget out in a window, and nobody else draws from it.
bool closed_loop::own_limits_do() const {
    if (!alone_) return false;
    const auto windows_minutes = share(window_length(), minutes(1));
    const double a_minute = settings_.requests_per_minute;
    const auto most = windows_minutes <= 1 ? std::min(a_minute, settings_.burst + a_minute * windows_minutes)
                                           : a_minute * std::ceil(windows_minutes);
    return most <= budget();
}

void closed_loop::restarted(const server_window& before) {
    asks_first_ = true;
    if (before.length <= milliseconds(0)) return;
    length_ = before.length;
    slides_ = before.slides;
    turned_ = true;
}

server_window closed_loop::learned() const {
    server_window window;
    if (!turned_) return window;
    window.length = std::chrono::ceil<milliseconds>(length_);
    window.slides = slides_;
    return window;
}

steady_time closed_loop::next(int in_flight, steady_time now) const {
    if (asks_first_ && in_flight > 0) return steady_time::max();
    if (allowed_ == 0 || own_limits_do()) return now;
    if (in_flight >= budget()) return steady_time::max();
    return slides_ ? next_in_sliding(in_flight, now) : next_in_fixed(in_flight, now);
}

steady_time closed_loop::next_in_fixed(int in_flight, steady_time now) const {
    const auto length = window_length();
    auto end = end_;
    auto counted = count_ + untold_;
    if (now >= end_) { // the next window has begun with nothing used, if this one was not a sliding one
        if (asked_ && in_flight > 0) return steady_time::max();
        end += ((now - end_) / length + 1) * length;
        counted = 0;
    }
    const auto left = budget() - left_free() - counted - in_flight;
    if (left <= 0) return std::max(now, end);
    const auto head_start = std::min(settings_.burst, budget() / 4);
    return std::max(now, end - part_of(length, left, budget() - head_start));
}

// What was counted leaves the window within its length, evenly as far as anybody can tell.
steady_time closed_loop::next_in_sliding(int in_flight, steady_time now) const {
    const auto counted = count_ + untold_;
    const auto too_many = counted + in_flight + left_free() + 1 - budget();
    if (too_many <= 0 || counted == 0) return now;
    return std::max(now, seen_at_ + part_of(window_length(), std::min(too_many, counted), counted));
}

void closed_loop::observed(const rate_headers& seen, int in_flight, int answered_lately, steady_time now) {
    if (!complete(seen)) return;
    if (*seen.reset == seconds(0)) rounds_up_ = false;
    const auto end = now + *seen.reset + seconds(rounds_up_ ? 0 : 1);
    const auto tolerance = std::min(same_end, window_length() / 2);
    if (allowed_ != 0 && end < end_ - tolerance) return; // a late answer of the window before
    if (allowed_ == 0 || end > end_ + tolerance)
        turn(*seen.count, end, now);
    else
        learn(*seen.count, in_flight, now);
    end_ = std::min(end_, end);
    alone_ = *seen.count <= in_flight + (slides_ ? answered_lately : ours_);
    strangers_ = std::max(0, *seen.count - in_flight - answered_lately);
    if (alone_) others_ = 0;
    allowed_ = *seen.allowed;
    length_ = std::max<steady_duration>(length_, std::max(*seen.reset, seconds(1)));
    seen_at_ = now;
}

void closed_loop::turn(int count, steady_time end, steady_time now) {
    if (allowed_ != 0) turned_ = true;
    if (count_ >= telling_count) slides_ = count >= count_ / 2;
    const bool early = end_ - now > rounding && !rounds_up_;
    rounds_up_ = rounds_up_ || early;
    end_ = early ? end - seconds(1) : end;
    count_ = count;
    untold_ = 0;
    ours_ = 1; // the one that brought the news
}

void closed_loop::learn(int count, int in_flight, steady_time now) {
    const auto still_counted =
        count_ * (slides_ ? std::max(0.0, 1 - share(now - seen_at_, window_length())) : 1.0);
    others_ = std::max(count - still_counted - untold_ - in_flight, others_ * 0.9);
    count_ = slides_ ? count : std::max(count_, count);
    untold_ = std::max(0, untold_ - 1);
}

} // namespace cannedd
