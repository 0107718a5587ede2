// A look at a queue's file from outside, for --doctor: opened read-only, nothing is created or changed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace cannedd {

struct inspection {
    bool opened = false;
    std::string trouble;   // why not, in SQLite's words
    bool is_queue = false; // application_id says so
    std::int64_t schema_version = 0;
    std::string journal_mode; // "wal"
    std::int64_t wal_bytes = 0;
};

inspection inspect_queue(const std::filesystem::path& database);
// The schema that this binary brings along.
std::int64_t newest_schema_version();

} // namespace cannedd
