// SQLite's complaints: an exception inside this room, so that every step of a transaction unwinds alike, and
// a store_fault at its border (message_store's methods).
#pragma once

#include "queue/store_fault.hpp"

#include <stdexcept>

struct sqlite3;

namespace cannedd {

class sqlite_error : public std::runtime_error {
public:
    sqlite_error(int extended_code, const std::string& words)
        : std::runtime_error(words), extended_code_(extended_code) {}
    int extended_code() const noexcept { return extended_code_; }

private:
    int extended_code_;
};

// What the room finds out by itself, inside a transaction.
class found_fault : public std::runtime_error {
public:
    explicit found_fault(store_fault what) : std::runtime_error(what.detail), fault_(std::move(what)) {}
    const store_fault& fault() const noexcept { return fault_; }

private:
    store_fault fault_;
};

// What the connection complained of last.
[[noreturn]] void throw_last_error(sqlite3* connection);

// The file's header is damaged, so that SQLite may take anything in it for anything.
store_fault damaged_header(const sqlite_error& error);

// What kind of trouble an extended result code is, with what to do about it.
store_fault to_fault(const sqlite_error& error);

} // namespace cannedd
