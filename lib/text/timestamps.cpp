#include "text/timestamps.hpp"

#include <algorithm>
#include <array>

#include <date/date.h>

// Read by position once the shape is right: date::parse takes what it could not read for a number that it
// has, and a stream and its locale with each answer's Date took one part in twenty of a message.
namespace cannedd {
namespace {

// 0 stands for a digit, _ for a digit or a blank, a for a letter.
bool has_shape(std::string_view text, std::string_view shape) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto fits = [&](char c, char as) {
        if (as == '0' || as == '_') return is_digit(c) || (as == '_' && c == ' ');
        if (as == 'a') return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return c == as;
    };
    return std::ranges::equal(text, shape, fits);
}

// Digits, a blank for 0.
int number(std::string_view digits) {
    int value = 0;
    for (const char c : digits)
        value = value * 10 + (c == ' ' ? 0 : c - '0');
    return value;
}

// Jan is 1; 0: it is none.
unsigned month_named(std::string_view name) {
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const auto at = months.find(name);
    return at == std::string_view::npos || at % 3 != 0 ? 0 : static_cast<unsigned>(at / 3 + 1);
}

std::optional<date::sys_days> day_of(int year, unsigned month, int day) {
    const auto of = date::year(year) / date::month(month) / date::day(static_cast<unsigned>(day));
    return of.ok() ? std::optional<date::sys_days>(of) : std::nullopt;
}

// 08:30:00; nothing: no clock shows that.
std::optional<seconds> time_of_day(std::string_view text) {
    const int hour = number(text.substr(0, 2)), minute = number(text.substr(3, 2)),
              second = number(text.substr(6, 2));
    if (hour > 23 || minute > 59 || second > 60) return std::nullopt; // 60: a leap second
    return std::chrono::hours(hour) + std::chrono::minutes(minute) + seconds(second);
}

std::optional<wall_time> moment(std::optional<date::sys_days> day, std::string_view time) {
    const auto since_midnight = time_of_day(time);
    if (!day || !since_midnight) return std::nullopt;
    return *day + *since_midnight;
}

// .123 or ,5 at the text's beginning, which is taken away; a finer one is cut off. Nothing: no digit follows.
std::optional<milliseconds> take_fraction(std::string_view& text) {
    if (!text.starts_with('.') && !text.starts_with(',')) return milliseconds(0);
    text.remove_prefix(1);
    std::string digits(text.substr(0, text.find_first_not_of("0123456789")));
    text.remove_prefix(digits.size());
    if (digits.empty()) return std::nullopt;
    digits.resize(3, '0');
    return milliseconds(number(digits));
}

// How far ahead of UTC: Z, +02:00, -0530.
std::optional<minutes> offset_of(std::string_view text) {
    if (text == "Z" || text == "z") return minutes(0);
    if (!text.starts_with('+') && !text.starts_with('-')) return std::nullopt;
    const auto digits = text.substr(1);
    if (!has_shape(digits, "00:00") && !has_shape(digits, "0000")) return std::nullopt;
    const int hour = number(digits.substr(0, 2)), minute = number(digits.substr(digits.size() - 2));
    if (hour > 23 || minute > 59) return std::nullopt;
    const minutes ahead = std::chrono::hours(hour) + minutes(minute);
    return text.front() == '-' ? -ahead : ahead;
}

// What to_timestamp() can write: the years 0 to 9999.
bool has_four_digits(wall_time time) {
    return time >= date::sys_days(date::year(0) / 1 / 1) && time < date::sys_days(date::year(10'000) / 1 / 1);
}

std::string_view without_blanks_behind(std::string_view text) {
    return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

} // namespace

std::optional<wall_time> parse_timestamp(std::string_view text) {
    text = without_blanks_behind(text);
    const auto time = text.substr(0, 19);
    if (!has_shape(time, "0000-00-00T00:00:00") && !has_shape(time, "0000-00-00t00:00:00") &&
        !has_shape(time, "0000-00-00 00:00:00"))
        return std::nullopt;
    text.remove_prefix(time.size());
    const auto day = day_of(number(time.substr(0, 4)), static_cast<unsigned>(number(time.substr(5, 2))),
                            number(time.substr(8, 2)));
    const auto there = moment(day, time.substr(11));
    const auto fraction = take_fraction(text);
    const auto ahead = offset_of(text);
    if (!there || !fraction || !ahead) return std::nullopt;
    const auto utc = *there + *fraction - *ahead;
    return has_four_digits(utc) ? std::optional(utc) : std::nullopt;
}

// Not date::format: every log line bears one, and a stream costs more than the rest of the line.
std::string to_timestamp(wall_time time) {
    const auto midnight = date::floor<date::days>(time);
    const date::year_month_day day(midnight);
    const date::hh_mm_ss<milliseconds> since(time - midnight);
    std::string text = "0000-00-00T00:00:00.000Z";
    const auto put = [&](std::size_t at, std::size_t digits, std::int64_t value) {
        for (auto last = at + digits; last > at; value /= 10)
            text[--last] = static_cast<char>('0' + value % 10);
    };
    put(0, 4, static_cast<int>(day.year()));
    put(5, 2, static_cast<unsigned>(day.month()));
    put(8, 2, static_cast<unsigned>(day.day()));
    put(11, 2, since.hours().count());
    put(14, 2, since.minutes().count());
    put(17, 2, since.seconds().count());
    put(20, 3, since.subseconds().count());
    return text;
}

std::optional<wall_time> parse_http_date(std::string_view text) {
    text = without_blanks_behind(text);
    if (has_shape(text, "aaa aaa _0 00:00:00 0000")) // asctime
        return moment(
            day_of(number(text.substr(20)), month_named(text.substr(4, 3)), number(text.substr(8, 2))),
            text.substr(11));
    const auto comma = text.find(", ");
    if (comma == std::string_view::npos) return std::nullopt;
    const auto date = text.substr(comma + 2);
    const auto at_day = [&](int year, std::size_t month, int day) {
        return moment(day_of(year, month_named(date.substr(month, 3)), day), date.substr(date.size() - 12));
    };
    if (has_shape(date, "00 aaa 0000 00:00:00 GMT"))
        return at_day(number(date.substr(7, 4)), 3, number(date.substr(0, 2)));
    if (has_shape(date, "0 aaa 0000 00:00:00 GMT"))
        return at_day(number(date.substr(6, 4)), 2, number(date.substr(0, 1)));
    if (!has_shape(date, "00-aaa-00 00:00:00 GMT")) return std::nullopt;
    const int year = number(date.substr(7, 2));
    return at_day(year < 69 ? 2000 + year : 1900 + year, 3, number(date.substr(0, 2)));
}

} // namespace cannedd
