#include "policy/retry_policy.hpp"

#include <algorithm>

namespace cannedd {

milliseconds backoff(const backoff_settings& settings, int tries, double chance) {
    auto ceiling = std::min(settings.base, settings.max);
    for (int i = 1; i < tries && ceiling < settings.max; ++i)
        ceiling = ceiling > settings.max / 2 ? settings.max : ceiling * 2; // never past max: no overflow
    const auto delay =
        std::chrono::floor<milliseconds>(chance * std::chrono::duration<double, std::milli>(ceiling));
    return std::max(delay, milliseconds(1));
}

} // namespace cannedd
