// Whether the file is still the one that was opened, with the past that it had: not moved, replaced or
// deleted, nor its -wal or -shm; not written over where it stands (cp), nor set back to an earlier state
// (sqlite3's .restore); its schema still ours. Nothing is sent on the word of a file that fails this.
#pragma once

#include "queue/database.hpp"
#include "queue/opening.hpp"
#include "queue/store_fault.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace cannedd {

class file_watch {
public:
    // Without a path (a VFS of a test's own) it watches what is in the file alone.
    file_watch(database& db, std::filesystem::path file, bool on_disk);
    // What is wrong, if anything is.
    std::optional<store_fault> check();
    // The cheap half of it, for each commit, inside its transaction: what is committed then rests on it.
    std::optional<store_fault> check_at_commit();
    // An attempt that we wrote, and committed: it must not vanish while its message is there.
    void wrote_attempt(std::int64_t attempt_id, std::int64_t message_id);
    // Our own retention may have taken it.
    void purged();

private:
    // When SQLite's own checkpoints wrote into the file last, by the index of the log.
    struct log_marks {
        std::array<std::uint32_t, 2> salt{};
        std::uint32_t backfilled = 0, attempted = 0;
        bool operator==(const log_marks&) const = default;
    };
    struct contents {
        std::int64_t bytes = 0;
        std::int64_t seconds = 0, nanoseconds = 0; // of the last write
        bool operator==(const contents&) const = default;
    };

    std::optional<store_fault> check_path() const;
    std::optional<store_fault> check_neighbours() const;
    std::optional<store_fault> check_contents();
    std::optional<store_fault> check_header() const;
    std::optional<store_fault> check_past();
    std::optional<contents> look_at_contents() const;
    std::optional<log_marks> look_at_log() const;
    bool attempt_is_there() const;

    database& db_;
    std::filesystem::path file_;
    bool on_disk_;
    std::optional<file_identity> opened_, opened_wal_, opened_shm_;
    std::optional<contents> contents_;
    std::optional<log_marks> log_;
    std::int64_t schema_version_;
    std::int64_t data_version_ = 0;
    std::int64_t last_message_ = 0; // the highest id that was ever given
    std::int64_t attempt_ = 0, attempt_of_ = 0;
};

} // namespace cannedd
