// The locks that the connections to one database file hold against each other: SQLite's five levels on the
// file and the eight slots of the WAL-index, with the memory that the index lives in. Owners are connections'
// open files; a process that dies lets go of all of them at once.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <set>
#include <vector>

namespace cannedd::simulation {

using lock_owner = const void*;

class file_locks {
public:
    // level: SQLITE_LOCK_NONE .. SQLITE_LOCK_EXCLUSIVE. False: somebody else is in the way.
    bool lock(lock_owner owner, int& held, int wanted);
    void unlock(lock_owner owner, int& held, int wanted);
    bool reserved() const { return writer_ != nullptr; }

private:
    std::set<lock_owner> readers_;
    lock_owner writer_ = nullptr; // reserved or more
    bool pending_ = false;        // no new reader
};

class shared_memory {
public:
    static constexpr int slots = 8; // SQLITE_SHM_NLOCK

    // A region of the index; nothing: it is not there and was not to be made. Whoever comes first finds it
    // empty.
    void* map(lock_owner owner, std::size_t region, std::size_t bytes, bool extend);
    void unmap(lock_owner owner);

    bool lock(lock_owner owner, int first, int count, bool exclusive);
    void unlock(lock_owner owner, int first, int count);

private:
    struct slot {
        std::set<lock_owner> shared;
        lock_owner exclusive = nullptr;
    };
    std::array<slot, slots> slots_;
    std::set<lock_owner> users_;
    std::vector<std::unique_ptr<std::vector<char>>> regions_;
};

} // namespace cannedd::simulation
