#include "queue/claims.hpp"

namespace cannedd {
namespace {

constexpr int above_every_priority = 101;

// The highest priority below `below` at which a lane of the account waits.
std::optional<int> next_priority(database& db, const std::string& account, int below) {
    auto row = db.use(sql::next_priority);
    if (!row.with(account, below).next()) return std::nullopt;
    return static_cast<int>(row.integer(0));
}

void collect(statement& rows, std::vector<message>& heads) {
    while (rows.next())
        heads.push_back(read_message(rows));
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
    return it;
}

std::vector<message> due_heads(database& db, const std::string& account, wall_time now, wall_time latest_turn,
                               std::size_t limit, bool youngest) {
    std::vector<message> heads;
    auto priority = next_priority(db, account, above_every_priority);
    while (priority && heads.size() < limit) {
        const auto wanted = static_cast<std::int64_t>(limit - heads.size());
        auto rows = db.use(youngest ? sql::due_youngest : sql::due_oldest);
        if (youngest) {
            rows.with(account, *priority, now, wanted);
        } else {
            rows.with(account, *priority, std::max(now, latest_turn), now, wanted);
        }
        collect(rows, heads);
        priority = next_priority(db, account, *priority);
    }
    return heads;
}

std::optional<wall_time> next_due_head(database& db, const std::string& account, wall_time now) {
    std::optional<wall_time> earliest;
    auto priority = next_priority(db, account, above_every_priority);
    while (priority) {
        auto row = db.use(sql::due_after);
        if (row.with(account, *priority, now).next() && (!earliest || row.wall(0) < *earliest))
            earliest = row.wall(0);
        priority = next_priority(db, account, *priority);
    }
    return earliest;
}

std::optional<wall_time> oldest_due_message(database& db, const std::string& account, wall_time now) {
    auto row = db.use(sql::oldest_due);
    if (!row.with(account, now).next()) return std::nullopt;
    return row.wall(0);
}

bool work_is_left(database& db, wall_time horizon) {
    auto sending = db.use(sql::has_sending);
    if (sending.next() && sending.integer(0) != 0) return true;
    auto due = db.use(sql::has_due);
    return due.with(horizon).next() && due.integer(0) != 0;
}

int hold_unknown(database& db, const std::set<std::string>& known, int limit) {
    std::vector<std::string> unknown;
    {
        auto rows = db.use(sql::pending_accounts);
        while (rows.next())
            if (!known.contains(rows.text(0))) unknown.push_back(rows.text(0));
    }
    if (unknown.empty()) return 0;
    write_transaction transaction(db);
    int held = 0;
    for (const auto& account : unknown) {
        if (held >= limit) break;
        const std::string detail =
            "the configuration has no account named '" + account +
            "': add it under accounts and reload cannedd, then replay the row (set its status to "
            "pending), or correct the row's account";
        held += db.use(sql::hold_unknown).with(account, errc::unknown_account, detail, limit - held).run();
    }
    transaction.commit();
    return held;
}

int expire_messages(database& db, wall_time now, int limit) {
    const auto first = next_expiry(db);
    if (!first || *first > now) return 0;
    write_transaction transaction(db);
    const int expired = db.use(sql::expire).with(now, limit).run();
    transaction.commit();
    return expired;
}

std::optional<wall_time> next_expiry(database& db) {
    auto row = db.use(sql::next_expiry);
    if (!row.next()) return std::nullopt;
    return row.wall(0);
}

} // namespace cannedd
