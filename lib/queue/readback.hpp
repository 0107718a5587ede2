// What verification asks: which messages are in doubt, and which ids of Genesys are spoken for.
#pragma once

#include "queue/database.hpp"
#include "queue/message_store.hpp"

namespace cannedd {

std::vector<interrupted_message> read_interrupted(database& db);
std::vector<std::string> owned_of(database& db, std::span<const std::string> remote_message_ids);
std::vector<spoken_message> read_spoken(database& db, const std::string& sent_to, wall_time named_since);
std::optional<wall_time> first_doubt_of(database& db, std::int64_t message_id);
int answers_of(database& db, std::int64_t message_id, int attempts, int http_status);
std::vector<std::int64_t> unproven_ids(database& db, const std::string& account, wall_time planned_after);
std::optional<unproven_message> read_unproven(database& db, std::int64_t id);
// Those with an id above `after`, in order of id.
std::vector<followed_message> read_followed(database& db, const std::string& account, std::int64_t after,
                                            std::size_t limit);

} // namespace cannedd
