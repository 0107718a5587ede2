#include "process_environment.hpp"

#include <cstdlib>

namespace cannedd {
namespace {

std::optional<std::string> variable(const char* name, const char* lower_name) {
    if (const char* value = std::getenv(name)) return value;
    if (const char* value = std::getenv(lower_name)) return value;
    return std::nullopt;
}

} // namespace

config_environment environment_of_process() {
    config_environment environment;
    if (const char* directory = std::getenv("CREDENTIALS_DIRECTORY"))
        environment.credentials_directory = directory;
    environment.https_proxy = variable("HTTPS_PROXY", "https_proxy");
    environment.no_proxy = variable("NO_PROXY", "no_proxy");
    return environment;
}

} // namespace cannedd
