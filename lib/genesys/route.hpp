// The four ways to send a message (README, "Routes").
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cannedd {

enum class route : std::uint8_t { message, agentless, chat, tutorial };

std::string_view name_of(route way) noexcept;
std::optional<route> route_named(std::string_view name) noexcept;

} // namespace cannedd
