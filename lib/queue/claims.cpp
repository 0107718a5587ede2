#include "queue/claims.hpp"

#include "queue/accounts.hpp"
#include "queue/bookkeeping.hpp"
#include "queue/expired_detail.hpp"
#include "queue/message_columns.hpp"

namespace cannedd {
namespace sql {

// One indexed query a priority: a single one over all of them would walk every future row of the higher ones.
const text next_priority{"next_priority", R"(
SELECT priority FROM lanes INDEXED BY lanes_by_turn
 WHERE account = ?1 AND waits = ?3 AND priority < ?2 AND sending = 0 ORDER BY priority DESC LIMIT 1)"};
const text next_young_priority{"next_young_priority", R"(
SELECT priority FROM lanes INDEXED BY lanes_young
 WHERE account = ?1 AND priority < ?2 AND sending = 0 AND tried = 0 AND served_at = 0 ORDER BY priority DESC LIMIT 1)"};
// turn_at bounds the walk; ready_at decides. They differ only while the clock is behind a turn that was given
// already.
const text due_by_turn{"due_by_turn", R"(
SELECT head_id, lane, priority FROM lanes INDEXED BY lanes_by_turn
 WHERE account = ?1 AND waits = ?2 AND priority = ?3 AND sending = 0 AND turn_at <= ?4 AND ready_at <= ?5
 ORDER BY turn_at, head_id LIMIT ?6)"};
const text due_youngest{"due_youngest", R"(
SELECT head_id, lane, priority FROM lanes INDEXED BY lanes_young
 WHERE account = ?1 AND priority = ?2 AND sending = 0 AND tried = 0 AND served_at = 0 AND due_at <= ?3
   AND ready_at <= ?3
 ORDER BY due_at DESC, head_id DESC LIMIT ?4)"};
const text load{"load",
                "SELECT " MESSAGE_COLUMNS "FROM messages AS m WHERE m.id = ?1 AND m.status = 'pending'"};
// What is ready after ?4 has its turn after it, too; up to ?5 turns were given by a clock that was ahead.
const text ready_after{"ready_after", R"(
SELECT min(ready_at) FROM (
    SELECT ready_at FROM lanes INDEXED BY lanes_by_turn
     WHERE account = ?1 AND waits = ?2 AND priority = ?3 AND sending = 0 AND turn_at > ?4 AND turn_at <= ?5
       AND ready_at > ?4
    UNION ALL
    SELECT * FROM (SELECT ready_at FROM lanes INDEXED BY lanes_by_turn
                    WHERE account = ?1 AND waits = ?2 AND priority = ?3 AND sending = 0 AND turn_at > ?5
                    ORDER BY turn_at LIMIT 1)))"};
const text oldest_due{"oldest_due", R"(
SELECT due_at FROM messages WHERE account = ?1 AND status = 'pending' AND due_at <= ?2 ORDER BY due_at LIMIT 1)"};
// A replay leaves order_at as it was, so `changes` tells it. Of many that are tried again the 200 oldest are
// looked at.
const text oldest_undelivered{"oldest_undelivered", R"(
SELECT min(since) FROM (
    SELECT (SELECT due_at FROM messages WHERE account = ?1 AND status = 'pending' AND due_at <= ?2
             ORDER BY due_at LIMIT 1) AS since
    UNION ALL
    SELECT max(w.order_at, coalesce((SELECT max(c.changed_at) FROM changes AS c
                                      WHERE c.message_id = w.id AND c.after = 'pending'), 0))
      FROM (SELECT id, order_at FROM messages INDEXED BY messages_retried
             WHERE account = ?1 AND status = 'pending' AND (attempts > 0 OR deferrals > 0) AND order_at <= ?2
             ORDER BY order_at LIMIT 200) AS w
    UNION ALL
    SELECT max(s.order_at, coalesce((SELECT max(c.changed_at) FROM changes AS c
                                      WHERE c.message_id = s.id AND c.after = 'pending'), 0))
      FROM messages AS s INDEXED BY messages_sending WHERE s.status = 'sending' AND s.account = ?1))"};
const text count_sending{"count_sending", "SELECT total(messages) FROM counters WHERE status = 'sending'"};
// due_at is never before not_before, so most rows are told by the look at due_at.
const text pending_work{"pending_work", R"(
SELECT c.account, c.messages FROM counters AS c
 WHERE c.status = 'pending' AND c.messages > 0
   AND (EXISTS (SELECT 1 FROM messages INDEXED BY messages_due
                 WHERE account = c.account AND status = 'pending' AND due_at <= ?1)
        OR EXISTS (SELECT 1 FROM messages INDEXED BY messages_retried
                    WHERE account = c.account AND status = 'pending' AND (attempts > 0 OR deferrals > 0)
                      AND coalesce(not_before, 0) <= ?1)))"};
const text unknown_work{"unknown_work", R"(
SELECT c.account, (SELECT count(*) FROM messages INDEXED BY messages_age
                    WHERE account = c.account AND status = 'held' AND status <> 'sent' AND status <> 'sending'
                      AND error = 'unknown_account') AS unknown
  FROM counters AS c WHERE c.status = 'held' AND c.messages > 0 AND unknown > 0)"};
const text first_pending{"first_pending", R"(
SELECT id, account, status, lane FROM messages WHERE account = ?1 AND status = 'pending' AND due_at IS NOT NULL
 ORDER BY due_at LIMIT ?2)"};
const text empty_counters{"empty_counters", "SELECT DISTINCT account FROM counters WHERE messages <= 0"};
const text counters_forget{"counters_forget", "DELETE FROM counters WHERE account = ?1 AND messages <= 0"};
const text expired{"expired", R"(
SELECT id, account, status, lane FROM messages
 WHERE status IN ('pending', 'held') AND expires_at <= ?1 ORDER BY expires_at LIMIT ?2)"};
const text expire_row{"expire_row", R"(
UPDATE messages SET status = 'expired', finished_at = ?2, error_detail = )" EXPIRED_DETAIL " WHERE id = ?1"};
const text next_expiry{"next_expiry", R"(
SELECT expires_at FROM messages
 WHERE status IN ('pending', 'held') AND expires_at IS NOT NULL ORDER BY expires_at LIMIT 1)"};

} // namespace sql

namespace {

constexpr int above_every_priority = 101;
constexpr std::size_t names_per_commit = 100;

// The highest priority below `below` at which a lane of the account waits for such a turn.
std::optional<int> next_priority(database& db, const std::string& account, turn which, int below) {
    auto row = db.use(which == turn::youngest ? sql::next_young_priority : sql::next_priority);
    if (which == turn::youngest) {
        row.with(account, below);
    } else {
        row.with(account, below, which == turn::waiting);
    }
    if (!row.next()) return std::nullopt;
    return static_cast<int>(row.integer(0));
}

void collect(statement& rows, std::vector<due_lane>& lanes) {
    while (rows.next())
        lanes.push_back({.head_id = rows.integer(0),
                         .lane = rows.text(1),
                         .priority = static_cast<int>(rows.integer(2))});
}

std::vector<waiting_rows> read_waiting(statement& rows) {
    std::vector<waiting_rows> found;
    while (rows.next())
        found.push_back({.account = rows.text(0), .messages = rows.integer(1)});
    return found;
}

// Names that producers invent would fill the counters for good.
void forget_empty_counters(database& db, const std::set<std::string>& known) {
    std::vector<std::string> empty;
    {
        auto rows = db.use(sql::empty_counters);
        while (rows.next() && empty.size() < names_per_commit)
            if (!known.contains(rows.text(0))) empty.push_back(rows.text(0));
    }
    if (empty.empty()) return;
    write_transaction transaction(db);
    for (const auto& account : empty)
        db.use(sql::counters_forget).with(account).run();
    transaction.commit();
}

int hold_rows(database& db, bookkeeping& books, const std::string& account, int limit) {
    const std::string detail =
        "the configuration has no account named '" + account +
        "': add it under accounts and reload cannedd, then replay the row (set its status to pending), or "
        "correct the row's account";
    auto rows = db.use(sql::first_pending);
    const auto found = read_booked_rows(rows.with(account, limit));
    books.hold(found, errc::unknown_account, detail);
    std::set<std::string> lanes;
    for (const auto& row : found)
        lanes.insert(row.lane);
    books.refresh(lanes);
    return static_cast<int>(found.size());
}

} // namespace

message read_message(const statement& row) {
    message it;
    it.id = row.integer(0);
    it.account = row.text(1);
    it.lane = row.text(2);
    it.route = row.maybe_text(3);
    it.conversation_id = row.maybe_text(4);
    it.agent_id = row.maybe_text(5);
    it.customer_id = row.maybe_text(6);
    it.text = row.maybe_text(7);
    it.response = row.maybe_text(8);
    it.variables = row.text(9);
    it.priority = static_cast<int>(row.integer(10));
    it.created_at = row.wall(11);
    it.due_at = row.wall(12);
    it.expires_at = row.maybe_wall(13);
    it.attempts = static_cast<int>(row.integer(14));
    it.deferrals = static_cast<int>(row.integer(15));
    it.sent_text = row.maybe_text(16);
    if (it.sent_text) it.sent_template = row.maybe_text(17);
    return it;
}

std::vector<due_lane> due_lanes(database& db, const std::string& account, wall_time now,
                                wall_time latest_turn, std::size_t limit, turn which) {
    std::vector<due_lane> lanes;
    auto priority = next_priority(db, account, which, above_every_priority);
    while (priority && lanes.size() < limit) {
        const auto wanted = static_cast<std::int64_t>(limit - lanes.size());
        {
            auto rows = db.use(which == turn::youngest ? sql::due_youngest : sql::due_by_turn);
            if (which == turn::youngest) {
                rows.with(account, *priority, now, wanted);
            } else {
                rows.with(account, which == turn::waiting, *priority, std::max(now, latest_turn), now,
                          wanted);
            }
            collect(rows, lanes);
        }
        priority = next_priority(db, account, which, *priority);
    }
    return lanes;
}

std::optional<message> load_pending(database& db, std::int64_t id) {
    auto row = db.use(sql::load);
    if (!row.with(id).next()) return std::nullopt;
    return read_message(row);
}

std::optional<wall_time> next_ready(database& db, const std::string& account, wall_time now,
                                    wall_time latest_turn) {
    std::optional<wall_time> earliest;
    for (const auto which : {turn::oldest, turn::waiting}) {
        auto priority = next_priority(db, account, which, above_every_priority);
        while (priority) {
            {
                auto row = db.use(sql::ready_after);
                row.with(account, which == turn::waiting, *priority, now, std::max(now, latest_turn));
                const auto moment = row.next() ? row.maybe_wall(0) : std::nullopt;
                if (moment && (!earliest || *moment < *earliest)) earliest = moment;
            }
            priority = next_priority(db, account, which, *priority);
        }
    }
    return earliest;
}

std::optional<wall_time> oldest_due_message(database& db, const std::string& account, wall_time now) {
    auto row = db.use(sql::oldest_due);
    if (!row.with(account, now).next()) return std::nullopt;
    return row.wall(0);
}

std::optional<wall_time> oldest_undelivered_message(database& db, const std::string& account, wall_time now) {
    auto row = db.use(sql::oldest_undelivered);
    if (!row.with(account, now).next()) return std::nullopt;
    return row.maybe_wall(0);
}

rest_of_work read_rest_of_work(database& db, wall_time horizon) {
    rest_of_work rest;
    auto sending = db.use(sql::count_sending);
    rest.sending = sending.next() ? sending.integer(0) : 0;
    auto pending = db.use(sql::pending_work);
    rest.pending = read_waiting(pending.with(horizon));
    auto unknown = db.use(sql::unknown_work);
    rest.unknown = read_waiting(unknown);
    return rest;
}

std::vector<set_aside_row> hold_unknown(database& db, const std::set<std::string>& known, int limit) {
    auto unknown = pending_account_names(db);
    std::erase_if(unknown, [&](const auto& name) { return known.contains(name); });
    forget_empty_counters(db, known);
    if (unknown.empty()) return {};
    write_transaction transaction(db);
    bookkeeping books(db);
    int held = 0;
    for (const auto& account : unknown)
        if (held < limit) held += hold_rows(db, books, account, limit - held);
    books.settle();
    transaction.commit();
    return books.set_aside();
}

std::vector<set_aside_row> expire_messages(database& db, wall_time now, int limit) {
    const auto first = next_expiry(db);
    if (!first || *first > now) return {};
    write_transaction transaction(db);
    bookkeeping books(db);
    auto rows = db.use(sql::expired);
    const auto expired = read_booked_rows(rows.with(now, limit));
    std::set<std::string> lanes;
    for (const auto& row : expired) {
        db.use(sql::expire_row).with(row.id, now).run();
        books.set_aside(row, message_status::expired, std::nullopt);
        lanes.insert(row.lane);
    }
    books.refresh(lanes);
    books.settle();
    transaction.commit();
    return books.set_aside();
}

std::optional<wall_time> next_expiry(database& db) {
    auto row = db.use(sql::next_expiry);
    if (!row.next()) return std::nullopt;
    return row.wall(0);
}

} // namespace cannedd
