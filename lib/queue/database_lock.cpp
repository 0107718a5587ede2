#include "queue/sqlite_store.hpp"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace cannedd {

// The file stays when the lock goes: were it deleted, two daemons could each lock one of that name.
std::optional<database_lock> database_lock::acquire(const std::filesystem::path& database) {
    const std::string file = database.string() + ".lock";
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0660);
    if (descriptor < 0)
        throw std::runtime_error("lock file " + file + ": cannot be opened (" + std::strerror(errno) +
                                 "): its directory must be there and belong to the daemon (mode 2770)");
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return database_lock(descriptor);
    const int trouble = errno;
    ::close(descriptor);
    if (trouble == EWOULDBLOCK) return std::nullopt;
    throw std::runtime_error("lock file " + file + ": cannot be locked (" + std::strerror(trouble) +
                             "): the file system must be local");
}

database_lock::database_lock(database_lock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

database_lock& database_lock::operator=(database_lock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

database_lock::~database_lock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

} // namespace cannedd
