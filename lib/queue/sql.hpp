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
extern const text next_priority, due_oldest, due_youngest, due_after, oldest_due, has_sending, has_due;
extern const text pending_accounts, hold_unknown, expire, next_expiry;
// changes
extern const text mark, attempt_open, lane_served, lane_turns_forget, verdict, attempt_close, attempt_insert,
    doubt;
extern const text lane_end, remote_claim, remote_news, due_again;
// accounts
extern const text account_register, account_expiry, account_save, account_pause, slice_save, slices_forget;
extern const text slices_of_other_boots, accounts, slices, response, counts;
// reading for verification
extern const text interrupted, owned, unnamed, first_doubt, followed;
// maintenance
extern const text data_version, schema_version, finished_counts, finished_before, attempts_before;
extern const text purge_messages, purge_attempts;

// All of the above.
std::span<const text* const> all() noexcept;

} // namespace cannedd::sql
