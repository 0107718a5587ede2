#include "text/timestamps.hpp"

#include <algorithm>
#include <array>
#include <charconv>
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

std::optional<unsigned> digits(std::string_view text) {
    unsigned value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// "Sun, 06 Nov 1994 08:49:37 GMT", which is what servers send, with each answer: a stream and its locale took
// one part in twenty of a message.
std::optional<wall_time> parse_imf_fixdate(std::string_view text) {
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.size() != 29 || text.substr(25) != " GMT" || text[19] != ':' || text[22] != ':')
        return std::nullopt;
    const auto month = months.find(text.substr(8, 3));
    const auto day = digits(text.substr(5, 2));
    const auto year = digits(text.substr(12, 4));
    const auto hour = digits(text.substr(17, 2));
    const auto minute = digits(text.substr(20, 2));
    const auto second = digits(text.substr(23, 2));
    if (month == std::string_view::npos || month % 3 != 0 || !day || !year || !hour || !minute || !second)
        return std::nullopt;
    const auto of = date::year(static_cast<int>(*year)) / static_cast<int>(month / 3 + 1) / *day;
    if (!of.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    return date::sys_days(of) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) + seconds(*second);
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
    if (const auto usual = parse_imf_fixdate(text)) return usual;
    constexpr std::array formats{"%a, %d %b %Y %T GMT", "%A, %d-%b-%y %T GMT", "%a %b %e %T %Y"};
    for (const auto* format : formats)
        if (const auto time = parsed<date::sys_seconds>(std::string(text), format)) return *time;
    return std::nullopt;
}

} // namespace cannedd
