#include "queue/readback.hpp"

#include "queue/claims.hpp"
#include "queue/message_columns.hpp"

#include <algorithm>
#include <tuple>

namespace cannedd {
namespace sql {

// An indeterminate attempt's route and address are those of the mark, its row the newest that was opened.
const text interrupted{"interrupted", "SELECT " MESSAGE_COLUMNS R"(, m.sent_to,
       (SELECT a.communication_id FROM attempts AS a
         WHERE a.message_id = m.id AND a.route IS NOT NULL ORDER BY a.id DESC LIMIT 1),
       (SELECT a.route FROM attempts AS a
         WHERE a.message_id = m.id AND a.route IS NOT NULL ORDER BY a.id DESC LIMIT 1)
  FROM messages AS m INDEXED BY messages_sending
 WHERE m.status = 'sending' ORDER BY m.id)"};
const text owned{"owned", "SELECT 1 FROM messages WHERE remote_message_id = ?1"};
const text spoken{"spoken", R"(
SELECT m.id, coalesce(m.sent_text, ''), m.remote_message_id,
       coalesce(a.started_at_server, a.started_at, m.sent_at, m.created_at)
  FROM (SELECT n.id FROM messages AS n INDEXED BY messages_lane WHERE n.lane = ?1 AND n.status = 'sent'
        UNION ALL
        SELECT s.id FROM messages AS s INDEXED BY messages_spoken
         WHERE s.sent_to = ?1 AND s.status = 'sent' AND s.conversation_id IS NULL) AS i
  JOIN messages AS m ON m.id = i.id
  LEFT JOIN attempts AS a ON a.id = (SELECT max(l.id) FROM attempts AS l WHERE l.message_id = m.id)
 WHERE m.remote_message_id IS NULL
    OR coalesce(a.started_at_server, a.started_at, m.sent_at, m.created_at) >= ?2
 ORDER BY m.id)"};
const text first_doubt{"first_doubt", R"(
SELECT coalesce(started_at_server, started_at) FROM attempts
 WHERE message_id = ?1 AND outcome = 'indeterminate' ORDER BY id LIMIT 1)"};
// A try that did not count gives its number to the next, and a row that is tried anew begins again at 1.
const text answers{"answers", R"(
SELECT count(*) FROM attempts AS a
 WHERE a.message_id = ?1 AND a.attempt <= ?2 AND a.http_status = ?3
   AND NOT EXISTS (SELECT 1 FROM attempts AS later
                    WHERE later.message_id = ?1 AND later.attempt = a.attempt AND later.id > a.id))"};
const text unproven_pending{"unproven_pending", R"(
SELECT id, lane, created_at FROM messages INDEXED BY messages_due
 WHERE account = ?1 AND status = 'pending' AND due_at IS NOT NULL
   AND NOT (coalesce(not_before, 0) > ?2 AND attempts = 0 AND sent_text IS NULL
            AND NOT EXISTS (SELECT 1 FROM attempts AS a WHERE a.message_id = messages.id)))"};
const text unproven_sending{"unproven_sending", R"(
SELECT id, lane, created_at FROM messages INDEXED BY messages_sending WHERE account = ?1 AND status = 'sending')"};
const text unproven_unconfirmed{"unproven_unconfirmed", R"(
SELECT id, lane, created_at FROM messages INDEXED BY messages_age
 WHERE account = ?1 AND status = 'unconfirmed' AND status <> 'sent' AND status <> 'sending'
   AND coalesce(error, '') <> 'sent_elsewhere')"};
// Held when the copy was made, and perhaps released and sent since.
const text unproven_held{"unproven_held", R"(
SELECT id, lane, created_at FROM messages INDEXED BY messages_age
 WHERE account = ?1 AND status = 'held' AND status <> 'sent' AND status <> 'sending')"};
const text unproven{"unproven", "SELECT " MESSAGE_COLUMNS R"(, m.sent_to,
       (SELECT a.communication_id FROM attempts AS a
         WHERE a.message_id = m.id AND a.route IS NOT NULL ORDER BY a.id DESC LIMIT 1),
       (SELECT a.route FROM attempts AS a
         WHERE a.message_id = m.id AND a.route IS NOT NULL ORDER BY a.id DESC LIMIT 1), m.status
  FROM messages AS m
 WHERE m.id = ?1 AND (m.status = 'pending' OR m.status = 'sending' OR m.status = 'unconfirmed' OR m.status = 'held'))"};
const text followed{"followed", R"(
SELECT id, sent_to, remote_message_id, remote_status FROM messages INDEXED BY messages_followed
 WHERE account = ?1 AND id > ?2 AND status = 'sent' AND remote_message_id IS NOT NULL
   AND coalesce(remote_status, '') NOT IN ('delivery-success', 'delivery-failed')
 ORDER BY id LIMIT ?3)"};

} // namespace sql

namespace {

interrupted_message read_one(statement& row) {
    constexpr int after_message = message_columns;
    interrupted_message it;
    it.row = read_message(row);
    it.sent_to = row.text(after_message);
    it.communication_id = row.text(after_message + 1);
    it.route = row.text(after_message + 2);
    return it;
}

} // namespace

std::vector<interrupted_message> read_interrupted(database& db) {
    std::vector<interrupted_message> found;
    auto rows = db.use(sql::interrupted);
    while (rows.next())
        found.push_back(read_one(rows));
    return found;
}

std::vector<std::int64_t> unproven_ids(database& db, const std::string& account, wall_time planned_after) {
    std::vector<std::tuple<std::string, std::int64_t, std::int64_t>> found; // lane, created_at, id
    const auto add = [&found](statement& rows) {
        while (rows.next())
            found.emplace_back(rows.text(1), rows.integer(2), rows.integer(0));
    };
    auto pending = db.use(sql::unproven_pending);
    add(pending.with(account, planned_after));
    for (const auto* const query :
         {&sql::unproven_sending, &sql::unproven_unconfirmed, &sql::unproven_held}) {
        auto rows = db.use(*query);
        add(rows.with(account));
    }
    std::ranges::sort(found);
    std::vector<std::int64_t> ids;
    ids.reserve(found.size());
    for (const auto& [lane, created_at, id] : found)
        ids.push_back(id);
    return ids;
}

std::optional<unproven_message> read_unproven(database& db, std::int64_t id) {
    auto row = db.use(sql::unproven);
    if (!row.with(id).next()) return std::nullopt;
    unproven_message found;
    found.was = read_one(row);
    found.status = status_named(row.text(message_columns + 3));
    return found;
}

std::vector<std::string> owned_of(database& db, std::span<const std::string> remote_message_ids) {
    std::vector<std::string> owned;
    auto row = db.use(sql::owned);
    for (const auto& id : remote_message_ids) {
        if (row.with(id).next()) owned.push_back(id);
        row.rewind();
    }
    return owned;
}

std::vector<spoken_message> read_spoken(database& db, const std::string& sent_to, wall_time named_since) {
    std::vector<spoken_message> found;
    auto rows = db.use(sql::spoken);
    rows.with(sent_to, named_since);
    while (rows.next()) {
        spoken_message it;
        it.id = rows.integer(0);
        it.text = rows.text(1);
        it.remote_message_id = rows.text(2);
        it.started_at = rows.wall(3); // by sent_at when its attempts are past their retention
        found.push_back(std::move(it));
    }
    return found;
}

std::optional<wall_time> first_doubt_of(database& db, std::int64_t message_id) {
    auto row = db.use(sql::first_doubt);
    if (!row.with(message_id).next()) return std::nullopt;
    return row.wall(0);
}

int answers_of(database& db, std::int64_t message_id, int attempts, int http_status) {
    auto row = db.use(sql::answers);
    row.with(message_id, attempts, http_status).next();
    return static_cast<int>(row.integer(0));
}

std::vector<followed_message> read_followed(database& db, const std::string& account, std::int64_t after,
                                            std::size_t limit) {
    std::vector<followed_message> found;
    auto rows = db.use(sql::followed);
    rows.with(account, after, static_cast<std::int64_t>(limit));
    while (rows.next()) {
        followed_message it;
        it.id = rows.integer(0);
        it.sent_to = rows.text(1);
        it.remote_message_id = rows.text(2);
        it.remote_status = rows.text(3);
        found.push_back(std::move(it));
    }
    return found;
}

} // namespace cannedd
