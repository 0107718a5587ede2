#include "queue/mended_copy.hpp"

#include "queue/fault.hpp"
#include "queue/opening.hpp"
#include "queue/regrown_tree.hpp"
#include "queue/salvaged_rows.hpp"
#include "queue/sound_header.hpp"

#include <sqlite3.h>

#include <fstream>
#include <optional>
#include <string>

namespace cannedd {
namespace {

constexpr int open_flags =
    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;

// What can be read of the log comes into the file, where the tree grows.
void merge_log(const std::filesystem::path& copy) {
    try {
        database db(copy.string(), open_flags, nullptr);
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (const sqlite_error&) { // then without it
    }
    remove_logs_of(copy);
}

// Nothing: not even the schema can be read.
std::optional<table_tree> tree_of(const std::filesystem::path& copy, const std::string& table) {
    std::optional<table_tree> found;
    try {
        const auto from = open_damaged(copy);
        table_tree tree;
        tree.width = columns_in(*from, table).size();
        tree.root = static_cast<std::uint32_t>(from->number(
            "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = '" + table + "'"));
        if (tree.root > 1 && tree.width > 0) found = tree;
    } catch (const sqlite_error&) {
    }
    remove_logs_of(copy);
    return found;
}

bool regrow(const std::filesystem::path& copy, const std::string& table) {
    const auto tree = tree_of(copy, table);
    return tree && regrow_tree(copy, *tree) > 0;
}

// The first thing that was ever written into a queue is its schema, and there it stays unless it was
// rewritten.
void give_schema(const std::filesystem::path& copy, logger& log) {
    store_settings where;
    where.database = copy.string() + ".schema";
    open_queue(where, log).reset();
    std::ifstream schema(where.database, std::ios::binary);
    std::fstream file(copy, std::ios::in | std::ios::out | std::ios::binary);
    file << schema.rdbuf();
    file.flush();
    remove_all_of(where.database);
}

} // namespace

// Its own checkpoint would write the log into the damaged file.
std::unique_ptr<database> open_damaged(const std::filesystem::path& file) {
    auto db = std::make_unique<database>(file.string(), open_flags, nullptr);
    sqlite3_db_config(db->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_db_config(db->handle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    // writable_schema: definitions that cannot be read are passed over, and whatever has one can be read.
    db->execute("PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA cell_size_check = ON; "
                "PRAGMA writable_schema = ON");
    int keep = 1;
    sqlite3_file_control(db->handle(), "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    db->number("PRAGMA schema_version"); // whether it is a database at all
    return db;
}

void remove_logs_of(const std::filesystem::path& file) {
    std::error_code ignored;
    for (const auto* const ending : {"-wal", "-shm"})
        std::filesystem::remove(file.string() + ending, ignored);
}

void remove_all_of(const std::filesystem::path& file) {
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    remove_logs_of(file);
}

mended copy_with_sound_header(const std::filesystem::path& damaged, const std::filesystem::path& copy,
                              logger&) {
    copy_under_sound_header(damaged, copy);
    return mended::header;
}

mended copy_with_new_tree(const std::filesystem::path& damaged, const std::filesystem::path& copy,
                          logger& log) {
    copy_under_sound_header(damaged, copy);
    merge_log(copy);
    if (const auto tree = tree_of(copy, "messages"))
        return regrow_tree(copy, *tree) > 0 ? mended::tree : mended::nothing;
    give_schema(copy, log);
    if (!regrow(copy, "messages")) return mended::nothing;
    for (const auto* const table : {"attempts", "changes"})
        regrow(copy, table);
    return mended::schema;
}

} // namespace cannedd
