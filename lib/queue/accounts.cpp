#include "queue/accounts.hpp"

namespace cannedd {
namespace sql {

const text paused_accounts{"paused_accounts", "SELECT account FROM accounts WHERE paused = 1"};
const text pending_accounts{"pending_accounts", R"(
SELECT account FROM counters WHERE status = 'pending' AND messages > 0)"};
const text account_register{"account_register", R"(
INSERT INTO accounts (account, expire_after_ms, requests_per_minute, conversation_per_minute) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (account) DO UPDATE
       SET expire_after_ms = excluded.expire_after_ms, requests_per_minute = excluded.requests_per_minute,
           conversation_per_minute = excluded.conversation_per_minute)"};
const text service_runs{"service_runs", R"(
INSERT INTO service (one, stopped_at) VALUES (1, NULL) ON CONFLICT (one) DO UPDATE SET stopped_at = NULL)"};
const text without_expiry{"without_expiry", R"(
SELECT EXISTS (SELECT 1 FROM accounts AS a CROSS JOIN messages AS m INDEXED BY messages_expiry
                WHERE a.expire_after_ms IS NOT NULL AND m.account = a.account AND m.expires_at IS NULL
                  AND m.status IN ('pending', 'held')))"};
const text fill_expiry{"fill_expiry", R"(
UPDATE messages
   SET expires_at = min(253402300799999,
           created_at + (SELECT a.expire_after_ms FROM accounts AS a WHERE a.account = messages.account))
 WHERE id IN (SELECT m.id FROM accounts AS a CROSS JOIN messages AS m INDEXED BY messages_expiry
               WHERE a.expire_after_ms IS NOT NULL AND m.account = a.account AND m.expires_at IS NULL
                 AND m.status IN ('pending', 'held') LIMIT ?1))"};
const text account_save{"account_save", R"(
INSERT INTO accounts (account, boot_id, saved_at_ms, tokens, lease, blocked_until, breaker, breaker_until,
                      breaker_failures, breaker_cool_off_ms, requests_allowed, requests_used, window_resets_at,
                      window_ms, window_slides, saved_at, look_ups_blocked_until)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
    ON CONFLICT (account) DO UPDATE
       SET boot_id = excluded.boot_id, saved_at_ms = excluded.saved_at_ms, tokens = excluded.tokens,
           lease = excluded.lease, blocked_until = excluded.blocked_until, breaker = excluded.breaker,
           breaker_until = excluded.breaker_until, breaker_failures = excluded.breaker_failures,
           breaker_cool_off_ms = excluded.breaker_cool_off_ms, requests_allowed = excluded.requests_allowed,
           requests_used = excluded.requests_used, window_resets_at = excluded.window_resets_at,
           window_ms = excluded.window_ms, window_slides = excluded.window_slides, saved_at = excluded.saved_at,
           look_ups_blocked_until = excluded.look_ups_blocked_until)"};
const text account_pause{"account_pause",
                         "UPDATE accounts SET paused = 1, paused_reason = ?2 WHERE account = ?1"};
const text pause_change{"pause_change", R"(
INSERT INTO changes (changed_at, by_whom, account, before, after, reason)
SELECT ?3, 'cannedd', account, paused, 1, ?2 FROM accounts WHERE account = ?1 AND paused = 0)"};
const text slice_save{"slice_save", R"(
INSERT INTO request_slices (account, at_ms, requests) VALUES (?1, ?2, ?3)
    ON CONFLICT (account, at_ms) DO UPDATE SET requests = excluded.requests)"};
const text slices_forget{"slices_forget", "DELETE FROM request_slices WHERE account = ?1 AND at_ms < ?2"};
const text slices_of_other_boots{"slices_of_other_boots", R"(
DELETE FROM request_slices
 WHERE account = ?1 AND EXISTS (SELECT 1 FROM accounts WHERE account = ?1 AND boot_id <> ?2))"};
const text accounts{"accounts", R"(
SELECT account, boot_id, saved_at_ms, tokens, lease, blocked_until, breaker, breaker_until, breaker_failures,
       breaker_cool_off_ms, requests_allowed, requests_used, window_resets_at, window_ms, window_slides, paused,
       paused_reason, saved_at, look_ups_blocked_until
  FROM accounts ORDER BY account)"};
const text slices{"slices", R"(
SELECT at_ms, requests FROM request_slices WHERE account = ?1 AND at_ms >= ?2 ORDER BY at_ms)"};
const text response{"response", "SELECT text FROM responses WHERE name = ?1"};
const text counts{"counts", "SELECT account, status, messages FROM counters"};

} // namespace sql

namespace {

constexpr std::int64_t slices_kept_ms = 120'000;

std::vector<std::string> names_of(database& db, const sql::text& query) {
    std::vector<std::string> names;
    auto rows = db.use(query);
    while (rows.next())
        names.push_back(rows.text(0));
    return names;
}

account_row read_account(const statement& row) {
    account_row it;
    auto& memory = it.memory;
    memory.account = row.text(0);
    memory.boot_id = row.text(1);
    memory.saved_at_ms = row.integer(2);
    memory.balance = row.real(3);
    memory.lease = static_cast<int>(row.integer(4));
    memory.blocked_until = row.maybe_wall(5);
    memory.breaker = row.text(6);
    memory.breaker_until = row.maybe_wall(7);
    memory.breaker_failures = static_cast<int>(row.integer(8));
    memory.breaker_cool_off_ms = row.integer(9);
    memory.requests_allowed = row.maybe_int(10);
    memory.requests_used = row.maybe_int(11);
    memory.window_resets_at = row.maybe_wall(12);
    if (const auto length = row.integer(13); length > 0) memory.window_ms = length;
    memory.window_slides = row.integer(14) != 0;
    it.paused = row.integer(15) != 0;
    it.paused_reason = row.text(16);
    memory.saved_at = row.maybe_wall(17);
    memory.look_ups_blocked_until = row.maybe_wall(18);
    return it;
}

} // namespace

void register_in_accounts(database& db, std::span<const account_registration> known) {
    write_transaction transaction(db);
    for (const auto& it : known)
        db.use(sql::account_register)
            .run_with(it.account, it.expire_after, it.requests_per_minute, it.conversation_per_minute);
    db.use(sql::service_runs).run();
    transaction.commit();
}

int fill_missing_expiries(database& db, int limit) {
    {
        auto any = db.use(sql::without_expiry);
        if (!any.next() || any.integer(0) == 0) return 0;
    }
    write_transaction transaction(db);
    const int filled = db.use(sql::fill_expiry).run_with(limit);
    transaction.commit();
    return filled;
}

void save_account(database& db, const account_memory& memory) {
    db.use(sql::slices_of_other_boots).run_with(memory.account, memory.boot_id);
    db.use(sql::account_save)
        .run_with(memory.account, memory.boot_id, memory.saved_at_ms, memory.balance, memory.lease,
                  memory.blocked_until, memory.breaker, memory.breaker_until, memory.breaker_failures,
                  memory.breaker_cool_off_ms, memory.requests_allowed, memory.requests_used,
                  memory.window_resets_at, memory.window_ms, memory.window_slides, memory.saved_at,
                  memory.look_ups_blocked_until);
    for (const auto& slice : memory.slices)
        db.use(sql::slice_save).run_with(memory.account, slice.at_ms, slice.requests);
    db.use(sql::slices_forget).run_with(memory.account, memory.saved_at_ms - slices_kept_ms);
    if (!memory.pause_reason) return;
    db.use(sql::pause_change)
        .run_with(memory.account, *memory.pause_reason, memory.saved_at.value_or(wall_time()));
    db.use(sql::account_pause).run_with(memory.account, *memory.pause_reason);
}

std::vector<std::string> paused_account_names(database& db) {
    return names_of(db, sql::paused_accounts);
}

std::vector<std::string> pending_account_names(database& db) {
    return names_of(db, sql::pending_accounts);
}

std::vector<account_row> read_accounts(database& db) {
    std::vector<account_row> accounts;
    {
        auto rows = db.use(sql::accounts);
        while (rows.next())
            accounts.push_back(read_account(rows));
    }
    for (auto& it : accounts) {
        auto rows = db.use(sql::slices);
        rows.with(it.memory.account, it.memory.saved_at_ms - slices_kept_ms);
        while (rows.next()) {
            request_slice slice;
            slice.at_ms = rows.integer(0);
            slice.requests = static_cast<int>(rows.integer(1));
            it.memory.slices.push_back(slice);
        }
    }
    return accounts;
}

std::optional<std::string> read_response(database& db, const std::string& name) {
    auto row = db.use(sql::response);
    if (!row.with(name).next()) return std::nullopt;
    return row.text(0);
}

std::vector<status_count> read_counts(database& db, const std::set<std::string>& known) {
    std::map<std::pair<std::string, message_status>, std::int64_t> sums;
    auto rows = db.use(sql::counts);
    while (rows.next()) {
        auto account = rows.text(0);
        if (!known.contains(account)) account = not_configured;
        sums[{std::move(account), status_named(rows.text(1))}] += rows.integer(2);
    }
    std::vector<status_count> counts;
    for (const auto& [of, messages] : sums) {
        status_count it;
        it.account = of.first;
        it.status = of.second;
        it.messages = messages;
        counts.push_back(it);
    }
    return counts;
}

} // namespace cannedd
