#include "queue/fault.hpp"

#include <sqlite3.h>

namespace cannedd {
namespace {

store_trouble trouble_of(int extended_code) {
    if (extended_code == SQLITE_READONLY_DBMOVED) return store_trouble::replaced;
    // The -shm file could not grow: that takes no more than space.
    if (extended_code == SQLITE_IOERR_SHMSIZE) return store_trouble::full;
    switch (extended_code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return store_trouble::busy;
    case SQLITE_FULL: return store_trouble::full;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return store_trouble::readonly;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT: return store_trouble::corrupt;
    // The statements are ours and fit our schema: if they do not prepare, or a rule that is not ours stops
    // them, then the schema is no longer ours.
    case SQLITE_ERROR:
    case SQLITE_CONSTRAINT:
    case SQLITE_SCHEMA:
    case SQLITE_MISMATCH: return store_trouble::foreign;
    default: return store_trouble::io;
    }
}

constexpr std::string_view cannot_open_advice =
    "the database, its -wal or its -shm cannot be opened: its directory must be there and belong to the "
    "daemon "
    "(mode 2770), and the daemon must be allowed enough open files (LimitNOFILE)";

std::string_view advice(store_trouble trouble) {
    switch (trouble) {
    case store_trouble::busy: return "another process holds the database's lock; it is tried again";
    case store_trouble::full: return "the disk is full: free some space, and it goes on by itself";
    case store_trouble::io: return "the disk failed: look at the kernel's log (journalctl -k)";
    case store_trouble::readonly:
        return "the database or its directory cannot be written: give it back to the daemon (chown "
               "cannedd:cannedd, "
               "chmod 660), or remount the file system";
    case store_trouble::replaced:
        return "another file, or none, is at the database's path: restart cannedd to go on with what is "
               "there now";
    case store_trouble::corrupt:
        return "the database is damaged, or its file system was shut down: check the disk, then restart "
               "cannedd; if it stays, stop the producers, move the file, its -wal and its -shm aside "
               "together, "
               "then copy what can be read of it (cannedd --salvage) or restore a backup";
    case store_trouble::foreign:
        return "the schema holds something that is not cannedd's: remove it, then restart cannedd";
    }
    return {};
}

store_fault described(const sqlite_error& error, store_trouble trouble) {
    std::string detail = "SQLite " + std::to_string(error.extended_code()) + ", " + error.what() + ": ";
    const bool unopened = (error.extended_code() & 0xff) == SQLITE_CANTOPEN;
    detail += unopened ? cannot_open_advice : advice(trouble);
    return store_fault(trouble, std::move(detail));
}

} // namespace

void throw_last_error(sqlite3* connection) {
    throw sqlite_error(sqlite3_extended_errcode(connection), sqlite3_errmsg(connection));
}

store_fault damaged_header(const sqlite_error& error) {
    return described(error, store_trouble::corrupt);
}

store_fault to_fault(const sqlite_error& error) {
    const std::string_view words = error.what();
    // SQLite calls a definition that it cannot load a corruption, but no page is damaged.
    if (words.starts_with("malformed database schema")) return described(error, store_trouble::foreign);
    // A field of the file's header: an error like any other to SQLite.
    if (words == "unsupported file format") return damaged_header(error);
    return described(error, trouble_of(error.extended_code()));
}

} // namespace cannedd
