// What limiter and breaker remember, canned responses, counters.
#pragma once

#include "queue/database.hpp"
#include "queue/message_store.hpp"

namespace cannedd {

void register_in_accounts(database& db, const std::string& account, milliseconds expire_after);
// Inside the caller's transaction.
void save_account(database& db, const account_memory& memory);
std::vector<account_row> read_accounts(database& db);
std::optional<std::string> read_response(database& db, const std::string& name);
std::vector<status_count> read_counts(database& db);

} // namespace cannedd
