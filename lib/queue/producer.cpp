#include "queue/producer.hpp"

#include "queue/database.hpp"
#include "queue/fault.hpp"
#include "queue/sqlite_store.hpp"
#include "schema/embedded.hpp"

#include <sqlite3.h>

namespace cannedd {
namespace sql {

const text enqueue{"enqueue", R"(
INSERT INTO messages (account, route, conversation_id, agent_id, customer_id, text, response, variables, priority,
                      not_before, expires_at, dedup_key, tag, status)
VALUES (coalesce(?1, 'default'), ?2, ?3, ?4, ?5, ?6, ?7, coalesce(?8, '{}'), coalesce(?9, 0), ?10, ?11, ?12, ?13,
        coalesce(?14, 'pending'))
    ON CONFLICT (dedup_key) DO NOTHING)"};

} // namespace sql

namespace {

constexpr int lock_patience_ms = 5'000;

// Without the daemon's mark: the guards of the schema are for this writer as well.
class plain_transaction {
public:
    explicit plain_transaction(database& db) : db_(db) { db_.execute("BEGIN IMMEDIATE"); }
    ~plain_transaction() {
        if (db_.in_transaction()) sqlite3_exec(db_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
    plain_transaction(const plain_transaction&) = delete;
    plain_transaction& operator=(const plain_transaction&) = delete;
    void commit() { db_.execute("COMMIT"); }

private:
    database& db_;
};

std::string without_prefix(std::string words) {
    for (const std::string_view prefix : {"CHECK constraint failed: ", "datatype mismatch: "})
        if (words.starts_with(prefix)) return words.substr(prefix.size());
    return words;
}

producer::outcome insert_one(database& db, const producer_row& row) {
    try {
        const bool is_new = db.use(sql::enqueue).with_each(row).run() == 1;
        return {.what = is_new ? producer::outcome::kind::inserted : producer::outcome::kind::known,
                .why = {}};
    } catch (const sqlite_error& refused) {
        const int code = refused.extended_code() & 0xff;
        if (code != SQLITE_CONSTRAINT && code != SQLITE_MISMATCH && code != SQLITE_TOOBIG) throw;
        return {.what = producer::outcome::kind::refused, .why = without_prefix(refused.what())};
    }
}

// What to do, for somebody who is not the daemon.
[[noreturn]] void explain(const std::filesystem::path& file, const sqlite_error& error) {
    const auto words = "database " + file.string() + ": ";
    switch (error.extended_code() & 0xff) {
    case SQLITE_BUSY: throw store_not_available(store_trouble::busy, words + "another writer holds its lock");
    case SQLITE_FULL: throw std::runtime_error(words + "the disk is full");
    case SQLITE_CANTOPEN:
        throw std::runtime_error(
            words +
            "cannot be opened: check the path, and that you are in the group cannedd (usermod -aG cannedd "
            "NAME, then log in again); cannedd --init makes a new one");
    case SQLITE_READONLY:
    case SQLITE_PERM:
        throw std::runtime_error(
            words +
            "cannot be written: you must be in the group cannedd (usermod -aG cannedd NAME, then log in "
            "again), and its directory must be 2770");
    default: throw std::runtime_error(words + to_fault(error).detail);
    }
}

void expect_a_queue(database& db, const std::filesystem::path& file) {
    const auto version = db.number("PRAGMA user_version");
    const auto known = static_cast<std::int64_t>(schema::migrations().size());
    if (db.number("PRAGMA application_id") != schema::application_id)
        throw std::runtime_error(
            file.string() + " is not a queue of cannedd: check the path, or make one with cannedd --init");
    if (version != known)
        throw std::runtime_error("the queue " + file.string() + " has schema version " +
                                 std::to_string(version) + ", this cannedd knows " + std::to_string(known) +
                                 ": use the daemon's version");
}

} // namespace

producer::producer(const std::filesystem::path& file) : file_(file) {
    try {
        const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
        db_ = std::make_unique<database>(file.string(), flags, nullptr);
        sqlite3_busy_timeout(db_->handle(), lock_patience_ms);
        expect_a_queue(*db_, file);
        db_->execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0");
    } catch (const sqlite_error& error) {
        explain(file_, error);
    }
}

producer::~producer() = default;

std::vector<producer::outcome> producer::insert(std::span<const producer_row> rows, mode how) {
    try {
        plain_transaction transaction(*db_);
        std::vector<outcome> outcomes;
        outcomes.reserve(rows.size());
        bool any_refused = false;
        for (const auto& row : rows) {
            outcomes.push_back(insert_one(*db_, row));
            any_refused = any_refused || outcomes.back().what == outcome::kind::refused;
        }
        if (how == mode::each || (how == mode::all_or_none && !any_refused)) transaction.commit();
        return outcomes;
    } catch (const sqlite_error& error) {
        explain(file_, error);
    }
}

} // namespace cannedd
