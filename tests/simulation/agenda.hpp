// What the world outside the daemon is going to do, in order of time; at one moment, in the order in which it
// was planned.
#pragma once

#include "time/instant.hpp"

#include <functional>
#include <map>

namespace cannedd::simulation {

class agenda {
public:
    void at(steady_time moment, std::function<void()> what) { items_.emplace(moment, std::move(what)); }
    steady_time next() const { return items_.empty() ? steady_time::max() : items_.begin()->first; }
    // Does one thing that is due; false: nothing is.
    bool do_one(steady_time now) {
        if (next() > now) return false;
        const auto what = std::move(items_.begin()->second);
        items_.erase(items_.begin());
        what();
        return true;
    }

private:
    std::multimap<steady_time, std::function<void()>> items_;
};

} // namespace cannedd::simulation
