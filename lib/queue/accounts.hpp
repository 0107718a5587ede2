// What limiter and breaker remember, canned responses, counters.
#pragma once

#include "queue/database.hpp"
#include "queue/message_store.hpp"

#include <set>

namespace cannedd {

void register_in_accounts(database& db, std::span<const account_registration> known);
int fill_missing_expiries(database& db, int limit);
// Inside the caller's transaction.
void save_account(database& db, const account_memory& memory);
std::vector<account_row> read_accounts(database& db);
// Of a query that tells names of accounts.
std::vector<std::string> account_names(database& db, const sql::text& query);
std::optional<std::string> read_response(database& db, const std::string& name);
std::vector<status_count> read_counts(database& db, const std::set<std::string>& known);

} // namespace cannedd
