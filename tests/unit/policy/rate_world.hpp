// A client with a backlog behind a rate_limiter, and what its server sees: each request arrives at a random
// moment between leaving and its end. Crashes lose what was not saved. All of it follows from the seed.
#pragma once

#include "policy/rate_limiter.hpp"

#include <functional>
#include <queue>
#include <random>
#include <vector>

namespace cannedd {

struct rate_world_settings {
    rate_settings rate;
    int connections = 8;
    double late = 0;    // share of requests that end only by a timeout of 10 s
    double crashes = 0; // chance of a crash at each request
    steady_duration length = minutes(3);
};

class rate_world {
public:
    rate_world(const rate_world_settings& settings, unsigned seed);

    void run();

    const std::vector<steady_time>& left() const { return left_; }
    std::vector<steady_time> arrivals() const; // sorted
    int in_one_minute() const;                 // most arrivals in any 60 s, both ends included
    double over_bucket() const;                // most that left in any span, less rate * span
    static constexpr steady_time begin = steady_time(std::chrono::hours(1));

private:
    struct request {
        steady_time end;
        std::size_t arrival;
        friend bool operator>(const request& a, const request& b) { return a.end > b.end; }
    };
    void send();
    void end_oldest();
    void save();
    void crash();
    int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
    bool chance(double p) { return std::bernoulli_distribution(p)(random_); }

    rate_world_settings settings_;
    std::mt19937 random_;
    steady_time now_ = begin;
    rate_limiter limiter_;
    rate_memory saved_;
    int lease_ = 0;
    std::priority_queue<request, std::vector<request>, std::greater<>> in_flight_;
    std::vector<steady_time> left_;
    std::vector<steady_time> arrivals_;
};

} // namespace cannedd
