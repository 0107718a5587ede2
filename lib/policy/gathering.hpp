// How long a commit waits for the answers of requests that are out. Pure.
// Who comes a moment after a commit began waits for its end, and then for one of its own. So while many
// answers are out, half of what a commit takes is worth waiting for them; for a few it is not.
#pragma once

#include "time/instant.hpp"

#include <algorithm>
#include <cstddef>

namespace cannedd {

class gathering {
public:
    static constexpr std::size_t many = 4; // answers
    static constexpr milliseconds patience_max{5};

    void took(steady_duration commit) { usual_ += (commit - usual_) / 4; } // smoothed over some ten commits

    steady_duration patience(std::size_t answers_out) const {
        if (answers_out < many) return steady_duration::zero();
        return std::min<steady_duration>(usual_ / 2, patience_max);
    }

private:
    steady_duration usual_{0}; // what a commit takes
};

} // namespace cannedd
