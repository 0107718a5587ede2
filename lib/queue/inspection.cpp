#include "queue/inspection.hpp"

#include "queue/database.hpp"
#include "queue/fault.hpp"
#include "queue/opening.hpp"
#include "schema/embedded.hpp"

#include <sqlite3.h>

#include <exception>

namespace cannedd {
namespace sql {

const text inspected_pauses{"inspected_pauses", R"(
SELECT a.account, a.paused_reason,
       (SELECT c.by_whom FROM changes AS c WHERE c.account = a.account AND c.message_id IS NULL
         ORDER BY c.id DESC LIMIT 1)
  FROM accounts AS a WHERE a.paused = 1 ORDER BY a.account)"};

} // namespace sql

namespace {

std::optional<std::string> first_damage(database& db, std::int64_t bytes) {
    if (bytes > quick_check_bytes_max) return std::nullopt;
    try {
        const auto found = db.answer("PRAGMA quick_check(1)");
        return found == "ok" ? "" : found;
    } catch (const sqlite_error& failed) { // some damage ends the check itself
        if (to_fault(failed).kind != store_trouble::corrupt) return std::nullopt;
        return failed.what();
    }
}

std::vector<paused_account> pauses(database& db) {
    std::vector<paused_account> found;
    try {
        auto rows = db.use(sql::inspected_pauses);
        while (rows.next())
            found.push_back(
                {.name = rows.text(0), .reason = rows.text(1), .by_operator = rows.text(2) == "operator"});
    } catch (const sqlite_error&) { // the damage is told already
    }
    return found;
}

} // namespace

inspection inspect_queue(const std::filesystem::path& file) {
    inspection seen;
    std::error_code no_wal;
    const auto wal = std::filesystem::file_size(file.string() + "-wal", no_wal);
    seen.wal_bytes = no_wal ? 0 : static_cast<std::int64_t>(wal);
    try {
        database db(file.string(), SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW, nullptr);
        seen.is_queue = db.number("PRAGMA application_id") == schema::application_id;
        seen.schema_version = db.number("PRAGMA user_version");
        seen.journal_mode = db.answer("PRAGMA journal_mode");
        seen.bytes = db.number("PRAGMA page_count") * db.number("PRAGMA page_size");
        seen.opened = true;
        if (!seen.is_queue) return seen;
        seen.damage = first_damage(db, seen.bytes);
        seen.paused = pauses(db);
    } catch (const std::exception& failed) {
        seen.trouble = failed.what();
    }
    return seen;
}

std::int64_t newest_schema_version() {
    return static_cast<std::int64_t>(schema::migrations().size());
}

} // namespace cannedd
