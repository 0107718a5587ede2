// The first 100 bytes of a queue's file (SQLite's "Database File Format", 1.3): what must stand there is the
// same for every queue, so that a damaged header costs no row.
#pragma once

#include <filesystem>

namespace cannedd {

// False, too, for a file that is shorter or cannot be read.
bool has_sound_header(const std::filesystem::path& database);

// Copies the file, and its -wal where there is one, and gives the copy the header of a queue. Throws
// std::runtime_error when that cannot be done.
void copy_under_sound_header(const std::filesystem::path& database, const std::filesystem::path& copy);

} // namespace cannedd
