// A table's rows lie in leaf pages, and a few pages above lead to them (SQLite's "Database File
// Format", 1.6). Where those are gone, cut off or written over, the leaves still tell whose they are and
// where they belong: the tree is grown again above them. For a copy of a damaged file, never for one in use.
#pragma once

#include <cstdint>
#include <filesystem>

namespace cannedd {

struct table_tree {
    std::uint32_t root = 0;  // page, from 1
    std::uint64_t width = 0; // columns of each row
};

// How many leaves the tree has now; 0: the file was left as it is, for there is none, or no more than one.
// What free pages hold is left out, and a leaf whose rows another one has already. Pages of 4096 bytes, as a
// queue's are. Throws std::runtime_error when the file cannot be read or written.
std::size_t regrow_tree(const std::filesystem::path& file, const table_tree& table);

} // namespace cannedd
