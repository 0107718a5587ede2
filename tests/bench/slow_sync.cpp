// Preloaded into what is measured: each sync takes BENCH_SYNC_MS milliseconds more, as on a disk that is not
// this machine's.
#include <cstdlib>
#include <ctime>

#include <dlfcn.h>
#include <unistd.h>

namespace {

int slowly(const char* name, int file) {
    static const char* const told = std::getenv("BENCH_SYNC_MS");
    const timespec more{0, (told != nullptr ? std::atol(told) : 0) * 1'000'000};
    ::clock_nanosleep(CLOCK_MONOTONIC, 0, &more, nullptr);
    return reinterpret_cast<int (*)(int)>(::dlsym(RTLD_NEXT, name))(file);
}

} // namespace

extern "C" {

int fdatasync(int file) {
    return slowly("fdatasync", file);
}

int fsync(int file) {
    return slowly("fsync", file);
}
}
