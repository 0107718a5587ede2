// What we do about an outcome. Pure: chance and the row's history are arguments; a decision is a line of a
// table in a test.
#pragma once

#include "error/errc.hpp"
#include "policy/decision_limits.hpp"
#include "policy/outcome.hpp"

#include <string_view>

namespace cannedd {

enum class action : std::uint8_t {
    record_sent,
    retry,         // pending again after `delay`
    fail,          // final
    fail_lane,     // final, and for every row that waits for the conversation
    hold,          // waits for a person
    hold_lane,     // likewise, with every row of the account that waits for the conversation
    look_again,    // resolve afresh: the conversation tells what became of our addressee
    renew_token,   // pending at once, with a new access token
    pause_account, // pending, and the account stops with a reason
    verify,        // read the conversation back
    unconfirmed,   // nobody can tell
};
std::string_view name_of(action what) noexcept;

struct disposition {
    action what = action::retry;
    errc error = errc::bad_reply; // meaningless for record_sent
    milliseconds delay{0};        // retry
    bool counts = false;          // whether the try counts as an attempt
};

// Genesys says that a 500 is not worth retrying, and its own tools retry a 409.
inline constexpr int tries_of_500 = 2;
inline constexpr int tries_of_conflict = 3;

// The row's history, this try included.
struct try_history {
    int attempts = 1;                     // tries that count, this one included
    int deferrals = 0;                    // tries in a row that did not count, without this one
    bool breaker_open = false;            // the account's API is known to be down
    bool token_renewed = false;           // the last answer to the account was a 401, too
    int answers_500 = 0;                  // of its tries that count
    int answers_409 = 0;                  // likewise
    bool waits_for_ended = false;         // a conversation that has ended may come back
    bool barred_often = false;            // several conversations in a row were barred, this one the last
    bool agents_own = false;              // it spoke, or wanted to, with one agent's own token
    std::chrono::seconds told_to_wait{0}; // Retry-After of the answer
    double chance = 0.5;                  // [0, 1)
};

// A send ended with `what`; `error` = error_of(its facts).
disposition decide(outcome what, errc error, const try_history& history, const decision_limits& limits);

// A conversation whose agent is ringing, or which a bot holds, is looked at this often at least, unless
// backoff.base is longer.
inline constexpr milliseconds waiting_max{30'000};

// The addressee was looked up anew, and the refusal of the send stands.
disposition decide_stale(errc error, const try_history& history, const decision_limits& limits);

// A look-up, a token or the rendering gave a reason instead of a value.
disposition decide_setback(errc reason, const try_history& history, const decision_limits& limits);

// Reading back did not find a message in doubt.
disposition decide_absent(errc error, const try_history& history, const decision_limits& limits);

} // namespace cannedd
