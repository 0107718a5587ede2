#include "process_environment.hpp"

#include <cstdlib>
#include <memory>
#include <random>

#include <fcntl.h>
#include <unistd.h>

namespace cannedd {
namespace {

std::optional<std::string> variable(const char* name, const char* lower_name) {
    if (const char* value = std::getenv(name)) return value;
    if (const char* value = std::getenv(lower_name)) return value;
    return std::nullopt;
}

} // namespace

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
