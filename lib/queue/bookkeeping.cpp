#include "queue/bookkeeping.hpp"

// account, id, priority, due_at, sending, tried, waits, order_at
#define HEAD_COLUMNS                                                                                         \
    "m.account, m.id, m.priority, m.due_at, m.status = 'sending', m.attempts > 0 OR m.deferrals > 0, "       \
    "coalesce(m.error = 'agent_not_connected' OR m.error = 'no_active_conversation' "                        \
    "OR m.error = 'bot_in_conversation', 0), m.order_at"

namespace cannedd {
namespace sql {

const text count{"count", R"(
INSERT INTO counters (account, status, messages) VALUES (?1, ?2, ?3)
    ON CONFLICT (account, status) DO UPDATE SET messages = messages + excluded.messages)"};
// As the trigger lane_refresh_run has it. One is sent at a time: after its end the next one is pending.
const text lane_sending{
    "lane_sending",
    R"(
SELECT )" HEAD_COLUMNS
    R"( FROM messages AS m INDEXED BY messages_sending WHERE m.lane = ?1 AND m.status = 'sending')"};
const text lane_next{"lane_next", R"(
SELECT )" HEAD_COLUMNS R"( FROM messages AS m INDEXED BY messages_lane
 WHERE m.lane = ?1 AND m.order_at >= coalesce((SELECT l.from_at FROM lanes AS l WHERE l.lane = ?1), 0) AND m.status = 'pending'
 ORDER BY m.order_at, m.id LIMIT 1)"};
const text lane_keep{"lane_keep", R"(
UPDATE lanes SET account = ?2, head_id = ?3, priority = ?4, due_at = ?5, sending = ?6, tried = ?7, waits = ?8,
                 from_at = CASE ?6 WHEN 1 THEN min(from_at, ?9) ELSE ?9 END,
                 ready_at = max(?5, rests_until), turn_at = max(?5, rests_until, served_at)
 WHERE lane = ?1)"};
const text lane_add{"lane_add", R"(
INSERT INTO lanes (lane, account, head_id, priority, due_at, sending, tried, waits, ready_at, turn_at, from_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?5, ?5, CASE ?6 WHEN 1 THEN 0 ELSE ?9 END))"};
const text lane_from{"lane_from", R"(
UPDATE lanes SET from_at = (SELECT m.order_at FROM messages AS m WHERE m.id = ?2)
 WHERE lane = ?1 AND from_at > (SELECT m.order_at FROM messages AS m WHERE m.id = ?2))"};
const text lane_drop{"lane_drop", "DELETE FROM lanes WHERE lane = ?1"};

const text owner{"owner", "SELECT account, lane, status FROM messages WHERE id = ?1"};
const text hold_row{"hold_row", R"(
UPDATE messages SET status = 'held', error = ?2, error_detail = ?3 WHERE id = ?1)"};

} // namespace sql

std::vector<booked_row> read_booked_rows(statement& rows) {
    std::vector<booked_row> found;
    while (rows.next())
        found.push_back({.id = rows.integer(0),
                         .account = rows.text(1),
                         .status = status_named(rows.text(2)),
                         .lane = rows.text(3)});
    return found;
}

// Not RETURNING: it opens a table of its own each time, which costs more than all the rest.
row_owner owner_of(database& db, std::int64_t message_id) {
    auto row = db.use(sql::owner);
    row.with(message_id).next();
    return {.account = row.text(0), .lane = row.text(1), .status = status_named(row.text(2))};
}

void bookkeeping::moved(const std::string& account, message_status from, message_status to) {
    if (from == to) return;
    --counts_[{account, from}];
    ++counts_[{account, to}];
}

// Nobody else tells of one that a person has stopped.
void bookkeeping::ended(const row_owner& whose, std::int64_t id, message_status from, message_status asked) {
    if (whose.status == asked)
        moved(whose.account, from, asked);
    else
        set_aside({.id = id, .account = whose.account, .status = from, .lane = whose.lane}, whose.status,
                  std::nullopt);
    if (from == message_status::sending)
        go_on(whose.lane, whose.account);
    else
        refresh(whose.lane, whose.account);
}

void bookkeeping::set_aside(const booked_row& row, message_status to, std::optional<errc> error) {
    moved(row.account, row.status, to);
    set_aside_.push_back({.id = row.id, .account = row.account, .lane = row.lane, .to = to, .error = error});
}

void bookkeeping::hold(const std::vector<booked_row>& rows, errc error, std::string_view detail) {
    const auto told = detail.empty() ? std::nullopt : std::optional(detail);
    for (const auto& row : rows) {
        db_.use(sql::hold_row).run_with(row.id, error, told);
        set_aside(row, message_status::held, error);
    }
}

void bookkeeping::deleted(const std::string& account, message_status status, int rows) {
    counts_[{account, status}] -= rows;
}

void bookkeeping::refresh(const std::string& lane, const std::string& by) {
    auto sending = db_.use(sql::lane_sending);
    if (sending.with(lane).next())
        keep(lane, sending, by);
    else
        go_on(lane, by);
}

void bookkeeping::go_on(const std::string& lane, const std::string& by) {
    auto next = db_.use(sql::lane_next);
    if (next.with(lane).next())
        keep(lane, next, by);
    else
        db_.use(sql::lane_drop).run_with(lane);
}

void bookkeeping::keep(const std::string& lane, const statement& head, const std::string& by) {
    if (auto whose = head.text(0); whose != by) came_first_.insert(std::move(whose));
    const auto put = [&](const sql::text& how) {
        return db_.use(how).run_with(lane, head.text(0), head.integer(1), head.integer(2), head.integer(3),
                                     head.integer(4), head.integer(5), head.integer(6), head.integer(7));
    };
    if (put(sql::lane_keep) == 0) put(sql::lane_add);
}

void bookkeeping::rejoins(const std::string& lane, std::int64_t id) {
    db_.use(sql::lane_from).run_with(lane, id);
}

void bookkeeping::refresh(const std::set<std::string>& lanes) {
    for (const auto& lane : lanes)
        refresh(lane, std::string());
}

void bookkeeping::settle() {
    for (const auto& [of, more] : counts_)
        if (more != 0) db_.use(sql::count).run_with(of.first, name_of(of.second), more);
    counts_.clear();
}

} // namespace cannedd
