// Times as the API writes them, to and from wall_time. Pure.
#pragma once

#include "time/instant.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace cannedd {

// 2024-05-17T08:30:00.123Z, or with an offset (+02:00, +0200). Nothing: it is not such a time.
std::optional<wall_time> parse_timestamp(std::string_view text);
// Always UTC with milliseconds: 2024-05-17T08:30:00.123Z.
std::string to_timestamp(wall_time time);
// The three forms of an HTTP date (RFC 9110, 5.6.7): the headers Date and Retry-After.
std::optional<wall_time> parse_http_date(std::string_view text);

} // namespace cannedd
