// What is left on the file system below the queue. A file system that does not tell, or tells nonsense, is
// not full: only a write that fails shows it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace cannedd {

struct disk_room {
    std::int64_t bytes = 0;             // for this user: without what is reserved for root
    std::optional<std::int64_t> inodes; // nothing: a file system that does not count them
};

// Of the file system of the directory; nothing: it cannot be told.
std::optional<disk_room> room_in(const std::filesystem::path& directory);

// So little that the next commit may not fit.
bool is_scarce(const disk_room& left);

} // namespace cannedd
