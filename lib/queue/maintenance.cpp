#include "queue/maintenance.hpp"

#include "queue/bookkeeping.hpp"
#include "queue/fault.hpp"
#include "queue/log_index.hpp"

#include <sqlite3.h>

namespace cannedd {
namespace sql {

const text data_version{"data_version", "PRAGMA data_version"};
const text finished_counts{"finished_counts", R"(
SELECT account, status FROM counters
 WHERE messages > 0 AND status IN ('sent', 'failed', 'expired', 'cancelled'))"};
const text finished_before{"finished_before", R"(
SELECT EXISTS (SELECT 1 FROM messages INDEXED BY messages_finished
                WHERE account = ?1 AND status = ?2 AND finished_at < ?3))"};
const text attempts_before{"attempts_before", R"(
SELECT EXISTS (SELECT 1 FROM attempts INDEXED BY attempts_started WHERE started_at < ?1))"};
const text changes_before{"changes_before", R"(
SELECT EXISTS (SELECT 1 FROM changes INDEXED BY changes_made WHERE changed_at < ?1))"};
const text purge_changes{"purge_changes", R"(
DELETE FROM changes
 WHERE id IN (SELECT id FROM changes INDEXED BY changes_made WHERE changed_at < ?1 ORDER BY changed_at LIMIT ?2))"};
const text past_retention{"past_retention", R"(
SELECT id FROM messages INDEXED BY messages_finished
 WHERE account = ?1 AND status = ?2 AND finished_at < ?3 ORDER BY finished_at LIMIT ?4)"};
const text delete_message{"delete_message", "DELETE FROM messages WHERE id = ?1"};
const text delete_attempts{"delete_attempts", "DELETE FROM attempts WHERE message_id = ?1"};
// Ids grow with time: what began before an attempt that is past its age, is so itself, though its date lies
// ahead because the clock once did.
const text purge_future_attempts{"purge_future_attempts", R"(
DELETE FROM attempts
 WHERE id IN (SELECT f.id FROM attempts AS f INDEXED BY attempts_started
               WHERE f.started_at > ?2
                 AND f.id < (SELECT o.id FROM attempts AS o INDEXED BY attempts_started
                              WHERE o.started_at < ?1 ORDER BY o.started_at DESC LIMIT 1)
                 AND NOT EXISTS (SELECT 1 FROM messages AS m WHERE m.id = f.message_id AND m.status = 'sending')
               LIMIT ?3))"};
// What ended ahead of now, ended by a clock that was ahead: it is as old as now at the most. The first and
// the last row show that it is not the present clock that is wrong.
const text finished_ahead{"finished_ahead", R"(
SELECT EXISTS (SELECT 1 FROM messages INDEXED BY messages_finished
                WHERE account = ?1 AND status = ?2 AND finished_at > ?3)
   AND (SELECT created_at FROM messages ORDER BY id LIMIT 1) <= ?3
   AND (SELECT created_at FROM messages ORDER BY id DESC LIMIT 1) <= ?3)"};
const text finish_now{"finish_now", R"(
UPDATE messages SET finished_at = ?3
 WHERE id IN (SELECT id FROM messages INDEXED BY messages_finished
               WHERE account = ?1 AND status = ?2 AND finished_at > ?3 LIMIT ?4))"};
// What a message that is being sent must remember stays.
const text purge_attempts{"purge_attempts", R"(
DELETE FROM attempts
 WHERE id IN (SELECT a.id FROM attempts AS a INDEXED BY attempts_started
               WHERE a.started_at < ?1
                 AND NOT EXISTS (SELECT 1 FROM messages AS m WHERE m.id = a.message_id AND m.status = 'sending')
               ORDER BY a.started_at LIMIT ?2))"};

} // namespace sql

namespace {

// Producers that commit without a pause leave no moment in which nobody writes, and SQLite offers no turn.
constexpr int checkpoint_wait_ms = 5;

bool any_before(database& db, const sql::text& query, wall_time moment) {
    auto row = db.use(query);
    return row.with(moment).next() && row.integer(0) != 0;
}

struct finished_rows {
    std::string account;
    std::string status;
    wall_time before{};
    bool ahead = false; // some of them ended later than now
};

// Looked up before the lock is taken: a commit that changes nothing would still cost a sync and wake every
// neighbour.
std::vector<finished_rows> past_their_age(database& db, wall_time now, const retention_limits& limits) {
    std::vector<finished_rows> found;
    auto rows = db.use(sql::finished_counts);
    while (rows.next()) {
        finished_rows it;
        it.account = rows.text(0);
        it.status = rows.text(1);
        it.before = now - (it.status == "sent" ? limits.sent : limits.failed);
        auto any = db.use(sql::finished_before);
        const bool old = any.with(it.account, it.status, it.before).next() && any.integer(0) != 0;
        auto later = db.use(sql::finished_ahead);
        it.ahead = later.with(it.account, it.status, now).next() && later.integer(0) != 0;
        if (old || it.ahead) found.push_back(std::move(it));
    }
    return found;
}

// A finished row is no lane's head.
int purge_messages(database& db, bookkeeping& books, const finished_rows& of, int limit) {
    std::vector<std::int64_t> ids;
    {
        auto rows = db.use(sql::past_retention);
        rows.with(of.account, of.status, of.before, limit);
        while (rows.next())
            ids.push_back(rows.integer(0));
    }
    for (const auto id : ids) {
        db.use(sql::delete_attempts).with(id).run();
        db.use(sql::delete_message).with(id).run();
    }
    const int gone = static_cast<int>(ids.size());
    books.deleted(of.account, status_named(of.status), gone);
    return gone;
}

} // namespace

std::int64_t data_version_of(database& db) {
    return db.first_number(sql::data_version);
}

checkpoint_report truncate_wal(database& db, log_room room) {
    checkpoint_report report;
    db.keep_log_room(room == log_room::kept && read_log_index(db));
    sqlite3_busy_timeout(db.handle(), checkpoint_wait_ms);
    const int code =
        sqlite3_wal_checkpoint_v2(db.handle(), "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    sqlite3_busy_timeout(db.handle(), 0);
    db.keep_log_room(false); // what SQLite cuts by itself it cuts
    // Busy: what no reader needed was copied, the file keeps its length.
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) throw_last_error(db.handle());
    report.complete = code == SQLITE_OK;
    report.wal_bytes = wal_bytes_of(db);
    return report;
}

int purge_slice(database& db, wall_time now, const retention_limits& limits, int slice_rows) {
    const auto finished = past_their_age(db, now, limits);
    const auto attempts_until = now - limits.attempts;
    const bool old_attempts = any_before(db, sql::attempts_before, attempts_until);
    const bool old_changes = any_before(db, sql::changes_before, attempts_until);
    if (finished.empty() && !old_attempts && !old_changes) return 0;
    write_transaction transaction(db);
    bookkeeping books(db);
    int gone = 0;
    for (const auto& it : finished) {
        if (gone >= slice_rows) break;
        if (it.ahead)
            gone += db.use(sql::finish_now).with(it.account, it.status, now, slice_rows - gone).run();
        gone += purge_messages(db, books, it, slice_rows - gone);
    }
    if (gone < slice_rows)
        gone += db.use(sql::purge_future_attempts).with(attempts_until, now, slice_rows - gone).run();
    if (gone < slice_rows) gone += db.use(sql::purge_attempts).with(attempts_until, slice_rows - gone).run();
    if (gone < slice_rows) gone += db.use(sql::purge_changes).with(attempts_until, slice_rows - gone).run();
    books.settle();
    transaction.commit();
    return gone;
}

} // namespace cannedd
