#include "queue/inspection.hpp"

#include "queue/database.hpp"
#include "schema/embedded.hpp"

#include <sqlite3.h>

#include <exception>

namespace cannedd {

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
        seen.opened = true;
    } catch (const std::exception& failed) {
        seen.trouble = failed.what();
    }
    return seen;
}

std::int64_t newest_schema_version() {
    return static_cast<std::int64_t>(schema::migrations().size());
}

} // namespace cannedd
