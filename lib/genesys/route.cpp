#include "genesys/route.hpp"

#include <algorithm>
#include <array>

namespace cannedd {
namespace {
constexpr std::array<std::string_view, 4> names{"message", "agentless", "chat", "tutorial"};
}

std::string_view name_of(route way) noexcept {
    return names.at(static_cast<std::size_t>(way));
}

std::optional<route> route_named(std::string_view name) noexcept {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<route>(found - names.begin());
}

} // namespace cannedd
