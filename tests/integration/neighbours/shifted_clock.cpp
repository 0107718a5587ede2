// Preloaded into the daemon and into producers: their wall clock is ahead by the seconds (or, negative,
// behind) in the file that CANNEDD_CLOCK_FILE names. The monotonic clock and all timers stay real.
// (libfaketime moves timerfd's absolute times along, even those of the monotonic clock, and with them Asio's
// "at once".)
#include <cerrno>
#include <cstdlib>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

namespace {

time_t shift_s() {
    const char* file = std::getenv("CANNEDD_CLOCK_FILE");
    if (file == nullptr) return 0;
    const int before = errno;
    char words[32] = {};
    const int opened = ::open(file, O_RDONLY | O_CLOEXEC);
    const auto size = opened >= 0 ? ::read(opened, words, sizeof words - 1) : 0;
    if (opened >= 0) ::close(opened);
    errno = before;
    return size > 0 ? std::atol(words) : 0;
}

template<typename Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" {

int clock_gettime(clockid_t which, timespec* now) noexcept {
    const int result = next<int(clockid_t, timespec*)>("clock_gettime")(which, now);
    if (result == 0 && which == CLOCK_REALTIME) now->tv_sec += shift_s();
    return result;
}

int gettimeofday(timeval* now, void* zone) noexcept {
    const int result = next<int(timeval*, void*)>("gettimeofday")(now, zone);
    if (result == 0) now->tv_sec += shift_s();
    return result;
}

time_t time(time_t* also) noexcept {
    const auto now = next<time_t(time_t*)>("time")(nullptr) + shift_s();
    if (also != nullptr) *also = now;
    return now;
}
}
