// When what an account's limiter knows is written, if nothing but requests and their answers is new. Between
// two writes a lease covers what may have left (account_gate.hpp), so a restart never takes too little for
// granted: a write for each answer would only cost, and with a hundred accounts each commit holds an answer
// of each. Pure.
#pragma once

#include "time/instant.hpp"

#include <cstdint>

namespace cannedd {

constexpr milliseconds rate_saved_every{1000}; // people read it, too: queue_eta and queue_why

// granted: requests since the last write. Half a lease: the write rides along with a commit, and is there
// before anybody has to wait for it.
inline bool is_rate_worth_saving(std::int64_t granted, int lease, milliseconds since_saved) {
    return granted * 2 >= lease || since_saved >= rate_saved_every;
}

} // namespace cannedd
