#include "queue/verdicts.hpp"

#include "queue/attempts.hpp"
#include "queue/fault.hpp"

#include <sqlite3.h>

namespace cannedd {
namespace sql {

const text verdict{"verdict", R"(
UPDATE messages
   SET status = ?4, attempts = ?5, deferrals = CASE ?6 WHEN 'reset' THEN 0 WHEN 'more' THEN deferrals + 1 ELSE deferrals END,
       due_at = coalesce(max(?7, coalesce(not_before, 0)), due_at),
       sent_at = coalesce(?8, sent_at), finished_at = ?9, error = ?10, error_detail = ?11,
       remote_message_id = coalesce(?12, remote_message_id),
       remote_status = coalesce(?13, remote_status), verified = ?14
 WHERE id = ?1 AND status = ?2 AND attempts = ?3 AND stop IS ?15)"};
const text stop_of{
    "stop_of",
    "SELECT stop FROM messages WHERE id = ?1 AND status = ?2 AND attempts = ?3 AND stop IS NOT NULL"};
const text stop_done{"stop_done", "UPDATE messages SET stop = NULL WHERE id = ?1"};
const text not_looked_for{"not_looked_for", R"(
INSERT INTO changes (changed_at, by_whom, account, message_id, before, after, reason)
VALUES (?1, 'cannedd', ?2, ?3, 'unconfirmed', ?4, 'unconfirmed: resend'))"};

} // namespace sql

namespace {

constexpr auto stopped_detail = STOPPED_DETAIL;

// What the verdict does to the row's attempts and deferrals.
struct tally {
    int attempts = 0;
    std::string_view deferrals = "same"; // same | reset | more
};

tally tally_of(const verdict& it) {
    tally after;
    after.attempts = it.attempts;
    const bool again = it.to == message_status::pending;
    const bool unmarked_try = !it.was_marked && (again || it.has_attempt);
    if (it.counts && (it.was_marked || unmarked_try)) {
        after.deferrals = "reset";
        if (unmarked_try) ++after.attempts; // a marked one was counted by its mark
    } else if (!it.counts && again) {
        after.deferrals = "more";
        if (it.was_marked) --after.attempts;
    }
    return after;
}

message_status from(const verdict& it) {
    return it.was_marked ? message_status::sending : message_status::pending;
}

bool is_final(message_status status) {
    return status == message_status::sent || status == message_status::failed ||
           status == message_status::expired || status == message_status::cancelled;
}

bool put(database& db, const verdict& it, std::optional<std::string_view> stop,
         const std::string& remote_message_id) {
    const tally after = tally_of(it);
    const bool sent = it.to == message_status::sent;
    const bool again = it.to == message_status::pending;
    return db.use(sql::verdict)
               .run_with(it.message_id, name_of(from(it)), it.attempts, name_of(it.to), after.attempts,
                         after.deferrals, again ? std::optional(it.due_at) : std::nullopt,
                         sent ? std::optional(it.now) : std::nullopt,
                         is_final(it.to) ? std::optional(it.now) : std::nullopt,
                         sent ? std::nullopt : it.error, sent ? std::nullopt : unless_empty(it.detail),
                         unless_empty(remote_message_id), unless_empty(it.remote_status), it.verified,
                         stop) == 1;
}

// Not asked beforehand: that costs a look for each message, and it is never so.
bool put(database& db, const verdict& it, std::optional<std::string_view> stop) {
    try {
        return put(db, it, stop, it.remote_message_id);
    } catch (const sqlite_error& error) {
        if (error.extended_code() != SQLITE_CONSTRAINT_UNIQUE) throw;
        return put(db, it, stop, std::string()); // another row has that message
    }
}

// What becomes of a row that a person has stopped meanwhile; nothing: nobody has. Unconfirmed, it stays so
// until a person has looked.
std::optional<verdict> put_stopped(database& db, const verdict& asked) {
    std::string stop;
    {
        auto row = db.use(sql::stop_of);
        if (!row.with(asked.message_id, name_of(from(asked)), asked.attempts).next()) return std::nullopt;
        stop = row.text(0);
    }
    auto it = asked;
    if (it.to == message_status::pending || it.to == message_status::held) {
        it.to = status_named(stop);
        it.error.reset();
        it.detail = stopped_detail;
    }
    if (!put(db, it, stop)) return std::nullopt;
    if (it.to != message_status::unconfirmed) db.use(sql::stop_done).run_with(it.message_id);
    return it;
}

bool record(database& db, bookkeeping& books, const verdict& it, message_status wanted) {
    auto whose = it.lane.empty() || !it.was_marked
                     ? owner_of(db, it.message_id)
                     : row_owner{.account = it.account, .lane = it.lane, .status = it.to};
    books.ended(whose, it.message_id, from(it), wanted);
    if (it.has_attempt) close_attempt(db, it);
    if (it.unproven && (wanted == message_status::pending || wanted == message_status::failed))
        db.use(sql::not_looked_for).run_with(it.now, whose.account, it.message_id, name_of(it.to));
    return true;
}

} // namespace

bool write_verdict(database& db, bookkeeping& books, const verdict& it) {
    if (put(db, it, std::nullopt)) return record(db, books, it, it.to);
    const auto stopped = put_stopped(db, it);
    return stopped && record(db, books, *stopped, it.to);
}

} // namespace cannedd
