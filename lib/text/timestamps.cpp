#include "text/timestamps.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace cannedd {
namespace {

namespace chrono = std::chrono;

// Takes what it recognises off the front of the text; once it did not, it stays bad.
class scanner {
public:
    explicit scanner(std::string_view text) : rest_(text) {}

    int digits(std::size_t at_least, std::size_t at_most) {
        std::size_t count = 0;
        while (count < rest_.size() && count < at_most && rest_[count] >= '0' && rest_[count] <= '9')
            ++count;
        if (count < at_least) good_ = false;
        int value = 0;
        std::from_chars(rest_.data(), rest_.data() + count, value);
        rest_.remove_prefix(count);
        return value;
    }
    bool take(char wanted) {
        if (rest_.empty() || rest_.front() != wanted) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void need(char wanted) {
        if (!take(wanted)) good_ = false;
    }
    std::string_view word() {
        std::size_t count = 0;
        while (count < rest_.size() && ((rest_[count] | 0x20) >= 'a' && (rest_[count] | 0x20) <= 'z'))
            ++count;
        const auto found = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return found;
    }
    void spaces() {
        while (take(' '))
            continue;
    }
    bool good() const { return good_; }
    bool done() const { return rest_.empty(); }

private:
    std::string_view rest_;
    bool good_ = true;
};

std::optional<wall_time> make_time(int year, int month, int day, int hour, int minute, int second) {
    const chrono::year_month_day date{chrono::year(year), chrono::month(static_cast<unsigned>(month)),
                                      chrono::day(static_cast<unsigned>(day))};
    // A second of 60 is a leap second.
    if (!date.ok() || hour > 24 || minute > 59 || second > 60) return std::nullopt;
    return wall_time(chrono::sys_days(date).time_since_epoch() + chrono::hours(hour) + minutes(minute) +
                     seconds(second));
}

milliseconds fraction(scanner& in) {
    if (!in.take('.') && !in.take(',')) return milliseconds(0);
    int value = in.digits(1, 1) * 100;
    for (const int weight : {10, 1})
        value += in.digits(0, 1) * weight;
    in.digits(0, 9);
    return milliseconds(value);
}

// Minutes east of UTC.
minutes offset(scanner& in) {
    if (in.take('Z') || in.take('z')) return minutes(0);
    const bool west = in.take('-');
    if (!west) in.need('+');
    const int hours = in.digits(2, 2);
    in.take(':');
    const int rest = in.digits(2, 2);
    const minutes east(hours * 60 + rest);
    return west ? -east : east;
}

int month_named(std::string_view name) {
    constexpr std::array<std::string_view, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names.at(i) == name) return static_cast<int>(i) + 1;
    return 0;
}

struct time_of_day {
    int hour = 0, minute = 0, second = 0;
};

time_of_day clock_time(scanner& in) {
    time_of_day time;
    time.hour = in.digits(2, 2);
    in.need(':');
    time.minute = in.digits(2, 2);
    in.need(':');
    time.second = in.digits(2, 2);
    return time;
}

// After the weekday and its comma: `17 May 2024 08:30:00 GMT` or `17-May-24 08:30:00 GMT`.
std::optional<wall_time> day_first(scanner in) {
    in.spaces();
    const int day = in.digits(1, 2);
    const bool dashes = in.take('-');
    in.spaces();
    const int month = month_named(in.word());
    if (dashes) in.need('-');
    in.spaces();
    int year = in.digits(2, 4);
    if (year < 100) year += year < 70 ? 2000 : 1900;
    in.spaces();
    const auto time = clock_time(in);
    if (!in.good() || month == 0) return std::nullopt;
    return make_time(year, month, day, time.hour, time.minute, time.second);
}

// asctime(): `May 17 08:30:00 2024`, after the weekday.
std::optional<wall_time> month_first(scanner in) {
    in.spaces();
    const int month = month_named(in.word());
    in.spaces();
    const int day = in.digits(1, 2);
    in.spaces();
    const auto time = clock_time(in);
    in.spaces();
    const int year = in.digits(4, 4);
    if (!in.good() || month == 0) return std::nullopt;
    return make_time(year, month, day, time.hour, time.minute, time.second);
}

} // namespace

std::optional<wall_time> parse_timestamp(std::string_view text) {
    scanner in(text);
    const int year = in.digits(4, 4);
    in.need('-');
    const int month = in.digits(2, 2);
    in.need('-');
    const int day = in.digits(2, 2);
    if (!in.take('T') && !in.take('t')) in.need(' ');
    const auto time = clock_time(in);
    const auto part = fraction(in);
    const auto east = offset(in);
    if (!in.good() || !in.done()) return std::nullopt;
    const auto whole = make_time(year, month, day, time.hour, time.minute, time.second);
    if (!whole) return std::nullopt;
    return *whole + part - east;
}

std::string to_timestamp(wall_time time) {
    const auto day = chrono::floor<chrono::days>(time);
    const chrono::year_month_day date(day);
    const chrono::hh_mm_ss clock(time - day);
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
                  static_cast<int>(clock.subseconds().count()));
    return text.data();
}

std::optional<wall_time> parse_http_date(std::string_view text) {
    scanner in(text);
    if (in.word().empty()) return std::nullopt;
    return in.take(',') ? day_first(in) : month_first(in);
}

} // namespace cannedd
