#include "queue/database.hpp"

#include "queue/fault.hpp"

#include <sqlite3.h>

namespace cannedd {
namespace sql {

const text begin{"begin", "BEGIN IMMEDIATE"};
const text commit{"commit", "COMMIT"};
const text begin_reading{"begin_reading", "BEGIN"};

} // namespace sql

namespace {

struct finalizer {
    void operator()(sqlite3_stmt* prepared) const { sqlite3_finalize(prepared); }
};

sqlite3_stmt* prepare(sqlite3* connection, const char* query, unsigned flags) {
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v3(connection, query, -1, flags, &prepared, nullptr) != SQLITE_OK)
        throw_last_error(connection);
    return prepared;
}

} // namespace

database::database(const std::string& name, int flags, const char* vfs) {
    const int code = sqlite3_open_v2(name.c_str(), &connection_, flags, vfs);
    if (code == SQLITE_OK) return;
    const sqlite_error error(connection_ == nullptr ? code : sqlite3_extended_errcode(connection_),
                             connection_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(connection_));
    sqlite3_close(connection_);
    throw error;
}

database::database(const std::string& name, int flags, std::unique_ptr<gathered_log> vfs)
    : database(name, flags, vfs->name()) {
    vfs_ = std::move(vfs);
}

database::~database() {
    for (const auto& [query, prepared] : statements_)
        sqlite3_finalize(prepared);
    sqlite3_close(connection_);
}

void database::execute(const std::string& script) {
    if (sqlite3_exec(connection_, script.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        throw_last_error(connection_);
}

std::string database::answer(const std::string& query) {
    const std::unique_ptr<sqlite3_stmt, finalizer> prepared(prepare(connection_, query.c_str(), 0));
    statement row(prepared.get());
    return row.next() ? row.text(0) : std::string();
}

std::int64_t database::number(const std::string& query) {
    const std::unique_ptr<sqlite3_stmt, finalizer> prepared(prepare(connection_, query.c_str(), 0));
    statement row(prepared.get());
    return row.next() ? row.integer(0) : 0;
}

bool database::in_transaction() const {
    return sqlite3_get_autocommit(connection_) == 0;
}

sqlite3_stmt* database::prepared(const sql::text& query) {
    auto& slot = statements_[&query];
    if (slot == nullptr) slot = prepare(connection_, query.words, SQLITE_PREPARE_PERSISTENT);
    return slot;
}

read_transaction::read_transaction(database& db) : db_(db) {
    db_.use(sql::begin_reading).run();
}

read_transaction::~read_transaction() {
    try {
        if (db_.in_transaction()) db_.use(sql::commit).run();
    } catch (const sqlite_error&) { // whoever reads next meets it again
        sqlite3_exec(db_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
}

write_transaction::write_transaction(database& db) : db_(db) {
    db_.use(sql::begin).run();
}

write_transaction::~write_transaction() {
    roll_back();
}

void write_transaction::commit() {
    db_.use(sql::commit).run();
}

void write_transaction::roll_back() noexcept {
    // A full disk or a failed write may have rolled back already.
    if (db_.in_transaction()) sqlite3_exec(db_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

} // namespace cannedd
