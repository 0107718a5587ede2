// All chance of a simulated run comes from here: the same seed throws the same numbers on every machine (the
// distributions of <random> promise no such thing). Sequence: SplitMix64 (G. Steele, D. Lea, C. Flood, 2014).
#pragma once

#include "time/instant.hpp"

#include <cstddef>
#include <cstdint>

namespace cannedd::simulation {

class dice {
public:
    explicit dice(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15U;
        auto mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
        return mixed ^ (mixed >> 31U);
    }
    // In [0, 1).
    double fraction() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
    bool chance(double probability) { return fraction() < probability; }
    // Both ends included.
    std::int64_t between(std::int64_t low, std::int64_t high) {
        return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
    }
    int small(int low, int high) { return static_cast<int>(between(low, high)); }
    milliseconds span(milliseconds low, milliseconds high) {
        return milliseconds(between(low.count(), high.count()));
    }
    template<typename Things>
    const auto& one_of(const Things& things) {
        const auto last = static_cast<std::int64_t>(things.size()) - 1;
        return things[static_cast<std::size_t>(between(0, last))];
    }
    // A stream of its own, so that a throw more in one subject does not shift those of another.
    dice fork() { return dice(next()); }

private:
    std::uint64_t state_;
};

} // namespace cannedd::simulation
