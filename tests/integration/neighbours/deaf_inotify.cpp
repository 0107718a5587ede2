// Preloaded into a daemon under test: what it asks inotify to watch is accepted, and nothing is ever told.
#include <cstdint>

extern "C" int inotify_add_watch(int, const char*, std::uint32_t) noexcept {
    return 1;
}
