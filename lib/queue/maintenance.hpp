// The file below the queue: whether it is still the one that was opened, its WAL, and what has outlived its
// retention.
#pragma once

#include "queue/database.hpp"
#include "queue/message_store.hpp"
#include "queue/opening.hpp"

namespace cannedd {

// Watches the file and its schema. Without a path (a VFS of a test's own) it watches the schema alone.
class file_watch {
public:
    file_watch(database& db, std::filesystem::path file, bool on_disk);
    // What is wrong, if anything is.
    std::optional<store_fault> check();

private:
    std::optional<store_fault> check_path() const;

    database& db_;
    std::filesystem::path file_;
    std::filesystem::path wal_;
    bool on_disk_;
    std::optional<file_identity> opened_;
    std::optional<file_identity> opened_wal_;
    std::int64_t schema_version_;
};

std::int64_t data_version_of(database& db);
checkpoint_report truncate_wal(database& db);
std::int64_t wal_bytes_of(database& db);
int purge_slice(database& db, wall_time now, const retention_limits& limits, int slice_rows);

} // namespace cannedd
