#include "queue/log_index.hpp"

#include "queue/log_format.hpp"

#include <sqlite3.h>

#include <cstring>

namespace cannedd {
namespace {

constexpr std::size_t page_bytes_at = 14, frames_at = 16, salt_at = 32, backfilled_at = 96,
                      attempted_at = 128;
constexpr int index_page_bytes = 32768;
constexpr std::size_t frame_salt_at = 8;

sqlite3_file* log_file_of(database& db) {
    sqlite3_file* wal = nullptr;
    const int code =
        sqlite3_file_control(db.handle(), "main", SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&wal));
    return code == SQLITE_OK && wal != nullptr && wal->pMethods != nullptr ? wal : nullptr;
}

// Of this log, not one that a longer log before it has left there.
bool has_frame(sqlite3_file* wal, std::int64_t at, const std::array<std::uint32_t, 2>& salt) {
    std::array<char, frame_header_bytes> header{};
    return wal->pMethods->xRead(wal, header.data(), static_cast<int>(header.size()), at) == SQLITE_OK &&
           std::memcmp(header.data() + frame_salt_at, salt.data(), sizeof salt) == 0;
}

} // namespace

sqlite3_file* main_file_of(database& db) {
    sqlite3_file* main = nullptr;
    const int code =
        sqlite3_file_control(db.handle(), "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&main));
    return code == SQLITE_OK && main != nullptr && main->pMethods != nullptr ? main : nullptr;
}

std::optional<log_index> read_log_index(database& db) {
    auto* const main = main_file_of(db);
    if (main == nullptr || main->pMethods->iVersion < 2) return std::nullopt;
    void volatile* index = nullptr;
    if (main->pMethods->xShmMap(main, 0, index_page_bytes, 0, &index) != SQLITE_OK || index == nullptr)
        return std::nullopt;
    const auto* const bytes = static_cast<const volatile unsigned char*>(index);
    const auto word = [bytes](std::size_t at) {
        return *reinterpret_cast<const volatile std::uint32_t*>(bytes + at);
    };
    const std::uint32_t page = *reinterpret_cast<const volatile std::uint16_t*>(bytes + page_bytes_at);
    log_index seen;
    seen.frames = word(frames_at);
    seen.page_bytes = (page & 0xfe00U) + ((page & 1U) << 16U); // 1 stands for 65536
    seen.salt = {word(salt_at), word(salt_at + sizeof(std::uint32_t))};
    seen.backfilled = word(backfilled_at);
    seen.attempted = word(attempted_at);
    return seen;
}

std::int64_t wal_bytes_of(database& db) {
    auto* const wal = log_file_of(db);
    if (wal == nullptr) return 0;
    const auto index = read_log_index(db);
    if (!index) {
        sqlite3_int64 bytes = 0;
        return wal->pMethods->xFileSize(wal, &bytes) == SQLITE_OK ? bytes : 0;
    }
    const auto frame = static_cast<std::int64_t>(frame_header_bytes + index->page_bytes);
    const auto end = static_cast<std::int64_t>(log_header_bytes) + frame * index->frames;
    if (has_frame(wal, end, index->salt)) return end + frame;
    return index->frames == 0 ? 0 : end;
}

} // namespace cannedd
