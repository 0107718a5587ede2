// One connection to the queue's file, with its cache of prepared statements, and the transaction. Never waits
// for a lock once it is open; never opens the file by itself, only through SQLite: closing a descriptor of
// our own would drop every lock that SQLite holds on it.
#pragma once

#include "queue/gathered_log.hpp"
#include "queue/sql.hpp"
#include "queue/statement.hpp"

#include <memory>
#include <string>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace cannedd {

class database {
public:
    // Takes the flags of sqlite3_open_v2. Throws sqlite_error.
    database(const std::string& name, int flags, const char* vfs);
    // The same; what it commits is written at once.
    database(const std::string& name, int flags, std::unique_ptr<gathered_log> vfs);
    ~database();
    database(const database&) = delete;
    database& operator=(const database&) = delete;

    // The statement, prepared at its first use.
    statement use(const sql::text& query) { return statement(prepared(query)); }
    // Any number of statements without parameters or rows.
    void execute(const std::string& script);
    // The first column of the first row, as text; empty when there is none.
    std::string answer(const std::string& query);
    std::int64_t number(const std::string& query);
    // The same of a statement that is prepared once; 0: there is no row.
    std::int64_t first_number(const sql::text& query) {
        auto row = use(query);
        return row.next() ? row.integer(0) : 0;
    }

    bool in_transaction() const;
    // What gathered_log::keep_room() says; nothing without one.
    void keep_log_room(bool keep) {
        if (vfs_) vfs_->keep_room(keep);
    }
    sqlite3* handle() const noexcept { return connection_; }

private:
    sqlite3_stmt* prepared(const sql::text& query);

    std::unique_ptr<gathered_log> vfs_; // of the connection, unless somebody else keeps it
    sqlite3* connection_ = nullptr;
    std::unordered_map<const sql::text*, sqlite3_stmt*> statements_;
};

// Its first statement takes the lock. What fails in it has failed: there is nothing to commit.
class read_transaction {
public:
    explicit read_transaction(database& db);
    ~read_transaction();
    read_transaction(const read_transaction&) = delete;
    read_transaction& operator=(const read_transaction&) = delete;

private:
    database& db_;
};

// BEGIN IMMEDIATE, so that nothing read in it can go stale. Rolled back unless commit() returned.
class write_transaction {
public:
    explicit write_transaction(database& db);
    ~write_transaction();
    write_transaction(const write_transaction&) = delete;
    write_transaction& operator=(const write_transaction&) = delete;
    void commit();

private:
    void roll_back() noexcept;
    database& db_;
};

} // namespace cannedd
