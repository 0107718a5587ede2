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
    // What shows that there was a queue before: then a file that is missing or empty is not taken for a new
    // one. Empty: nothing does.
    std::string earlier_life = {};
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

// An exclusive lock on `<database>.lock` for the life of the object, and on the database where it is there:
// one daemon a database, also when the lock file is deleted. It ends after everything of SQLite's that is
// open on the file in this process, for closing its descriptor drops SQLite's locks.
class database_lock {
public:
    // Nothing: another process holds it.
    static std::optional<database_lock> acquire(const std::filesystem::path& database);
    database_lock(database_lock&&) noexcept;
    database_lock& operator=(database_lock&&) noexcept;
    ~database_lock();

    enum class state : std::uint8_t { held, taken_again, lost };
    // A queue was opened under it before.
    bool remembers() const;
    void remember();
    // To be called now and then: a lock file that was deleted or replaced is made and locked again. Lost:
    // another process has locked the new one.
    state keep();

private:
    database_lock(std::filesystem::path database, int descriptor);
    bool cover_database();

    std::filesystem::path database_;
    int descriptor_;
    int on_database_ = -1;
};

} // namespace cannedd
