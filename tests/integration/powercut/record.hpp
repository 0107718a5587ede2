// One line of the write log: this head, then `size` bytes. Written in one call to a file opened for
// appending, so the order in the log is one order of what all processes did.
#pragma once

#include <cstdint>

namespace cannedd {

enum class record_kind : std::uint32_t {
    named,      // bytes: the name; file: which file it names from now on
    unlinked,   // bytes: the name
    wrote,      // bytes at `at`
    truncated,  // to `at`
    sync_began, // what was written before it ...
    sync_ended, // ... is on the disk when it has ended
    seen,       // bytes: what the simulator wrote to its transcript: customers have seen it
    told,       // bytes: what a producer was told is committed
};

struct record_head {
    record_kind kind{};
    std::uint32_t size = 0;
    std::uint64_t file = 0; // inode
    std::int64_t at = 0;
    std::uint64_t process = 0;
};

} // namespace cannedd
