#include "queue/file_watch.hpp"

#include "queue/log_index.hpp"
#include "queue/maintenance.hpp"
#include "queue/migration.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cannedd {
namespace sql {

const text schema_version{"schema_version", "PRAGMA schema_version"};
const text last_message{"last_message", "SELECT seq FROM sqlite_sequence WHERE name = 'messages'"};
// There, or gone with its message.
const text attempt_kept{"attempt_kept", R"(
SELECT EXISTS (SELECT 1 FROM attempts WHERE id = ?1 AND message_id = ?2)
    OR NOT EXISTS (SELECT 1 FROM messages WHERE id = ?2))"};

} // namespace sql

namespace {

store_fault replaced(const std::filesystem::path& file, const std::string& what) {
    return store_fault(
        store_trouble::replaced,
        file.string() + " " + what +
            " while cannedd had it open: restart cannedd to go on with what is at the path now");
}

store_fault set_back(const std::filesystem::path& file, const std::string& what) {
    return store_fault(
        store_trouble::replaced,
        file.string() + " " + what +
            " while cannedd had it open: stop cannedd and the producers; if a backup was put in "
            "place, see that it is whole, then run cannedd --requeue-unproven before it starts "
            "again: what was sent since is pending in it");
}

std::filesystem::path beside(const std::filesystem::path& file, const char* ending) {
    return file.string() + ending;
}

} // namespace

file_watch::file_watch(database& db, std::filesystem::path file, bool on_disk)
    : db_(db)
    , file_(std::move(file))
    , on_disk_(on_disk)
    , schema_version_(db.first_number(sql::schema_version))
    , data_version_(data_version_of(db))
    , last_message_(db.first_number(sql::last_message)) {
    if (!on_disk_) return;
    opened_ = identity_of(file_);
    opened_wal_ = identity_of(beside(file_, "-wal"));
    opened_shm_ = identity_of(beside(file_, "-shm"));
    log_ = look_at_log();
    contents_ = look_at_contents();
}

std::optional<store_fault> file_watch::check() {
    if (on_disk_) {
        if (auto fault = check_path()) return fault;
        if (auto fault = check_neighbours()) return fault;
        if (auto fault = check_contents()) return fault;
        if (auto fault = check_header()) return fault;
    }
    if (auto fault = check_past()) return fault;
    const auto version = db_.first_number(sql::schema_version);
    if (version == schema_version_) return std::nullopt;
    if (const auto foreign = foreign_object(db_)) return store_fault(store_trouble::foreign, *foreign);
    schema_version_ = version;
    return std::nullopt;
}

std::optional<store_fault> file_watch::check_at_commit() {
    if (on_disk_)
        if (auto fault = check_contents()) return fault;
    const auto version = data_version_of(db_);
    if (version == data_version_) return std::nullopt;
    if (auto fault = check_past()) return fault;
    data_version_ = version;
    return std::nullopt;
}

// --- the files

std::optional<store_fault> file_watch::check_path() const {
    const auto there = identity_of(file_);
    if (!there) return replaced(file_, "was deleted or moved away");
    int moved = 0;
    sqlite3_file_control(db_.handle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    if (there != opened_ || moved != 0) return replaced(file_, "was replaced by another file");
    // Asks, and opens nothing.
    if (::faccessat(AT_FDCWD, file_.c_str(), W_OK, AT_EACCESS) != 0)
        return store_fault(store_trouble::readonly,
                           file_.string() + " cannot be written (" + std::strerror(errno) +
                               "): chown cannedd:cannedd and chmod 660 it, or remount its file system");
    return std::nullopt;
}

std::optional<store_fault> file_watch::check_neighbours() const {
    for (const auto& [ending, opened] : {std::pair("-wal", &opened_wal_), std::pair("-shm", &opened_shm_)}) {
        const auto file = beside(file_, ending);
        if (*opened && identity_of(file) != *opened) return replaced(file, "was deleted or replaced");
    }
    return std::nullopt;
}

// Between checkpoints nobody has to write into the file itself, and each checkpoint leaves its mark in the
// index of the log: before its first page, and after its last.
std::optional<store_fault> file_watch::check_contents() {
    const auto now = look_at_contents();
    if (!now || now == contents_) return std::nullopt; // missing: check_path() says so
    const auto log = look_at_log();
    const bool by_checkpoint = !log || log != log_ || log->backfilled < log->attempted;
    if (!by_checkpoint) return set_back(file_, "was written over, and not by SQLite,");
    log_ = log; // of before what is seen now: whatever is written later leaves another mark
    contents_ = look_at_contents();
    return std::nullopt;
}

// A checkpoint since the last look explains that the file was written, whoever wrote after it; but this much
// of the first page no checkpoint changes. SQLite itself keeps its copy of the page, and would not see it.
// Read through SQLite's own handle: to close another one would give its locks up.
std::optional<store_fault> file_watch::check_header() const {
    constexpr std::string_view magic("SQLite format 3", 16); // with its NUL
    auto* const main = main_file_of(db_);
    sqlite3_int64 bytes = 0;
    if (main == nullptr || main->pMethods->xFileSize(main, &bytes) != SQLITE_OK) return std::nullopt;
    std::array<char, magic.size()> there{};
    if (bytes == 0 || main->pMethods->xRead(main, there.data(), there.size(), 0) != SQLITE_OK ||
        std::string_view(there.data(), there.size()) == magic)
        return std::nullopt;
    return set_back(file_, "was written over, and not by SQLite,");
}

std::optional<file_watch::contents> file_watch::look_at_contents() const {
    struct stat found {};
    if (::stat(file_.c_str(), &found) != 0) return std::nullopt;
    contents seen;
    seen.bytes = found.st_size;
    seen.seconds = found.st_mtim.tv_sec;
    seen.nanoseconds = found.st_mtim.tv_nsec;
    return seen;
}

std::optional<file_watch::log_marks> file_watch::look_at_log() const {
    const auto index = read_log_index(db_);
    if (!index) return std::nullopt;
    return log_marks{.salt = index->salt, .backfilled = index->backfilled, .attempted = index->attempted};
}

// --- its past

void file_watch::wrote_attempt(std::int64_t attempt_id, std::int64_t message_id) {
    attempt_ = attempt_id;
    attempt_of_ = message_id;
}

void file_watch::purged() {
    if (attempt_ != 0 && !attempt_is_there()) attempt_ = 0;
}

bool file_watch::attempt_is_there() const {
    auto row = db_.use(sql::attempt_kept);
    return row.with(attempt_, attempt_of_).next() && row.integer(0) != 0;
}

std::optional<store_fault> file_watch::check_past() {
    const auto last = db_.first_number(sql::last_message);
    if (last < last_message_ || (attempt_ != 0 && !attempt_is_there()))
        return set_back(file_, "was set back to an earlier state");
    last_message_ = last;
    return std::nullopt;
}

} // namespace cannedd
