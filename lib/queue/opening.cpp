#include "queue/opening.hpp"

#include "log/logger.hpp"
#include "queue/fault.hpp"
#include "queue/migration.hpp"
#include "queue/sound_header.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cannedd {
namespace {

// Of a millisecond each. One allowance for all that opening does.
constexpr int waits_for_a_lock = 800;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
    throw std::runtime_error("database " + file.string() + ": " + why);
}

// SQLite would create it 0640, and no producer of the group could write. Closed before SQLite knows the file:
// closing a descriptor drops the process's locks on it.
void create_file(const std::filesystem::path& file) {
    constexpr mode_t mode = 0660;
    const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (made < 0) {
        struct stat found {};
        if (errno == EEXIST && ::lstat(file.c_str(), &found) == 0) {
            if (S_ISREG(found.st_mode)) return;
            refuse(file, S_ISLNK(found.st_mode)
                             ? "is a symbolic link, which is not followed: set `database` to the file itself"
                             : "is not a regular file: set `database` to the path of a file");
        }
        refuse(file, std::string("cannot be created (") + std::strerror(errno) +
                         "): its directory must be there and belong to the daemon (mode 2770)");
    }
    ::fchmod(made, mode); // whatever the umask
    ::close(made);
    const int directory = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return;
    ::fsync(directory);
    ::close(directory);
}

// Nothing has been put into it yet, or nothing is left.
bool holds_nothing(const std::filesystem::path& file) {
    std::error_code missing;
    return std::filesystem::file_size(file, missing) == 0 || missing;
}

void demand_an_earlier_one(const store_settings& settings, const std::filesystem::path& file) {
    if (settings.earlier_life.empty()) return;
    refuse(file, "there is no queue in it, but " + settings.earlier_life +
                     ": the queue was lost, moved, or restored from a copy that was empty. Put it back "
                     "(with its -wal), or run cannedd --init once to begin with an empty one");
}

// SQLite would delete the log: what was committed last may be in it.
void demand_no_log_of_another(const std::filesystem::path& file) {
    const auto log = file.string() + "-wal";
    if (holds_nothing(file) && !holds_nothing(log))
        refuse(file, "it is missing or empty, but its log " + log +
                         " is there: put the database back beside it, or move the log aside");
}

// Links above the file are the administrator's business; the file itself must not be one.
std::filesystem::path real_path(const std::filesystem::path& file) {
    std::error_code trouble;
    const auto directory = std::filesystem::canonical(std::filesystem::absolute(file).parent_path(), trouble);
    if (trouble)
        refuse(file, "its directory is not there (" + trouble.message() +
                         "): create it, mode 2770, owned by the daemon");
    return directory / file.filename();
}

// A producer that commits without a pause leaves short gaps only, so it is tried often.
int wait_for_lock(void* left, int) {
    auto& waits = *static_cast<int*>(left);
    if (waits == 0) return 0;
    --waits;
    sqlite3_sleep(1);
    return 1;
}

void defend(database& db, int& waits) {
    sqlite3_extended_result_codes(db.handle(), 1);
    sqlite3_busy_handler(db.handle(), wait_for_lock, &waits);
    sqlite3_db_config(db.handle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(db.handle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    // The guards are for others, and the books of what we write we keep ourselves (bookkeeping.hpp).
    sqlite3_db_config(db.handle(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
}

void make_durable(database& db, const std::filesystem::path& file) {
    // Under an I/O error the pragma stays silently in rollback mode: what it returns counts.
    if (const auto mode = db.answer("PRAGMA journal_mode = wal"); mode != "wal")
        refuse(file, "SQLite refused WAL mode and stayed in '" + mode +
                         "': the file system must be local and writable");
    db.execute("PRAGMA synchronous = FULL");
    if (db.number("PRAGMA synchronous") != 2) refuse(file, "SQLite refused synchronous = FULL");
    db.execute("PRAGMA wal_autocheckpoint = 0;"
               "PRAGMA journal_size_limit = 4194304;"
               "PRAGMA temp_store = MEMORY;"
               "PRAGMA mmap_size = 0;"
               "PRAGMA cell_size_check = ON;"
               "PRAGMA secure_delete = FAST"); // bodies are personal data
    size_cache(db, 1);
}

// The journal takes a line for a message, and would leave out what to do.
std::string in_one_line(std::string words) {
    std::ranges::replace(words, '\n', ' ');
    return words;
}

void check_pages(database& db, const std::filesystem::path& file, logger& log) {
    const auto bytes = db.number("PRAGMA page_count") * db.number("PRAGMA page_size");
    if (bytes > quick_check_bytes_max) {
        log.notice("database too large for a check at start",
                   {{"bytes", bytes}, {"limit_bytes", quick_check_bytes_max}});
        return;
    }
    if (const auto found = db.answer("PRAGMA quick_check(1)"); found != "ok")
        refuse(file,
               "it is damaged (" + in_one_line(found) +
                   "): stop the producers, move the file, its -wal and its -shm aside together, then copy "
                   "what can be read of it (cannedd --salvage) or restore a backup");
}

} // namespace

std::optional<file_identity> identity_of(const std::filesystem::path& file) {
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0) return std::nullopt;
    return file_identity{found.st_dev, found.st_ino};
}

void size_cache(database& db, std::size_t accounts) {
    // KiB. With a million rows pending, of one account, 12288 sent no faster, and held 9 MiB more.
    constexpr std::size_t first = 4608;
    constexpr std::size_t further = 192;
    constexpr std::size_t most = 24576;
    const auto size = std::min(first + further * (std::max<std::size_t>(accounts, 1) - 1), most);
    db.execute(("PRAGMA cache_size = -" + std::to_string(size)).c_str());
}

std::unique_ptr<database> open_queue(const store_settings& settings, logger& log) {
    const bool on_disk = settings.vfs == nullptr;
    const auto file = on_disk ? real_path(settings.database) : settings.database;
    if (on_disk) {
        demand_no_log_of_another(file);
        if (holds_nothing(file)) demand_an_earlier_one(settings, file);
        create_file(file);
    }
    int waits = waits_for_a_lock;
    try {
        const int flags =
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE;
        auto db = std::make_unique<database>(file.string(), on_disk ? flags : flags | SQLITE_OPEN_CREATE,
                                             std::make_unique<gathered_log>(settings.vfs));
        defend(*db, waits);
        if (sqlite3_db_readonly(db->handle(), "main") == 1)
            refuse(file, "the daemon may not write it: chown cannedd:cannedd and chmod 660 the file");
        const bool is_new = db->number("SELECT count(*) FROM sqlite_master") == 0;
        if (is_new) demand_an_earlier_one(settings, file);
        make_durable(*db, file);
        check_pages(*db, file, log);
        const int found = migrate(*db);
        const auto now = db->number("PRAGMA user_version");
        if (is_new)
            log.notice("the queue is new and empty", {{"database", file.string()}});
        else if (found != now)
            log.info("database schema migrated", {{"from", found}, {"to", now}});
        if (const auto foreign = foreign_object(*db)) refuse(file, *foreign);
        sqlite3_busy_timeout(db->handle(), 0);
        return db;
    } catch (const sqlite_error& error) {
        auto fault = to_fault(error);
        if (fault.kind == store_trouble::foreign && on_disk && !has_sound_header(file))
            fault = damaged_header(error);
        const bool mends_itself = fault.kind == store_trouble::busy || fault.kind == store_trouble::full ||
                                  fault.kind == store_trouble::io;
        if (mends_itself)
            throw store_not_available(fault.kind, "database " + file.string() + ": " + fault.detail);
        refuse(file, fault.detail);
    }
}

} // namespace cannedd
