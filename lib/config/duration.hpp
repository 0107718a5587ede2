// Durations as the configuration writes them: a whole number and ms, s, m, h or d.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace cannedd {

// Nothing: the text is no duration, or longer than a thousand years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// In the largest unit that divides it: 90000 ms is "90s", 3600000 ms is "1h".
std::string to_text(std::chrono::milliseconds duration);

} // namespace cannedd
