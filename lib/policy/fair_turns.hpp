// Whose turn it is. Lanes of equal priority are served oldest turn first, with two exceptions in every four
// turns: one goes to the lane that came last and was never tried, so that one conversation's message does not
// wait behind a bulk insert into ten thousand others; one goes to a lane that waits for somebody (an agent
// who is rung, say) and has to be looked at again. Two of four stay with the oldest: nobody starves. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace cannedd {

enum class turn : std::uint8_t {
    oldest,   // the longest waiting turn of those that are not waiting for somebody
    youngest, // never tried, the last to come
    waiting,  // the last try ended with a look-up that said to wait
};

class fair_turns {
public:
    static constexpr std::array<turn, 4> round{turn::oldest, turn::waiting, turn::oldest, turn::youngest};
    turn next() { return round.at(at_++ % round.size()); }

private:
    std::size_t at_ = 0;
};

} // namespace cannedd
