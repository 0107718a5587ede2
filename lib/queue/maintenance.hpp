// The file below the queue: its WAL, and what has outlived its retention.
#pragma once

#include "queue/database.hpp"
#include "queue/message_store.hpp"

namespace cannedd {

std::int64_t data_version_of(database& db);
checkpoint_report truncate_wal(database& db, log_room room);
int purge_slice(database& db, wall_time now, const retention_limits& limits, int slice_rows);

} // namespace cannedd
