// Every statement that the store runs while it works: static, named, guarded. A test asserts by EXPLAIN QUERY
// PLAN that none of them, and no trigger that they fire, scans a table that grows.
#pragma once

#include <span>

namespace cannedd::sql {

struct text {
    const char* name;
    const char* words;
};

// transactions
extern const text begin, own_writes_begin, own_writes_end, commit;
// claims
extern const text next_priority, next_young_priority, due_by_turn, due_youngest, load, ready_after,
    oldest_due, count_sending, pending_work, unknown_work;
extern const text pending_accounts, paused_accounts, hold_unknown, empty_counters, counters_forget, expire,
    next_expiry;
// changes
extern const text mark, attempt_open, lane_served, lane_rest, lanes_rest_less, lane_turns_forget, verdict,
    attempt_close, attempt_insert, doubt;
extern const text lane_end, remote_claim, remote_news, due_again;
// accounts
extern const text account_register, without_expiry, fill_expiry, account_save, account_pause, slice_save,
    slices_forget;
extern const text slices_of_other_boots, accounts, slices, response, counts;
// reading for verification
extern const text interrupted, owned, spoken, first_doubt, followed;
// maintenance
extern const text data_version, schema_version, finished_counts, finished_before, attempts_before;
extern const text purge_messages, purge_attempts, purge_future_attempts, finished_ahead, finish_now;

// All of the above.
std::span<const text* const> all() noexcept;

} // namespace cannedd::sql
