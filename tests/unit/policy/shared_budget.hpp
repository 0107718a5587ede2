// A server that allows so many requests in a window to everybody who uses the token, another client that uses
// about half of them (of 60 in 6 s), and ours behind a rate_limiter with a backlog. All of it follows from
// the seed.
#pragma once

#include "policy/rate_limiter.hpp"

#include <array>
#include <deque>
#include <functional>
#include <ostream>
#include <queue>
#include <random>
#include <vector>

namespace cannedd {

enum class window_kind { fixed, slides_to_the_oldest, slides_as_a_whole };
enum class neighbour { none, even, random, in_bursts };

inline std::ostream& operator<<(std::ostream& out, window_kind kind) {
    return out << std::array{"fixed", "slides to the oldest", "slides as a whole"}.at(
               static_cast<std::size_t>(kind));
}
inline std::ostream& operator<<(std::ostream& out, neighbour other) {
    return out << std::array{"none", "even", "random", "in bursts"}.at(static_cast<std::size_t>(other));
}

struct shared_budget_settings {
    window_kind kind = window_kind::fixed;
    bool rounds_down = false; // inin-ratelimit-reset
    neighbour other = neighbour::even;
    double reserve = 0;
    int restarts = 2;
    int allowed = 60;
    seconds length{6};
    int windows = 12; // the first two teach the loop and are not counted
    int requests_per_minute = 600;
};

class shared_budget {
public:
    shared_budget(const shared_budget_settings& settings, unsigned seed);
    void run();

    int ours() const { return ours_; }
    int others() const { return others_; }
    int refused() const { return refused_; } // ours: 429
    int refused_to_other() const { return refused_to_other_; }
    double used() const; // ours / what the other left

private:
    enum class kind { arrival, answer, other, restart };
    struct event {
        steady_time at;
        kind what;
        rate_headers seen;
        bool accepted = false;
        int life = 0; // requests of a life before the restart are nobody's
        friend bool operator>(const event& a, const event& b) { return a.at > b.at; }
    };
    void happen(event e);
    void arrive(event e);
    void answer(const event& e);
    void send();
    void restart();
    void plan_other();
    bool server_accepts();
    rate_headers headers() const;
    void forget_old();
    bool counted() const { return now_ >= begin + 2 * settings_.length; }
    milliseconds pick(int low, int high) {
        return milliseconds(std::uniform_int_distribution<int>(low, high)(random_));
    }
    rate_limiter fresh() const;

    static constexpr steady_time begin = steady_time(std::chrono::hours(1));
    shared_budget_settings settings_;
    std::mt19937 random_;
    steady_time now_ = begin;
    rate_limiter limiter_;
    int life_ = 0;
    steady_time back_{}; // from the last restart
    std::priority_queue<event, std::vector<event>, std::greater<>> events_;
    std::deque<steady_time> window_; // accepted by the server
    rate_headers last_seen_;
    steady_time last_seen_at_{};
    int ours_ = 0, others_ = 0, refused_ = 0, refused_to_other_ = 0;
};

} // namespace cannedd
