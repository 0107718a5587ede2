// What the daemon writes. Each change is guarded by what it expects to find (id, status, attempts); many of
// them share one commit (message_store::apply). A change that is not applied found the row different: an
// operator was faster.
#pragma once

#include "error/errc.hpp"
#include "queue/message.hpp"

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace cannedd {

// One try, as the table `attempts` tells it.
struct attempt_report {
    wall_time started_at{};
    wall_time finished_at{};
    std::string phase;   // not_connected | not_written | written | replied
    int http_status = 0; // 0: no answer (stored as NULL)
    std::string outcome; // name of the outcome (policy/outcome.hpp)
    std::optional<errc> error;
    std::string correlation_id; // empty: stored as NULL
};

// pending -> sending, before the first byte leaves: attempts + 1, sent_text frozen, an attempts row opened
// (finished_at NULL, phase 'written', outcome 'indeterminate': what is true if we crash now).
struct mark {
    std::int64_t message_id = 0;
    int attempts_before = 0; // guard
    // Guards, for until now its owner may change it: where it was, and what it said (its text or response,
    // and its variables) when it was loaded. Empty: not asked.
    std::string account, lane;
    std::string says, variables;
    wall_time now{};
    std::string text;          // -> sent_text
    std::string template_call; // -> sent_template; empty: NULL, it is a text
    std::string sent_to; // the conversation that was resolved (lower case), for rows that named only an agent
    std::string communication_id; // where it will be looked for after a crash; may be empty
    std::string route;
    std::optional<wall_time> started_at_server; // by the API's clock, at the least; nothing: not told yet
    std::optional<wall_time> rests_until;       // the lane is not claimed before; nothing: as it was
};

// What became of a try: sending -> anything, or (was_marked false) pending -> anything when it ended before
// the mark.
struct verdict {
    std::int64_t message_id = 0;
    bool was_marked = true;    // guard: the row is `sending` (else `pending`)
    int attempts = 0;          // guard: the row's attempts now
    std::string account, lane; // of a marked row; empty: looked up
    // sent, failed, held, unconfirmed, or pending: tried again at due_at. A row that a person has stopped
    // meanwhile becomes `stop` instead of pending or held.
    message_status to = message_status::sent;
    wall_time now{};
    wall_time due_at{}; // for pending
    bool counts =
        true; // pending: false gives a marked attempt back (attempts - 1), deferrals + 1;
              //          was_marked false and true counts a try that never was marked (attempts + 1)
    std::optional<errc> error; // NULL on sent
    std::string detail;
    std::string remote_message_id; // empty: none was told. One that another row owns already is not stored
    std::string remote_status;
    bool verified = false;
    bool unproven =
        false; // the try may have arrived and nobody looked: told in `changes` unless it is unconfirmed
    attempt_report attempt;  // closes the attempts row of the mark; was_marked false: inserts one
    bool has_attempt = true; // false: leave `attempts` as it is (the verdict closes no try)
};

// Its time has passed while it waited for its turn to be tried: pending -> expired.
struct time_passed {
    std::int64_t message_id = 0;
    int attempts = 0; // guard
    wall_time now{};
};

// The try is over but what became of it is not known: closes the attempts row, the message stays `sending`.
struct doubt {
    std::int64_t message_id = 0;
    int attempts = 0; // guard
    attempt_report attempt;
};

// What reading back showed of a row of a file that is older than what was sent: from pending, sending or
// unconfirmed to sent, pending (`stop`, where a person has stopped it) or unconfirmed.
struct proven {
    std::int64_t message_id = 0;
    message_status from = message_status::pending; // guard
    message_status to = message_status::pending;
    wall_time now{};
    wall_time sent_at{}; // for sent
    std::string text;    // for sent: what was found -> sent_text, unless it is frozen
    std::string sent_to; // for sent: where, unless it is known
    std::string remote_message_id;
    std::string remote_status;
    std::string detail; // for unconfirmed
};

// What one lane_end fails, or one lane_hold holds, at most, so that neither the loop nor a producer waits
// long: a row takes some 35 us.
inline constexpr int limit_rows = 150;

// The conversation has ended: pending rows of the lane fail, limit_rows at most. Applied: there may be more,
// ask again.
struct lane_end {
    std::string lane;
    wall_time now{};
    errc error = errc::conversation_ended;
    std::string detail;
    std::shared_ptr<int> rows; // where to tell how many failed; null: nobody asks
};

// The account may not speak there: its pending rows of the lane are held, limit_rows at most. Applied: there
// may be more, ask again.
struct lane_hold {
    std::string lane;
    std::string account;
    errc error = errc::forbidden;
    std::string detail;
};

// The lane is not claimed before `until`. Applied when there is such a lane.
struct lane_rest {
    std::string lane;
    wall_time now{};
    wall_time until{};
};

// A message that was accepted without an id takes the one that reading back found.
struct remote_claim {
    std::int64_t message_id = 0;
    std::string remote_message_id;
};

// remote_status of a message that is followed after its acceptance.
struct remote_news {
    std::int64_t message_id = 0;
    std::string remote_status;
    std::string detail; // the reason of a failed delivery -> error_detail; error stays NULL
};

// How many requests were answered (or given up) in one slice of steady time, for the sliding cap.
struct request_slice {
    std::int64_t at_ms = 0; // steady time since boot, ms: the slice's end
    int requests = 0;
};

// What limiter and breaker of an account must remember across a restart. `paused` is written only when the
// daemon itself pauses: an operator's UPDATE is never overwritten.
struct account_memory {
    std::string account;
    std::string boot_id;               // steady times below are of this boot
    std::int64_t saved_at_ms = 0;      // steady
    std::optional<wall_time> saved_at; // the same moment: what is wall time below is told from here
    double balance = 0;                // the bucket's balance in requests, at saved_at_ms -> column `tokens`
    int lease = 0;                     // requests that may have left since without being in `slices`
    std::vector<request_slice>
        slices; // new or changed since the last save; the store forgets those older than 2 minutes
    std::optional<wall_time> blocked_until;
    std::optional<wall_time> look_ups_blocked_until; // alone, while what needs none goes on
    std::string breaker = "closed";                  // closed | open | half_open
    std::optional<wall_time> breaker_until;
    int breaker_failures = 0;
    std::int64_t breaker_cool_off_ms = 0;
    std::optional<int> requests_allowed; // inin-ratelimit-*, as last seen
    std::optional<int> requests_used;
    std::optional<wall_time> window_resets_at;
    std::optional<std::int64_t> window_ms; // the length that was learned of the server's window
    bool window_slides = false;
    std::optional<std::string> pause_reason; // set: paused = 1 with this reason
};

// The clock was set back, so due_at may lie hours ahead: rows due after `latest` are due now, or at their
// not_before; a lane that rests for longer than until `latest` rests no more. One slice; applied: it was
// full, and there may be more. (Not "something was changed": what is put off meanwhile lies ahead as well, by
// the new clock and rightly.)
struct clock_set_back {
    wall_time now{};
    wall_time latest{}; // >= now
};

// The service ends, and has recorded what it could: the views tell it until accounts are registered again.
struct service_stop {
    wall_time now{};
};

using change = std::variant<mark, verdict, time_passed, doubt, proven, lane_end, lane_hold, lane_rest,
                            remote_claim, remote_news, account_memory, clock_set_back, service_stop>;

} // namespace cannedd
