#include "queue/changes.hpp"

#include "queue/accounts.hpp"
#include "queue/attempts.hpp"
#include "queue/expired_detail.hpp"
#include "queue/verdicts.hpp"

#include <algorithm>
#include <set>

namespace cannedd {
namespace sql {

// Only the head of a lane that sends nothing, and only while it may still go: an operator may have been
// faster.
const text mark{"mark", R"(
UPDATE messages SET status = 'sending', attempts = attempts + 1, sent_text = ?4, sent_to = ?5, sent_template = ?6
 WHERE id = ?1 AND status = 'pending' AND attempts = ?2 AND due_at <= ?3 AND (expires_at IS NULL OR expires_at > ?3)
   AND (?7 IS NULL OR (account = ?7 AND lane = ?8)) AND (?9 IS NULL OR (coalesce(text, response) = ?9 AND variables = ?10))
   AND EXISTS (SELECT 1 FROM lanes AS l WHERE l.lane = messages.lane AND l.head_id = messages.id AND l.sending = 0))"};
// Its head stays: it is what is being sent.
const text lane_sends{"lane_sends", R"(
UPDATE lanes
   SET sending = 1, tried = 1, served_at = ?2, rests_until = coalesce(?3, rests_until),
       ready_at = max(due_at, coalesce(?3, rests_until)), turn_at = max(due_at, coalesce(?3, rests_until), ?2)
 WHERE lane = ?1)"};
const text lane_rest{"lane_rest", R"(
UPDATE lanes SET rests_until = ?2, ready_at = max(due_at, ?2), turn_at = max(due_at, ?2, served_at) WHERE lane = ?1)"};
const text lanes_rest_less{"lanes_rest_less", R"(
UPDATE lanes SET rests_until = 0, ready_at = due_at, turn_at = max(due_at, served_at)
 WHERE lane IN (SELECT lane FROM lanes INDEXED BY lanes_resting WHERE rests_until > 0 AND rests_until > ?1 LIMIT ?2))"};
const text expired_in_turn{"expired_in_turn", R"(
UPDATE messages SET status = 'expired', finished_at = ?3, error_detail = )" EXPIRED_DETAIL R"(
 WHERE id = ?1 AND status = 'pending' AND attempts = ?2)"};
// What is pending is due now, or at its own time; one that was read back has an end to its attempt.
const text proven{"proven", R"(
UPDATE messages
   SET status = CASE ?3 WHEN 'pending' THEN coalesce(stop, ?3) ELSE ?3 END,
       stop = CASE ?3 WHEN 'unconfirmed' THEN stop END,
       due_at = CASE ?3 WHEN 'pending' THEN max(?4, coalesce(not_before, 0)) ELSE due_at END,
       sent_text = coalesce(sent_text, ?5), sent_to = coalesce(sent_to, ?6), sent_at = ?7,
       finished_at = CASE WHEN ?3 = 'pending' AND stop = 'cancelled' THEN ?4 ELSE ?8 END, error = ?9,
       error_detail = CASE WHEN ?3 = 'pending' AND stop IS NOT NULL THEN ')" STOPPED_DETAIL R"(' ELSE ?10 END,
       remote_message_id = CASE WHEN EXISTS (SELECT 1 FROM messages AS o WHERE o.remote_message_id = ?11)
                                THEN remote_message_id ELSE coalesce(?11, remote_message_id) END,
       remote_status = coalesce(?12, remote_status), verified = ?13
 WHERE id = ?1 AND status = ?2)"};
const text service_stops{"service_stops", "UPDATE service SET stopped_at = ?1 WHERE one = 1"};
const text lane_pending{"lane_pending", R"(
SELECT id, account, status, lane FROM messages INDEXED BY messages_lane
 WHERE lane = ?1 AND order_at >= (SELECT l.from_at FROM lanes AS l WHERE l.lane = ?1) AND status = 'pending'
 ORDER BY order_at, id LIMIT ?2)"};
const text fail_row{"fail_row", R"(
UPDATE messages SET status = 'failed', finished_at = ?2, error = ?3, error_detail = ?4 WHERE id = ?1)"};
const text lane_pending_of{"lane_pending_of", R"(
SELECT id, account, status, lane FROM messages INDEXED BY messages_lane
 WHERE lane = ?1 AND order_at >= (SELECT l.from_at FROM lanes AS l WHERE l.lane = ?1) AND status = 'pending' AND account = ?2
 ORDER BY order_at, id LIMIT ?3)"};
const text remote_claim{"remote_claim", R"(
UPDATE messages SET remote_message_id = ?2
 WHERE id = ?1 AND status = 'sent' AND remote_message_id IS NULL
   AND NOT EXISTS (SELECT 1 FROM messages AS o WHERE o.remote_message_id = ?2))"};
const text remote_news{"remote_news", R"(
UPDATE messages SET remote_status = ?2, error_detail = coalesce(?3, error_detail)
 WHERE id = ?1 AND status = 'sent')"};
const text due_ahead{"due_ahead", R"(
SELECT id, account, status, lane FROM messages
 WHERE account IN (SELECT account FROM counters WHERE status = 'pending' AND messages > 0)
   AND status = 'pending' AND due_at > ?1 AND due_at > coalesce(not_before, 0) LIMIT ?2)"};
// Never before a row's own time; strictly earlier each time, so that it comes to an end.
const text due_again{"due_again", R"(
UPDATE messages SET due_at = max(?2, coalesce(not_before, 0)) WHERE id = ?1)"};

} // namespace sql

namespace {

constexpr int rows_due_again_per_slice = 150;

bool write(database& db, bookkeeping& books, const mark& it) {
    const bool applied = db.use(sql::mark).run_with(it.message_id, it.attempts_before, it.now, it.text,
                                                    unless_empty(it.sent_to), unless_empty(it.template_call),
                                                    unless_empty(it.account), it.lane, unless_empty(it.says),
                                                    it.variables) == 1;
    if (!applied) return false;
    const auto row =
        it.lane.empty()
            ? owner_of(db, it.message_id)
            : row_owner{.account = it.account, .lane = it.lane, .status = message_status::sending};
    books.moved(row.account, message_status::pending, message_status::sending);
    db.use(sql::lane_sends).run_with(row.lane, it.now, it.rests_until);
    open_attempt(db, it);
    return true;
}

bool write(database& db, bookkeeping& books, const verdict& it) {
    return write_verdict(db, books, it);
}

bool write(database& db, bookkeeping& books, const time_passed& it) {
    if (db.use(sql::expired_in_turn).run_with(it.message_id, it.attempts, it.now) != 1) return false;
    const auto whose = owner_of(db, it.message_id);
    const booked_row was{
        .id = it.message_id, .account = whose.account, .status = message_status::pending, .lane = whose.lane};
    books.set_aside(was, message_status::expired, std::nullopt);
    books.refresh(whose.lane, whose.account);
    return true;
}

bool write(database& db, bookkeeping&, const doubt& it) {
    return leave_in_doubt(db, it);
}

bool write(database& db, bookkeeping& books, const proven& it) {
    const bool sent = it.to == message_status::sent;
    const bool unsure = it.to == message_status::unconfirmed;
    const auto found = [sent](const std::string& value) { return sent ? unless_empty(value) : std::nullopt; };
    const bool applied =
        db.use(sql::proven)
            .run_with(it.message_id, name_of(it.from), name_of(it.to), it.now, found(it.text),
                      found(it.sent_to), sent ? std::optional(it.sent_at) : std::nullopt,
                      sent ? std::optional(it.now) : std::nullopt,
                      unsure ? std::optional(errc::unconfirmed) : std::nullopt,
                      unsure ? unless_empty(it.detail) : std::nullopt, found(it.remote_message_id),
                      found(it.remote_status), sent) == 1;
    if (!applied) return false;
    const auto whose = owner_of(db, it.message_id);
    if (it.from != message_status::sending && it.to == message_status::pending)
        books.rejoins(whose.lane, it.message_id);
    books.ended(whose, it.message_id, it.from, it.to);
    if (it.from == message_status::sending) end_attempt(db, it);
    return true;
}

bool write(database& db, bookkeeping& books, const lane_end& it) {
    auto rows = db.use(sql::lane_pending);
    const auto ended = read_booked_rows(rows.with(it.lane, limit_rows));
    for (const auto& row : ended) {
        db.use(sql::fail_row).run_with(row.id, it.now, it.error, unless_empty(it.detail));
        books.set_aside(row, message_status::failed, it.error);
    }
    if (!ended.empty()) books.refresh(it.lane, std::string());
    if (it.rows) *it.rows = static_cast<int>(ended.size());
    return !ended.empty();
}

bool write(database& db, bookkeeping& books, const lane_hold& it) {
    auto rows = db.use(sql::lane_pending_of);
    const auto barred = read_booked_rows(rows.with(it.lane, it.account, limit_rows));
    books.hold(barred, it.error, it.detail);
    if (!barred.empty()) books.refresh(it.lane, it.account);
    return !barred.empty();
}

bool write(database& db, bookkeeping&, const lane_rest& it) {
    return db.use(sql::lane_rest).run_with(it.lane, it.until) == 1;
}

bool write(database& db, bookkeeping&, const remote_claim& it) {
    return db.use(sql::remote_claim).run_with(it.message_id, it.remote_message_id) == 1;
}

bool write(database& db, bookkeeping&, const remote_news& it) {
    return db.use(sql::remote_news).run_with(it.message_id, it.remote_status, unless_empty(it.detail)) == 1;
}

bool write(database& db, bookkeeping& books, const clock_set_back& it) {
    const int rested = db.use(sql::lanes_rest_less).run_with(it.latest, rows_due_again_per_slice);
    auto rows = db.use(sql::due_ahead);
    const auto ahead = read_booked_rows(rows.with(it.latest, rows_due_again_per_slice));
    std::set<std::string> lanes;
    for (const auto& row : ahead) {
        db.use(sql::due_again).run_with(row.id, it.now);
        lanes.insert(row.lane);
    }
    books.refresh(lanes);
    return std::max(rested, static_cast<int>(ahead.size())) == rows_due_again_per_slice;
}

bool write(database& db, bookkeeping&, const service_stop& it) {
    return db.use(sql::service_stops).run_with(it.now) == 1;
}

bool write(database& db, bookkeeping&, const account_memory& it) {
    save_account(db, it);
    return true;
}

} // namespace

bool write_change(database& db, bookkeeping& books, const change& what) {
    return std::visit([&](const auto& it) { return write(db, books, it); }, what);
}

} // namespace cannedd
