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
std::vector<std::string> paused_account_names(database& db);
std::vector<std::string> pending_account_names(database& db); // that have something to send
std::optional<std::string> read_response(database& db, const std::string& name);
std::vector<status_count> read_counts(database& db, const std::set<std::string>& known);

} // namespace cannedd
