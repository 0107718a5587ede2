#include "text/timestamps.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include <date/date.h>

namespace cannedd {
namespace {

// The whole text by the format, blanks at its end apart.
template<typename Time>
std::optional<Time> parsed(const std::string& text, const char* format) {
    std::istringstream in(text);
    in.imbue(std::locale::classic());
    Time time{};
    in >> date::parse(format, time);
    if (in.fail()) return std::nullopt;
    in >> std::ws;
    return in.eof() ? std::optional(time) : std::nullopt;
}

constexpr std::size_t day_bytes = 10; // 2024-05-17

// A finer fraction is cut off: date reads as many digits as its type has.
std::string with_milliseconds(std::string text) {
    const auto point = text.find_first_of(".,");
    if (point == std::string::npos) return text;
    text[point] = '.';
    const auto end = std::min(text.find_first_not_of("0123456789", point + 1), text.size());
    if (end > point + 4) text.erase(point + 4, end - point - 4);
    return text;
}

} // namespace

std::optional<wall_time> parse_timestamp(std::string_view text) {
    auto plain = with_milliseconds(std::string(text));
    if (plain.size() > day_bytes && (plain[day_bytes] == 't' || plain[day_bytes] == ' '))
        plain[day_bytes] = 'T';
    if (plain.ends_with('Z') || plain.ends_with('z')) plain.replace(plain.size() - 1, 1, "+00:00");
    for (const auto* format : {"%FT%T%Ez", "%FT%T%z"})
        if (const auto time = parsed<wall_time>(plain, format)) return time;
    return std::nullopt;
}

std::string to_timestamp(wall_time time) {
    return date::format("%FT%TZ", time);
}

std::optional<wall_time> parse_http_date(std::string_view text) {
    constexpr std::array formats{"%a, %d %b %Y %T GMT", "%A, %d-%b-%y %T GMT", "%a %b %e %T %Y"};
    for (const auto* format : formats)
        if (const auto time = parsed<date::sys_seconds>(std::string(text), format)) return *time;
    return std::nullopt;
}

} // namespace cannedd
