#include "kill_switch.hpp"

#include <csignal>
#include <cstdlib>
#include <memory>
#include <string>

namespace cannedd {

attempt_hook kill_switch_from_environment() {
    const char* asked = std::getenv("CANNEDD_DEBUG_KILL_AT");
    if (asked == nullptr || *asked == '\0') return {};
    std::string at(asked);
    int count = 1;
    if (const auto colon = at.find(':'); colon != std::string::npos) {
        count = std::atoi(at.c_str() + colon + 1);
        at.resize(colon);
    }
    const auto remaining = std::make_shared<int>(count);
    return [at, remaining](step reached) {
        if (name_of(reached) == at && --*remaining == 0) std::raise(SIGKILL);
    };
}

} // namespace cannedd
