// A look at a queue's file from outside, for --doctor: opened read-only, nothing is created or changed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cannedd {

struct paused_account {
    std::string name;
    std::string reason;
    bool by_operator = false;
};

struct inspection {
    bool opened = false;
    std::string trouble;   // why not, in SQLite's words
    bool is_queue = false; // application_id says so
    std::int64_t schema_version = 0;
    std::string journal_mode; // "wal"
    std::int64_t wal_bytes = 0;
    std::int64_t bytes = 0;
    // What is wrong with the first page that makes no sense, empty: they all do; nothing: they were not
    // looked at, for the file is too large for that (quick_check_bytes_max), or could not be.
    std::optional<std::string> damage;
    std::vector<paused_account> paused;
};

inspection inspect_queue(const std::filesystem::path& database);
// The schema that this binary brings along.
std::int64_t newest_schema_version();

} // namespace cannedd
