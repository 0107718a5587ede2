#include "queue/attempts.hpp"

namespace cannedd {
namespace sql {

const text attempt_open{"attempt_open", R"(
INSERT INTO attempts (message_id, attempt, started_at, phase, outcome, route, conversation_id, communication_id,
                      started_at_server)
VALUES (?1, ?2, ?3, 'written', 'indeterminate', ?4, ?5, ?6, ?7))"};
const text attempt_close{"attempt_close", R"(
UPDATE attempts SET finished_at = ?2, phase = ?3, http_status = ?4, outcome = ?5, error = ?6, correlation_id = ?7
 WHERE id = (SELECT a.id FROM attempts AS a
              WHERE a.message_id = ?1 AND a.finished_at IS NULL ORDER BY a.id DESC LIMIT 1))"};
const text attempt_insert{"attempt_insert", R"(
INSERT INTO attempts (message_id, attempt, started_at, finished_at, phase, http_status, outcome, error, correlation_id)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9))"};
const text doubt{"doubt", R"(
UPDATE attempts SET finished_at = ?3, phase = ?4, http_status = ?5, outcome = ?6, error = ?7, correlation_id = ?8
 WHERE id = (SELECT a.id FROM messages AS m CROSS JOIN attempts AS a ON a.message_id = m.id
              WHERE m.id = ?1 AND m.status = 'sending' AND m.attempts = ?2 AND a.finished_at IS NULL
              ORDER BY a.id DESC LIMIT 1))"};
const text attempt_over{"attempt_over", R"(
UPDATE attempts SET finished_at = ?2 WHERE message_id = ?1 AND finished_at IS NULL)"};

} // namespace sql

namespace {

std::optional<int> unless_zero(int value) {
    if (value == 0) return std::nullopt;
    return value;
}

} // namespace

std::optional<std::string_view> unless_empty(const std::string& value) {
    if (value.empty()) return std::nullopt;
    return value;
}

void open_attempt(database& db, const mark& it) {
    db.use(sql::attempt_open)
        .run_with(it.message_id, it.attempts_before + 1, it.now, it.route, unless_empty(it.sent_to),
                  unless_empty(it.communication_id), it.started_at_server);
}

void close_attempt(database& db, const verdict& it) {
    const auto& report = it.attempt;
    if (it.was_marked) {
        db.use(sql::attempt_close)
            .run_with(it.message_id, report.finished_at, report.phase, unless_zero(report.http_status),
                      report.outcome, report.error, unless_empty(report.correlation_id));
        return;
    }
    db.use(sql::attempt_insert)
        .run_with(it.message_id, it.attempts + 1, report.started_at, report.finished_at, report.phase,
                  unless_zero(report.http_status), report.outcome, report.error,
                  unless_empty(report.correlation_id));
}

bool leave_in_doubt(database& db, const doubt& it) {
    const auto& report = it.attempt;
    return db.use(sql::doubt)
               .run_with(it.message_id, it.attempts, report.finished_at, report.phase,
                         unless_zero(report.http_status), report.outcome, report.error,
                         unless_empty(report.correlation_id)) == 1;
}

void end_attempt(database& db, const proven& it) {
    db.use(sql::attempt_over).run_with(it.message_id, it.now);
}

} // namespace cannedd
