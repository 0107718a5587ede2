#include "process_environment.hpp"

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <random>

#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace cannedd {
namespace {

std::optional<std::string> variable(const char* name, const char* lower_name) {
    if (const char* value = std::getenv(name)) return value;
    if (const char* value = std::getenv(lower_name)) return value;
    return std::nullopt;
}

// As sched_setattr(2) has it; the kernel's own header does not go together with <sched.h>.
struct scheduling {
    std::uint32_t size = sizeof(scheduling);
    std::uint32_t policy = 0;
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime_ns = 0, deadline_ns = 0, period_ns = 0;
};

// Shorter than anybody gets by default (0.7 ms and more), and long enough for most of the loop's turns: a
// turn that is longer than its slice may be broken off for the length of another's.
constexpr std::uint64_t short_slice_ns = 500'000;

} // namespace

void ask_for_short_slices() {
    scheduling mine;
    if (::syscall(SYS_sched_getattr, 0, &mine, sizeof mine, 0) != 0 || mine.policy != SCHED_OTHER) return;
    mine.size = sizeof mine;
    mine.runtime_ns = short_slice_ns;
    ::syscall(SYS_sched_setattr, 0, &mine, 0);
}

void open_missing_standard_streams() {
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream)
        if (::fcntl(stream, F_GETFD) < 0) ::open("/dev/null", O_RDWR); // takes the lowest number that is free
}

config_environment environment_of_process() {
    config_environment environment;
    if (const char* directory = std::getenv("CREDENTIALS_DIRECTORY"))
        environment.credentials_directory = directory;
    environment.https_proxy = variable("HTTPS_PROXY", "https_proxy");
    environment.no_proxy = variable("NO_PROXY", "no_proxy");
    return environment;
}

std::function<double()> random_chance() {
    const auto engine = std::make_shared<std::mt19937_64>(std::random_device()());
    return [engine] { return std::uniform_real_distribution<double>(0.0, 1.0)(*engine); };
}

} // namespace cannedd
