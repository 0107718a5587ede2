// The queue as the delivery room sees it. Synchronous, and it never waits for a lock: a neighbour's lock
// comes back as store_trouble::busy and the caller tries again by timer. Every fault of the disk is a value.
#pragma once

#include "policy/fair_turns.hpp"
#include "queue/change.hpp"
#include "queue/operator_change.hpp"
#include "queue/retention_limits.hpp"
#include "queue/set_aside_row.hpp"
#include "queue/store_fault.hpp"

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace cannedd {

// A row found `sending` at start: its request may have been on the wire.
struct interrupted_message {
    message row;
    std::string sent_to; // of the mark
    std::string communication_id;
    std::string route;
    bool attempt_open = true; // the crash left its attempts row without an end
};

// A message that was accepted, and so has its place among the conversation's texts.
struct spoken_message {
    std::int64_t id = 0;
    std::string text;
    std::string remote_message_id; // empty: accepted without one, so that it still owns its place
    wall_time started_at{};        // its last attempt, by the server's clock where it was told
};

// A row whose fate this file may not know: it is older than what was sent since.
struct unproven_message {
    interrupted_message was; // sent_to, communication_id, route: of its last mark, where there was one
    message_status status = message_status::pending;
};

// A row of `accounts`.
struct account_row {
    account_memory memory; // slices: those of the last two minutes
    bool paused = false;
    std::string paused_reason;
};

struct followed_message {
    std::int64_t id = 0;
    std::string sent_to;
    std::string remote_message_id;
    std::string remote_status;
};

struct status_count {
    std::string account;
    message_status status = message_status::pending;
    std::int64_t messages = 0;
};

// The head of a lane, as claiming sees it: its row is loaded when its turn has come.
struct due_lane {
    std::int64_t head_id;
    std::string lane;
    int priority;
};

struct waiting_rows {
    std::string account;
    std::int64_t messages;
};

struct rest_of_work {
    std::int64_t sending = 0;
    std::vector<waiting_rows> pending; // of accounts with a pending row whose not_before is over
    std::vector<waiting_rows> unknown; // held as unknown_account
};

struct account_registration {
    std::string account;
    milliseconds expire_after;
    int requests_per_minute = 300;    // for queue_eta
    int conversation_per_minute = 60; // likewise: messages of one conversation
};

// Whether the log that a checkpoint has emptied keeps its room on the disk, for what comes at once.
enum class log_room { kept, given_back };

struct checkpoint_report {
    bool complete = false;      // false: a reader or writer was in the way
    std::int64_t wal_bytes = 0; // of the log afterwards
};

// In counts(), for all accounts that are not registered.
inline constexpr std::string_view not_configured = "(not configured)";

// As long as it is there, what is read is of one moment, and a lock is taken once for all of it.
class one_moment {
public:
    one_moment() = default;
    virtual ~one_moment() = default;
    one_moment(const one_moment&) = delete;
    one_moment& operator=(const one_moment&) = delete;
};

class message_store {
public:
    virtual ~message_store() = default;

    // For many small reads in a row: nothing is written, and nothing awaited, before it is gone. Null: this
    // store has no need of it.
    virtual std::unique_ptr<one_moment> read_at_one_moment() { return nullptr; }

    // Heads of lanes that are ready at `now` (due, and not resting), not being sent, of this account: highest
    // priority first, then as `which` says. At most `limit`. From the index of lanes alone.
    virtual store_result<std::vector<due_lane>> due(const std::string& account, wall_time now,
                                                    std::size_t limit, turn which) = 0;
    // The row, while it is pending; nothing otherwise.
    virtual store_result<std::optional<message>> load(std::int64_t id) = 0;
    // The next moment at which a lane of the account becomes ready, after `now`; nothing: none waits.
    virtual store_result<std::optional<wall_time>> next_due(const std::string& account, wall_time now) = 0;
    // Accounts that rows name and that nobody registered: their pending rows are held as unknown_account, and
    // counters of such names that count nothing are forgotten. One slice; how many rows were held.
    virtual store_result<int> hold_unknown_accounts(wall_time now) = 0;
    // Pending and held rows past expires_at become expired, at most `limit`; how many did.
    virtual store_result<int> expire(wall_time now, int limit) = 0;
    virtual store_result<std::optional<wall_time>> next_expiry() = 0;

    // All of them in one commit (FULL), or none (fault). applied[i]: changes[i] found what it expected.
    // No changes: a commit all the same, which shows whether the disk takes one.
    virtual store_result<std::vector<bool>> apply(std::span<const change> changes) = 0;

    // Accounts whose row came first in a lane by what was applied since the last call, because another
    // account's row left it: they do not know yet.
    virtual std::set<std::string> take_who_came_first() = 0;
    // What was set aside since the last call: by expire(), hold_unknown_accounts(), lane_end, lane_hold
    // and a verdict that its time had passed.
    virtual std::vector<set_aside_row> take_set_aside() = 0;

    // What people did to rows since the last call; not what was done before this store was opened.
    virtual store_result<std::vector<operator_change>> take_operator_changes() = 0;

    virtual store_result<std::vector<interrupted_message>> interrupted() = 0;
    // Of these ids of Genesys, those that a row already owns.
    virtual store_result<std::vector<std::string>> owned(std::span<const std::string> remote_message_ids) = 0;
    // All without an id of Genesys, and those with one whose attempt began at named_since or later.
    virtual store_result<std::vector<spoken_message>> spoken(const std::string& sent_to,
                                                             wall_time named_since) = 0;
    // Begin of the first of the message's attempts that are indeterminate, by the server's clock where it was
    // told; nothing: there are none.
    virtual store_result<std::optional<wall_time>> first_doubt(std::int64_t message_id) = 0;
    // How many of the message's newest `attempts` tries that count were answered with this HTTP status.
    virtual store_result<int> answers(std::int64_t message_id, int attempts, int http_status) = 0;
    // Ids of the account's rows that are pending, sending, unconfirmed or held, by lane and age. Those that
    // went elsewhere (sent_elsewhere) are a person's; those whose not_before lies after `planned_after`, and
    // that were never tried, nobody can have sent.
    virtual store_result<std::vector<std::int64_t>> unproven(const std::string& account,
                                                             wall_time planned_after) = 0;
    // Nothing: an operator was faster.
    virtual store_result<std::optional<unproven_message>> load_unproven(std::int64_t id) = 0;
    virtual store_result<std::vector<followed_message>> followed(const std::string& account,
                                                                 std::size_t limit) = 0;

    // Makes these accounts known, and no others, with what the schema's triggers need of their settings, and
    // tells by it that the service runs. One commit.
    virtual store_result<bool> register_accounts(std::span<const account_registration> known) = 0;
    // Rows that came before their account was known get their expires_at, at most `limit`; how many did (0:
    // none is left).
    virtual store_result<int> fill_expiries(int limit) = 0;
    virtual store_result<std::vector<account_row>> accounts() = 0;
    // Cheap, for after each commit of a neighbour: whose switch is set, and who has pending rows.
    virtual store_result<std::set<std::string>> paused_accounts() = 0;
    virtual store_result<std::vector<std::string>> pending_accounts() = 0;
    virtual store_result<std::optional<std::string>> response(const std::string& name) = 0;

    // From counters, never a scan. Accounts that are not known are one, not_configured.
    virtual store_result<std::vector<status_count>> counts() = 0;
    // due_at of the oldest row of the account that is due; nothing: none is.
    virtual store_result<std::optional<wall_time>> oldest_due(const std::string& account, wall_time now) = 0;
    // Since when the oldest row of the account waits that could go now, is being sent or is tried again,
    // whatever its due_at says by now; a replayed row waits since its replay. Nothing: there is none.
    virtual store_result<std::optional<wall_time>> oldest_undelivered(const std::string& account,
                                                                      wall_time now) = 0;
    // What is still to be done: rows whose own not_before is later than `horizon` do not count, the pauses
    // that we made ourselves (a retry's due_at) do.
    virtual store_result<rest_of_work> work_left(wall_time horizon) = 0;

    // Changes when another connection has committed (cheap: no lock is waited for).
    virtual store_result<std::int64_t> data_version() = 0;
    // A fault when the file at the path is no longer the one that is open, or holds objects that are not
    // ours.
    virtual store_result<bool> check_file() = 0;
    virtual store_result<checkpoint_report> checkpoint(log_room room) = 0;
    store_result<checkpoint_report> checkpoint() { return checkpoint(log_room::given_back); }
    // Of the write-ahead log as it is now; cheap. A store without one has none.
    virtual std::int64_t wal_bytes() { return 0; }
    // So little room is left that a commit alone shows whether there is any; cheap. A store without a disk
    // has room.
    virtual bool room_is_scarce() { return false; }
    // Deletes one slice of what is past its age; how many rows went.
    virtual store_result<int> purge(wall_time now, const retention_limits& limits, int slice_rows) = 0;
};

} // namespace cannedd
