#include "queue/migration.hpp"

#include "queue/fault.hpp"
#include "schema/embedded.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <vector>

namespace cannedd {
namespace {

struct schema_object {
    std::string type;
    std::string table;
    std::string words;
    std::set<std::string> columns; // of an expected one
    bool view_for_people = false;
};
using schema_objects = std::map<std::string, schema_object>;

const std::string read_objects_query = "SELECT name, type, tbl_name, sql FROM sqlite_master "
                                       "WHERE substr(name, 1, 7) <> 'sqlite_'";

schema_objects read_objects(database& db) {
    schema_objects objects;
    static const sql::text query{"read_objects", read_objects_query.c_str()};
    auto rows = db.use(query);
    while (rows.next()) {
        schema_object it;
        it.type = rows.text(1);
        it.table = rows.text(2);
        it.words = rows.text(3);
        objects.emplace(rows.text(0), std::move(it));
    }
    return objects;
}

std::set<std::string> columns_of(database& db, const std::string& table) {
    static const sql::text query{"columns", "SELECT name FROM pragma_table_xinfo(?1)"};
    std::set<std::string> columns;
    auto rows = db.use(query);
    rows.with(table);
    while (rows.next())
        columns.insert(rows.text(0));
    return columns;
}

schema_objects build_expected() {
    database memory(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY, nullptr);
    for (const auto step : schema::migrations())
        memory.execute(std::string(step));
    const schema_objects tables = read_objects(memory);
    memory.execute(std::string(schema::views()));
    schema_objects all = read_objects(memory);
    for (auto& [name, object] : all) {
        object.view_for_people = !tables.contains(name);
        if (object.type == "table") object.columns = columns_of(memory, name);
    }
    return all;
}

const schema_objects& expected_objects() {
    static const schema_objects expected = build_expected();
    return expected;
}

// A transaction without the daemon's mark: the table that holds the mark may not be there yet.
class schema_transaction {
public:
    explicit schema_transaction(database& db) : db_(db) { db_.execute("BEGIN IMMEDIATE"); }
    ~schema_transaction() {
        if (db_.in_transaction()) sqlite3_exec(db_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
    schema_transaction(const schema_transaction&) = delete;
    schema_transaction& operator=(const schema_transaction&) = delete;
    void commit() { db_.execute("COMMIT"); }

private:
    database& db_;
};

// What `.dump` of sqlite3 writes has the tables and their rows, and nothing of the file's header.
bool holds_a_queues_tables(database& db) {
    return db.number("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND "
                     "name IN ('messages', 'attempts', 'accounts', 'lanes', 'counters')") == 5;
}

std::string sentence_about_a_dump(int latest) {
    return "it has a queue's tables, and not the two marks that a dump lacks. Once you know that nothing is "
           "missing, type in sqlite3: PRAGMA application_id = " +
           std::to_string(schema::application_id) + "; PRAGMA user_version = " + std::to_string(latest) +
           "; (the schema version of the cannedd that it was dumped from: this one has " +
           std::to_string(latest) + "), then run cannedd --requeue-unproven before anything is sent";
}

int version_of(database& db, int latest) {
    const auto id = db.number("PRAGMA application_id");
    const auto version = static_cast<int>(db.number("PRAGMA user_version"));
    const bool empty = db.number("SELECT count(*) FROM sqlite_master") == 0;
    if ((id != schema::application_id || version == 0) && holds_a_queues_tables(db))
        throw std::runtime_error(sentence_about_a_dump(latest));
    if (id != schema::application_id && !(id == 0 && version == 0 && empty))
        throw std::runtime_error(
            "the file is a SQLite database, but not a queue of cannedd: set `database` to another path");
    if (version > latest)
        throw std::runtime_error(
            "the queue has schema version " + std::to_string(version) + ", this cannedd knows " +
            std::to_string(latest) +
            " at most: install the newer cannedd again. To stay with this one (or if there was no newer one: "
            "then the file's header is damaged), move the file aside with its -wal, and have its rows copied "
            "(cannedd --salvage; man cannedd, \"go back\")");
    return version;
}

void recreate_views(database& db, const schema_objects& present) {
    const bool current = std::ranges::all_of(expected_objects(), [&](const auto& entry) {
        const auto found = present.find(entry.first);
        return !entry.second.view_for_people ||
               (found != present.end() && found->second.words == entry.second.words);
    });
    if (current) return;
    schema_transaction transaction(db);
    for (const auto& [name, object] : expected_objects())
        if (object.view_for_people) db.execute("DROP VIEW IF EXISTS " + name);
    db.execute(std::string(schema::views()));
    transaction.commit();
}

bool same_name(const std::string& left, const std::string& right) {
    return sqlite3_stricmp(left.c_str(), right.c_str()) == 0;
}

// Neither unique nor partial nor over an expression: it cannot refuse a row or call a function.
bool is_plain_index(database& db, const std::string& name, const std::string& table) {
    static const sql::text query{"plain_index", R"(
SELECT EXISTS (SELECT 1 FROM pragma_index_list(?2) WHERE name = ?1 AND "unique" = 0 AND partial = 0)
   AND NOT EXISTS (SELECT 1 FROM pragma_index_xinfo(?1) WHERE cid = -2))"};
    auto row = db.use(query);
    return row.with(name, table).next() && row.integer(0) != 0;
}

// A column that somebody added; empty: there is none.
std::string foreign_column(database& db, const std::string& table, const schema_object& expected) {
    for (const auto& column : columns_of(db, table))
        if (expected.type == "table" && !expected.columns.contains(column)) return column;
    return {};
}

// One of ours that is not there; empty: there is none.
std::string missing_column(database& db, const std::string& table, const schema_object& expected) {
    const auto present = columns_of(db, table);
    for (const auto& column : expected.columns)
        if (!present.contains(column)) return column;
    return {};
}

std::string sentence_about_missing(const std::string& name, const schema_object& expected) {
    return "the " + expected.type + " " + name + (expected.type == "table" ? "" : " on " + expected.table) +
           " of the queue is missing, and neither --init nor a restart makes it again: copy the queue into a "
           "new one (cannedd --salvage NEW), or restore the database from a backup";
}

std::string sentence_about_changed(database& db, const std::string& name, const schema_object& expected) {
    const auto column = foreign_column(db, name, expected);
    const auto missing = missing_column(db, name, expected);
    if (!column.empty() && !missing.empty())
        return "the column " + missing + " of " + name + " is missing, and " + column +
               " is not cannedd's: if it was renamed, name it as before (ALTER TABLE " + name +
               " RENAME COLUMN " + column + " TO " + missing + ")";
    if (!column.empty())
        return "the column " + column + " of " + name + " is not cannedd's: drop it (ALTER TABLE " + name +
               " DROP COLUMN " + column +
               "), and keep what belongs to a message in a table of your own, or in tag";
    return "the " + expected.type + " " + name +
           " of the queue was changed: copy the queue into a new one (cannedd --salvage NEW), or restore the "
           "database "
           "from a backup";
}

} // namespace

bool is_ours(const std::string& table) {
    return std::ranges::any_of(expected_objects(), [&](const auto& entry) {
        return (entry.second.type == "table" || entry.second.type == "view") && same_name(entry.first, table);
    });
}

int bring_forward(database& db, std::span<const std::string_view> steps) {
    const auto latest = static_cast<int>(steps.size());
    const int found = version_of(db, latest);
    if (found == latest) return found;
    schema_transaction transaction(db);
    // Another process may have migrated while we waited for the lock.
    for (auto version = static_cast<std::size_t>(version_of(db, latest)); version < steps.size(); ++version)
        db.execute(std::string(steps[version]));
    db.execute("PRAGMA user_version = " + std::to_string(latest));
    db.execute("PRAGMA application_id = " + std::to_string(schema::application_id));
    transaction.commit();
    return found;
}

int migrate(database& db) {
    const int found = bring_forward(db, schema::migrations());
    recreate_views(db, read_objects(db));
    return found;
}

std::optional<std::string> foreign_object(database& db) {
    const schema_objects present = read_objects(db);
    for (const auto& [name, object] : expected_objects()) {
        if (object.view_for_people) continue;
        const auto found = present.find(name);
        if (found == present.end()) return sentence_about_missing(name, object);
        if (found->second.type != object.type || found->second.words != object.words)
            return sentence_about_changed(db, name, object);
    }
    for (const auto& [name, object] : present) {
        if (expected_objects().contains(name) || !is_ours(object.table)) continue;
        if (object.type == "trigger")
            return "the trigger " + name + " on " + object.table +
                   " is not cannedd's: drop it (DROP TRIGGER), and let the "
                   "program that made it watch the queue's views instead";
        if (object.type == "index" && !is_plain_index(db, name, object.table))
            return "the index " + name + " on " + object.table +
                   " is not cannedd's and could refuse its writes: drop it (DROP "
                   "INDEX), or make it a plain one";
    }
    return std::nullopt;
}

} // namespace cannedd
