#include "queue/opening.hpp"
#include "queue/sqlite_store.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cannedd {
namespace {

std::filesystem::path lock_file_of(const std::filesystem::path& database) {
    return database.string() + ".lock";
}

int open_lock_file(const std::filesystem::path& file) {
    return ::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0660);
}

// 0, or the errno of what was in the way; then it is closed.
int lock_or_close(int descriptor) {
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return 0;
    const int trouble = errno;
    ::close(descriptor);
    return trouble;
}

} // namespace

// The file stays when the lock goes: were it deleted, two daemons could each lock one of that name.
std::optional<database_lock> database_lock::acquire(const std::filesystem::path& database) {
    const auto file = lock_file_of(database);
    const int descriptor = open_lock_file(file);
    if (descriptor < 0)
        throw std::runtime_error("lock file " + file.string() + ": cannot be opened (" +
                                 std::strerror(errno) +
                                 "): its directory must be there and belong to the daemon (mode 2770)");
    const int trouble = lock_or_close(descriptor);
    if (trouble == EWOULDBLOCK) return std::nullopt;
    if (trouble != 0)
        throw std::runtime_error("lock file " + file.string() + ": cannot be locked (" +
                                 std::strerror(trouble) + "): the file system must be local");
    database_lock taken(database, descriptor);
    if (!taken.cover_database()) return std::nullopt;
    return taken;
}

database_lock::database_lock(std::filesystem::path database, int descriptor)
    : database_(std::move(database)), descriptor_(descriptor) {}

database_lock::database_lock(database_lock&& other) noexcept
    : database_(std::move(other.database_))
    , descriptor_(std::exchange(other.descriptor_, -1))
    , on_database_(std::exchange(other.on_database_, -1)) {}

database_lock& database_lock::operator=(database_lock&& other) noexcept {
    std::swap(database_, other.database_);
    std::swap(descriptor_, other.descriptor_);
    std::swap(on_database_, other.on_database_);
    return *this;
}

database_lock::~database_lock() {
    for (const int descriptor : {on_database_, descriptor_})
        if (descriptor >= 0) ::close(descriptor);
}

// flock() and the locks of SQLite (fcntl) do not see each other. False: another process has it. The
// descriptor stays open then too: SQLite may have the file open.
bool database_lock::cover_database() {
    if (on_database_ < 0) on_database_ = ::open(database_.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (on_database_ < 0 || ::flock(on_database_, LOCK_EX | LOCK_NB) == 0)
        return true; // or it is still to be made
    return errno != EWOULDBLOCK;
}

bool database_lock::remembers() const {
    struct stat ours {};
    return ::fstat(descriptor_, &ours) == 0 && ours.st_size > 0;
}

void database_lock::remember() {
    constexpr std::string_view words = "a queue was opened here\n";
    if (!remembers() && ::write(descriptor_, words.data(), words.size()) < 0) return; // a later start does
}

database_lock::state database_lock::keep() {
    if (!cover_database()) return state::lost;
    struct stat ours {};
    const auto file = lock_file_of(database_);
    const auto there = identity_of(file);
    if (there && ::fstat(descriptor_, &ours) == 0 && *there == file_identity{ours.st_dev, ours.st_ino})
        return state::held;
    const int again = open_lock_file(file);
    if (again < 0 || lock_or_close(again) != 0) return state::lost;
    ::close(std::exchange(descriptor_, again));
    remember();
    return state::taken_again;
}

} // namespace cannedd
