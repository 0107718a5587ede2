// Deliberately broken daemons: each must be caught by the rule that is there for it. They are broken from
// outside, in what the delivery room is handed, so that the product's own code stays as it is.
#pragma once

#include "connection.hpp"
#include "queue/message_store.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace cannedd::simulation {

enum class mutation : std::uint8_t {
    none,
    resend_without_verify,
    impatient_reading, // one look, at once: what lags is taken for absent
    mark_after_send,   // the mark is kept back until the answer is recorded
    drop_busy_result,  // a result that met a lock is forgotten
    forget_bucket,     // limiter and breaker begin anew at a restart
    limiter_bypassed,
    owned_says_none,       // reading back may take a message that another row owns
    unnamed_says_none,     // ... or one that was accepted without an id
    unread_says_absent,    // ... or takes what is listed without its text for somebody else's
    kept_says_other,       // ... or what a server escaped
    nearly_says_other,     // ... or what it cut off
    stamps_believed,       // ... or what its clock stamped before it was sent
    listing_believed,      // ... or says absent what a listing lacks that lacks others of ours, too
    own_clock_trusted,     // ... or looks for it by the clock of this machine
    interrupted_says_none, // what a former run left in doubt is not looked at
    youngest_first,        // a lane's last row is taken for its head
    book_forgets,          // conversations do not remember that a message is in flight
    sync_does_nothing,
    attempts_not_closed,
    pause_ignored,
    nothing_expires,
    counters_drift,
    lanes_drift,
    due_too_soon,    // what is planned for later goes at once
    answers_ignored, // an accepted message is recorded as failed
    doubt_given_up,  // what reading back showed absent is left to a person
    purges_all,      // retention deletes what has just been sent
    fails_silently,  // a failed row does not say why
    sigterm_ignored,
    pages_get_lost,         // on their way from the log to the database file
    store_throws,           // a logic_error, for one second in ten
    start_gives_up_at_lock, // a producer's lock at a start is taken for the end
    reload_drops_account,   // a reload forgets an account that the file has
    replaced_kept,          // what a reload replaces is never let go
    orphan_ignored,         // what was being sent for an account that is gone is left as it is
    stop_ignored,           // what a person has stopped while it was being sent is sent again
    last,
};

struct mutation_facts {
    mutation what;
    std::string_view name;
    std::string_view rule; // which catches it
};

std::span<const mutation_facts> all_mutations() noexcept;
std::optional<mutation> mutation_named(std::string_view name) noexcept;

// The store, lying as the mutation wants; tamper: a connection that nobody guards.
std::unique_ptr<message_store> broken(mutation how, std::unique_ptr<message_store> honest,
                                      std::function<connection*()> tamper);

} // namespace cannedd::simulation
