// Copies what can be read of a damaged queue into a new one, row by row. The damaged file, its -wal and its
// -shm stay as they are. Nothing of the copy goes by itself: what was pending is held, what was being sent is
// unconfirmed. Counters and lanes are not copied but made again from the rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace cannedd {

class logger;

struct salvaged_table {
    std::string name;
    std::int64_t copied = 0;
    std::int64_t lost = 0;    // ids whose page cannot be read: at most so many rows
    std::string lost_ids;     // "17 to 44, 90"; the first few ranges
    std::int64_t refused = 0; // rows that were read and make no sense
    bool end_unknown = false; // there may be more behind what was lost
    bool is_guess = false;    // `lost`: nothing tells where the table ended
};

struct salvage_report {
    std::vector<salvaged_table> tables;
    std::int64_t held = 0;                // that were pending
    std::int64_t unconfirmed = 0;         // that were being sent
    std::int64_t counted = -1;            // messages by the damaged file's own counters; -1: not readable
    bool header_was_damaged = false;      // the file's first 100 bytes, and was read by a queue's own
    bool tree_was_damaged = false;        // pages that lead to messages, which were found without them
    bool schema_was_damaged = false;      // that, too; so tables of few rows may be lost
    std::vector<std::string> left_behind; // tables that are not cannedd's
};

// Throws std::runtime_error with a sentence when not one message can be read, the file is no queue, or
// `fresh` is there already or cannot be made; then `fresh` is not there. progress is told the rows so far.
salvage_report salvage_queue(const std::filesystem::path& damaged, const std::filesystem::path& fresh,
                             logger& log, const std::function<void(std::int64_t)>& progress);

} // namespace cannedd
