// Which message may go next, and which may go no more.
#pragma once

#include "queue/database.hpp"
#include "queue/message_store.hpp"

#include <set>

namespace cannedd {

// Reads the columns of MESSAGE_COLUMNS (message_columns.hpp).
message read_message(const statement& row);

// latest_turn: when a lane last had its turn, by a clock that may have been set back since.
std::vector<due_lane> due_lanes(database& db, const std::string& account, wall_time now,
                                wall_time latest_turn, std::size_t limit, turn which);
std::optional<message> load_pending(database& db, std::int64_t id);
std::optional<wall_time> next_ready(database& db, const std::string& account, wall_time now,
                                    wall_time latest_turn);
std::optional<wall_time> oldest_due_message(database& db, const std::string& account, wall_time now);
std::optional<wall_time> oldest_undelivered_message(database& db, const std::string& account, wall_time now);
rest_of_work read_rest_of_work(database& db, wall_time horizon);

// At most `limit` rows a call, so that no producer waits long for the lock.
std::vector<set_aside_row> hold_unknown(database& db, const std::set<std::string>& known, int limit);
std::vector<set_aside_row> expire_messages(database& db, wall_time now, int limit);
std::optional<wall_time> next_expiry(database& db);

} // namespace cannedd
