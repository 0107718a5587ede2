// Which end of the queue has the turn. Lanes of equal priority are served oldest turn first; every fourth
// turn goes to the lane that came last, so that one conversation's message does not wait behind a bulk insert
// into ten thousand others. Three of four turns stay with the oldest: nobody starves. Pure.
#pragma once

namespace cannedd {

class fair_turns {
public:
    static constexpr int turns_per_youngest = 4;
    // Whether the next claim goes to the youngest lane; counts the turn.
    bool next_is_youngest() { return ++turn_ % turns_per_youngest == 0; }

private:
    unsigned turn_ = 0;
};

} // namespace cannedd
