// Preloaded into every process of the power cut test: logs what it does to the files of the queue in
// CANNEDD_WRITE_LOG_OF (a directory), to CANNEDD_WRITE_LOG. A write is logged when it is done, a sync when it
// begins and when it has ended, what customers see and producers are told before it leaves: each errs on the
// strict side. CANNEDD_SYNCHRONOUS=NORMAL|OFF makes the daemon's connection less durable once it is open, to
// show that the test notices. -shm is memory, not disk: it is not logged.
#include "record.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <string>
#include <string_view>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

using cannedd::record_head;
using cannedd::record_kind;

template<typename Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

void log(record_kind kind, std::uint64_t file, std::int64_t at, const void* bytes, std::size_t size) {
    static const int log_file = [] {
        const auto path = variable("CANNEDD_WRITE_LOG");
        return path.empty() ? -1
                            : next<decltype(::open)>("open")(path.data(), O_WRONLY | O_APPEND | O_CLOEXEC);
    }();
    if (log_file < 0) return;
    record_head head{kind, static_cast<std::uint32_t>(size), file, at,
                     static_cast<std::uint64_t>(::getpid())};
    iovec parts[2] = {{&head, sizeof head}, {const_cast<void*>(bytes), size}};
    if (next<decltype(::writev)>("writev")(log_file, parts, 2) != static_cast<ssize_t>(sizeof head + size))
        std::abort(); // half a log proves nothing
}

void log(record_kind kind, std::uint64_t file, std::string_view words) {
    log(kind, file, 0, words.data(), words.size());
}

bool ends(std::string_view path, std::string_view with) {
    return path.size() >= with.size() && path.substr(path.size() - with.size()) == with;
}

std::string_view last_part(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

bool is_the_queues(std::string_view path) {
    const auto directory = variable("CANNEDD_WRITE_LOG_OF");
    if (directory.empty() || path.substr(0, path.rfind('/')) != directory) return false;
    const auto name = last_part(path);
    return name.substr(0, 8) == "queue.db" && !ends(name, "-shm") && !ends(name, ".lock");
}

std::string path_of(int file) {
    char path[1024];
    const auto link = "/proc/self/fd/" + std::to_string(file);
    const auto size = ::readlink(link.c_str(), path, sizeof path);
    return size > 0 ? std::string(path, static_cast<std::size_t>(size)) : std::string();
}

std::uint64_t inode_of(int file) {
    struct stat found {};
    return ::fstat(file, &found) == 0 ? found.st_ino : 0;
}

// Keeps errno as the real call left it.
class unchanged_errno {
public:
    ~unchanged_errno() { errno = before_; }

private:
    int before_ = errno;
};

int opened(int file, const char* path, int flags) {
    const unchanged_errno keep;
    if (file >= 0 && (flags & O_CREAT) != 0 && is_the_queues(path))
        log(record_kind::named, inode_of(file), last_part(path));
    return file;
}

ssize_t wrote(ssize_t size, int file, const void* bytes, off64_t at) {
    const unchanged_errno keep;
    if (size > 0 && is_the_queues(path_of(file)))
        log(record_kind::wrote, inode_of(file), at, bytes, static_cast<std::size_t>(size));
    return size;
}

int truncated(int result, int file, off64_t size) {
    const unchanged_errno keep;
    if (result == 0 && is_the_queues(path_of(file)))
        log(record_kind::truncated, inode_of(file), size, nullptr, 0);
    return result;
}

void leaving(int file, const void* bytes, std::size_t size) {
    const unchanged_errno keep;
    const auto path = path_of(file);
    const std::string_view words(static_cast<const char*>(bytes), size);
    if (ends(path, "/transcript.jsonl")) log(record_kind::seen, 0, words);
    if (ends(path, "/told")) log(record_kind::told, 0, words);
}

int synced(const char* name, int file) {
    const auto path = path_of(file);
    const bool ours = is_the_queues(path) || path == variable("CANNEDD_WRITE_LOG_OF");
    if (ours) log(record_kind::sync_began, inode_of(file), 0, nullptr, 0);
    const int result = next<decltype(::fsync)>(name)(file);
    const unchanged_errno keep;
    if (ours && result == 0) log(record_kind::sync_ended, inode_of(file), 0, nullptr, 0);
    return result;
}

mode_t mode_in(int flags, va_list arguments) {
    return (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
}

} // namespace

extern "C" {

int open(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = mode_in(flags, arguments);
    va_end(arguments);
    return opened(next<decltype(::open)>("open")(path, flags, mode), path, flags);
}

int open64(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = mode_in(flags, arguments);
    va_end(arguments);
    return opened(next<decltype(::open64)>("open64")(path, flags, mode), path, flags);
}

int unlink(const char* path) {
    const int result = next<decltype(::unlink)>("unlink")(path);
    const unchanged_errno keep;
    if (result == 0 && is_the_queues(path)) log(record_kind::unlinked, 0, last_part(path));
    return result;
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
    return wrote(next<decltype(::pwrite)>("pwrite")(file, bytes, size, at), file, bytes, at);
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
    return wrote(next<decltype(::pwrite64)>("pwrite64")(file, bytes, size, at), file, bytes, at);
}

ssize_t write(int file, const void* bytes, size_t size) {
    leaving(file, bytes, size);
    return next<decltype(::write)>("write")(file, bytes, size);
}

ssize_t writev(int file, const iovec* parts, int count) {
    std::string words;
    for (int n = 0; n < count; ++n)
        words.append(static_cast<const char*>(parts[n].iov_base), parts[n].iov_len);
    leaving(file, words.data(), words.size());
    return next<decltype(::writev)>("writev")(file, parts, count);
}

int ftruncate(int file, off_t size) {
    return truncated(next<decltype(::ftruncate)>("ftruncate")(file, size), file, size);
}

int ftruncate64(int file, off64_t size) {
    return truncated(next<decltype(::ftruncate64)>("ftruncate64")(file, size), file, size);
}

int fsync(int file) {
    return synced("fsync", file);
}

int fdatasync(int file) {
    return synced("fdatasync", file);
}

// The last thing that opening does is to wait for no lock any more.
int sqlite3_busy_timeout(sqlite3* connection, int milliseconds) {
    const int result =
        next<decltype(::sqlite3_busy_timeout)>("sqlite3_busy_timeout")(connection, milliseconds);
    const auto wanted = variable("CANNEDD_SYNCHRONOUS");
    if (milliseconds == 0 && !wanted.empty())
        next<decltype(::sqlite3_exec)>("sqlite3_exec")(
            connection, ("PRAGMA synchronous = " + std::string(wanted)).c_str(), nullptr, nullptr, nullptr);
    return result;
}
}
