// The simulator's own time and chance. The wall clock can be shifted, so that it differs from the client's;
// waiting, lags and rate windows use steady time and are not touched by that. Chance is seeded: a run can be
// repeated.
#pragma once

#include "simulator/exchange.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace cannedd::sim {

class clock {
public:
    wall_time wall() const {
        return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now()) + shift_;
    }
    steady_time steady() const { return std::chrono::steady_clock::now(); }
    void set_shift(milliseconds shift) { shift_ = shift; }
    milliseconds shift() const { return shift_; }

private:
    milliseconds shift_{};
};

class dice {
public:
    explicit dice(std::uint64_t seed) : engine_(seed) {}
    bool happens(double probability) {
        return std::uniform_real_distribution<double>(0, 1)(engine_) < probability;
    }
    template<typename T>
    void shuffle(std::vector<T>& items) {
        std::shuffle(items.begin(), items.end(), engine_);
    }
    std::string uuid();

private:
    std::mt19937_64 engine_;
};

} // namespace cannedd::sim
