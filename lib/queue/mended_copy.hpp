// A damaged queue is read from a copy of it in which is right again what is the same in every queue, or what
// the rows tell by themselves: the header, the schema, the pages that lead to rows.
#pragma once

#include "queue/database.hpp"

#include <filesystem>
#include <memory>

namespace cannedd {

class logger;

// For reading what can be read. The file, its -wal and its -shm stay as they are.
std::unique_ptr<database> open_damaged(const std::filesystem::path& file);

void remove_logs_of(const std::filesystem::path& file); // -wal and -shm
void remove_all_of(const std::filesystem::path& file);

enum class mended : std::uint8_t {
    nothing, // the copy cannot be read in this way
    header,
    tree,   // above the rows of messages
    schema, // that, too; of tables whose rows lay in one page, nothing is left
};

// Make the copy, with what is in the -wal. std::runtime_error: that cannot be done.
mended copy_with_sound_header(const std::filesystem::path& damaged, const std::filesystem::path& copy,
                              logger&);
mended copy_with_new_tree(const std::filesystem::path& damaged, const std::filesystem::path& copy,
                          logger& log);

} // namespace cannedd
