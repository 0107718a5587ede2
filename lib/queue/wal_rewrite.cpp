#include "queue/wal_rewrite.hpp"

#include "queue/fault.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <string>

namespace cannedd {
namespace {

constexpr sqlite3_int64 chunk_bytes = 64 * 1024;

void demand(int code, const char* what) {
    if (code != SQLITE_OK) throw sqlite_error(code, what);
}

} // namespace

void rewrite_wal(database& db) {
    const write_transaction nobody_else_writes(db);
    sqlite3_file* wal = nullptr;
    demand(sqlite3_file_control(db.handle(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal),
           "the write-ahead log cannot be reached");
    if (wal == nullptr || wal->pMethods == nullptr) return; // nobody has written yet
    sqlite3_int64 size = 0;
    demand(wal->pMethods->xFileSize(wal, &size), "the write-ahead log has no size");
    std::string chunk;
    for (sqlite3_int64 at = 0; at < size; at += chunk_bytes) {
        const auto bytes = static_cast<int>(std::min(chunk_bytes, size - at));
        chunk.resize(static_cast<std::size_t>(bytes));
        demand(wal->pMethods->xRead(wal, chunk.data(), bytes, at), "the write-ahead log cannot be read");
        demand(wal->pMethods->xWrite(wal, chunk.data(), bytes, at), "the write-ahead log cannot be written");
    }
    if (size > 0)
        demand(wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL), "the write-ahead log cannot be synced");
}

} // namespace cannedd
