// What the index of the write-ahead log tells, which SQLite shares between all processes: how long the log
// is, and what checkpoints did (https://sqlite.org/walformat.html). Looked at without a lock, so each word
// may be of another moment.
#pragma once

#include "queue/database.hpp"

#include <array>
#include <cstdint>
#include <optional>

struct sqlite3_file;

namespace cannedd {

struct log_index {
    std::uint32_t frames = 0; // committed
    std::uint32_t page_bytes = 0;
    std::array<std::uint32_t, 2> salt{}; // of the frames, as it lies in the file
    std::uint32_t backfilled = 0, attempted = 0;
};

// As SQLite has it open; null: it has not.
sqlite3_file* main_file_of(database& db);
// Nothing: the file has no index that could be looked at.
std::optional<log_index> read_log_index(database& db);
// Of the log from its begin to the last commit, and a little more while somebody writes behind it. Not the
// file's length: a log that was cut may have kept its room.
std::int64_t wal_bytes_of(database& db);

} // namespace cannedd
