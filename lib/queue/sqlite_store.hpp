// The queue in a SQLite file: the one implementation of message_store.
// Fatal at open (std::runtime_error with a sentence for the operator): a file that is not ours, a newer
// schema, WAL refused, synchronous not FULL, a damaged file (bounded quick_check), a directory we may not
// write, foreign objects in the schema. What may mend itself is a store_not_available.
#pragma once

#include "queue/message_store.hpp"

#include <filesystem>
#include <memory>

namespace cannedd {

class logger;

struct store_settings {
    std::filesystem::path database;
    const char* vfs = nullptr; // tests and the simulation put a SQLite VFS of their own underneath
};

// The database cannot be had at the moment, and that may mend itself: busy, full or io. Whoever opens it
// tries again.
class store_not_available : public std::runtime_error {
public:
    store_not_available(store_trouble kind, const std::string& words)
        : std::runtime_error(words), kind_(kind) {}
    store_trouble kind() const noexcept { return kind_; }

private:
    store_trouble kind_;
};

// Waits at most a second for locks, whatever is to be done. Creates the file (0660) or migrates it to this
// binary's schema; opens it.
std::unique_ptr<message_store> open_sqlite_store(const store_settings& settings, logger& log);

// For the whole process, before anything of SQLite's is used: no mutexes, and no count of the memory it has.
void use_sqlite_from_one_thread_only();

// Of the SQLite that is linked: "3.40.1".
std::string sqlite_library_version();

// An exclusive lock on `<database>.lock` for the life of the object. One daemon a database.
class database_lock {
public:
    // Nothing: another process holds it.
    static std::optional<database_lock> acquire(const std::filesystem::path& database);
    database_lock(database_lock&&) noexcept;
    database_lock& operator=(database_lock&&) noexcept;
    ~database_lock();

private:
    explicit database_lock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

} // namespace cannedd
