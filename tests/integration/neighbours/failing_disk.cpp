// Preloaded into a daemon under test: its disk fails for as long as a file is there that the environment
// names. CANNEDD_FAIL_SYNCS_WHILE: fdatasync and fsync answer EIO. CANNEDD_FAIL_WRITES_WHILE: pwrite answers
// ENOSPC.
#include <cerrno>
#include <cstdlib>

#include <dlfcn.h>
#include <unistd.h>

namespace {

bool is_there(const char* variable) {
    const char* file = std::getenv(variable);
    const int before = errno;
    const bool there = file != nullptr && ::access(file, F_OK) == 0;
    errno = before;
    return there;
}

bool fails(const char* variable, int with) {
    if (!is_there(variable)) return false;
    errno = with;
    return true;
}

template<typename Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

constexpr auto syncs = "CANNEDD_FAIL_SYNCS_WHILE";
constexpr auto writes = "CANNEDD_FAIL_WRITES_WHILE";

} // namespace

extern "C" {

int fdatasync(int file) {
    return fails(syncs, EIO) ? -1 : next<decltype(::fdatasync)>("fdatasync")(file);
}

int fsync(int file) {
    return fails(syncs, EIO) ? -1 : next<decltype(::fsync)>("fsync")(file);
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
    return fails(writes, ENOSPC) ? -1 : next<decltype(::pwrite)>("pwrite")(file, bytes, size, at);
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
    return fails(writes, ENOSPC) ? -1 : next<decltype(::pwrite64)>("pwrite64")(file, bytes, size, at);
}
}
