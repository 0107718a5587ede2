// Opens the queue's file so that what is committed stays: created 0660, WAL, synchronous=FULL, both read
// back; defended against a schema that is not ours. Every fault is a std::runtime_error with a sentence for
// the operator.
#pragma once

#include "queue/database.hpp"
#include "queue/sqlite_store.hpp"

#include <cstdint>
#include <memory>

#include <sys/types.h>

namespace cannedd {

// Above it, checking all pages takes too long for a start.
inline constexpr std::int64_t quick_check_bytes_max = 256LL << 20;

// Which file is open: the path may come to name another one.
struct file_identity {
    dev_t device{};
    ino_t inode{};
    bool operator==(const file_identity&) const = default;
};

// The file at the path; nothing: there is none.
std::optional<file_identity> identity_of(const std::filesystem::path& file);

// Each account works on pages of its own: those of its rows in every index that begins with it.
void size_cache(database& db, std::size_t accounts);

std::unique_ptr<database> open_queue(const store_settings& settings, logger& log);

} // namespace cannedd
