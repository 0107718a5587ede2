#include "queue/changes.hpp"

#include "queue/accounts.hpp"

#include <algorithm>

namespace cannedd {
namespace {

constexpr int rows_due_again_per_slice = 500;

// What is not known is NULL, not empty or 0.
std::optional<std::string_view> unless_empty(const std::string& value) {
    if (value.empty()) return std::nullopt;
    return value;
}

std::optional<int> unless_zero(int value) {
    if (value == 0) return std::nullopt;
    return value;
}

bool write(database& db, const mark& it) {
    const bool applied =
        db.use(sql::mark)
            .with(it.message_id, it.attempts_before, it.now, it.text, unless_empty(it.sent_to))
            .run() == 1;
    if (!applied) return false;
    db.use(sql::attempt_open)
        .with(it.message_id, it.attempts_before + 1, it.now, it.route, unless_empty(it.sent_to),
              unless_empty(it.communication_id), it.started_at_server)
        .run();
    db.use(sql::lane_served).with(it.message_id, it.now, it.rests_until).run();
    return true;
}

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

bool is_final(message_status status) {
    return status == message_status::sent || status == message_status::failed ||
           status == message_status::expired || status == message_status::cancelled;
}

void close_attempt(database& db, const verdict& it) {
    const auto& report = it.attempt;
    if (it.was_marked) {
        db.use(sql::attempt_close)
            .with(it.message_id, report.finished_at, report.phase, unless_zero(report.http_status),
                  report.outcome, report.error, unless_empty(report.correlation_id))
            .run();
        return;
    }
    db.use(sql::attempt_insert)
        .with(it.message_id, it.attempts + 1, report.started_at, report.finished_at, report.phase,
              unless_zero(report.http_status), report.outcome, report.error,
              unless_empty(report.correlation_id))
        .run();
}

bool write(database& db, const verdict& it) {
    const tally after = tally_of(it);
    const bool sent = it.to == message_status::sent;
    const bool again = it.to == message_status::pending;
    auto row = db.use(sql::verdict);
    row.with(it.message_id, name_of(it.was_marked ? message_status::sending : message_status::pending),
             it.attempts, name_of(it.to), after.attempts, after.deferrals,
             again ? std::optional(it.due_at) : std::nullopt, sent ? std::optional(it.now) : std::nullopt,
             is_final(it.to) ? std::optional(it.now) : std::nullopt, sent ? std::nullopt : it.error,
             sent ? std::nullopt : unless_empty(it.detail), unless_empty(it.remote_message_id),
             unless_empty(it.remote_status), it.verified);
    if (row.run() != 1) return false;
    if (it.has_attempt) close_attempt(db, it);
    return true;
}

bool write(database& db, const doubt& it) {
    const auto& report = it.attempt;
    return db.use(sql::doubt)
               .with(it.message_id, it.attempts, report.finished_at, report.phase,
                     unless_zero(report.http_status), report.outcome, report.error,
                     unless_empty(report.correlation_id))
               .run() == 1;
}

bool write(database& db, const lane_end& it) {
    return db.use(sql::lane_end).with(it.lane, it.now, it.error, unless_empty(it.detail), limit_rows).run() >
           0;
}

bool write(database& db, const lane_rest& it) {
    return db.use(sql::lane_rest).with(it.lane, it.until).run() == 1;
}

bool write(database& db, const remote_claim& it) {
    return db.use(sql::remote_claim).with(it.message_id, it.remote_message_id).run() == 1;
}

bool write(database& db, const remote_news& it) {
    return db.use(sql::remote_news).with(it.message_id, it.remote_status, unless_empty(it.detail)).run() == 1;
}

bool write(database& db, const clock_set_back& it) {
    const int rested = db.use(sql::lanes_rest_less).with(it.latest, rows_due_again_per_slice).run();
    const int due = db.use(sql::due_again).with(it.now, it.latest, rows_due_again_per_slice).run();
    return std::max(rested, due) == rows_due_again_per_slice;
}

bool write(database& db, const account_memory& it) {
    save_account(db, it);
    return true;
}

} // namespace

bool write_change(database& db, const change& what) {
    return std::visit([&db](const auto& it) { return write(db, it); }, what);
}

} // namespace cannedd
