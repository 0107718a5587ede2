#include "kill_switch.hpp"

#include <csignal>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

namespace cannedd {
namespace {

attempt_hook at_step(const char* variable, std::function<void()> act) {
    const char* asked = std::getenv(variable);
    if (asked == nullptr || *asked == '\0') return {};
    std::string at(asked);
    int count = 1;
    if (const auto colon = at.find(':'); colon != std::string::npos) {
        count = std::atoi(at.c_str() + colon + 1);
        at.resize(colon);
    }
    const auto remaining = std::make_shared<int>(count);
    return [at, remaining, act = std::move(act)](step reached) {
        if (name_of(reached) == at && --*remaining == 0) act();
    };
}

} // namespace

attempt_hook kill_switch_from_environment() {
    if (auto hook = at_step("CANNEDD_DEBUG_KILL_AT", [] { std::raise(SIGKILL); })) return hook;
    return at_step("CANNEDD_DEBUG_BUG_AT", [] { throw std::logic_error("CANNEDD_DEBUG_BUG_AT"); });
}

} // namespace cannedd
