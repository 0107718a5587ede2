#include "text/timestamps.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

namespace {

struct reading {
    const char* text;
    std::int64_t unix_ms; // -1: refused
};

std::int64_t ms(const std::optional<wall_time>& time) {
    return time ? time->time_since_epoch().count() : -1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(timestamps_)

BOOST_AUTO_TEST_CASE(timestamps_of_the_api_are_read_in_every_form_they_come_in) {
    const reading table[] = {
        {"2024-05-17T08:30:00.123Z", 1715934600123},
        {"2024-05-17T08:30:00Z", 1715934600000},
        {"2024-05-17T08:30:00.1Z", 1715934600100},
        {"2024-05-17T08:30:00.123456789Z", 1715934600123},
        {"2024-05-17T10:30:00.000+02:00", 1715934600000},
        {"2024-05-17T03:00:00-0530", 1715934600000},
        {"2024-05-17T08:30:00.123456789012345Z", 1715934600123},
        {"2024-05-17t08:30:00,5z", 1715934600500},
        {"2024-05-17 08:30:00Z", 1715934600000},
        {"9999-12-31T23:59:59Z", 253402300799000},
        {"2024-05-17T25:30:00Z", -1},
        {"2024-05-17T08:61:00Z", -1},
        {"2024-02-29T00:00:00Z", 1709164800000},
        {"2023-02-29T00:00:00Z", -1},
        {"2024-05-17", -1},
        {"2024-05-17T08:30:00", -1},
        {"2024-05-17T08:30:00Zjunk", -1},
        {"2025-06-15T15:0604:.123Z", -1},
        {"2024-05-17T08:30:00.Z", -1},
        {"2024-05-17T08:30:00+2400", -1},
        {"0000-01-01T00:00:00+00:01", -1},
        {"2024-05-17T08:30:00Z\r\n", 1715934600000},
        {"yesterday", -1},
        {"", -1},
    };
    for (const auto& row : table)
        BOOST_TEST(ms(parse_timestamp(row.text)) == row.unix_ms, row.text);
}

BOOST_AUTO_TEST_CASE(a_time_is_written_in_utc_with_milliseconds_and_reads_back) {
    const wall_time time(milliseconds(1715934600007));
    BOOST_TEST(to_timestamp(time) == "2024-05-17T08:30:00.007Z");
    BOOST_TEST(ms(parse_timestamp(to_timestamp(time))) == 1715934600007);
    BOOST_TEST(to_timestamp(wall_time()) == "1970-01-01T00:00:00.000Z");
    for (const std::string_view told :
         {"0000-03-01T00:00:00.000Z", "1969-12-31T23:59:59.999Z", "2000-02-29T12:34:56.078Z",
          "2100-02-28T23:59:59.000Z", "9999-12-31T23:59:59.999Z"})
        BOOST_TEST(to_timestamp(parse_timestamp(told).value()) == told);
}

BOOST_AUTO_TEST_CASE(an_http_date_is_read_in_its_three_forms) {
    const reading table[] = {
        {"Fri, 17 May 2024 08:30:00 GMT", 1715934600000},
        {"Friday, 17-May-24 08:30:00 GMT", 1715934600000},
        {"Fri May 17 08:30:00 2024", 1715934600000},
        {"Wed May  1 00:00:00 2024", 1714521600000},
        {"Wed, 1 May 2024 00:00:00 GMT", 1714521600000},
        {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777000},
        {"Fri, 17 Moy 2024 08:30:00 GMT", -1},
        {"Fri, 17 May 2024 25:30:00 GMT", -1},
        {"Fri, 31 Feb 2024 08:30:00 GMT", -1},
        {"Sun Nov  6 08+++++:49:37 1994", -1},
        {"120", -1},
        {"", -1},
    };
    for (const auto& row : table)
        BOOST_TEST(ms(parse_http_date(row.text)) == row.unix_ms, row.text);
}

BOOST_AUTO_TEST_SUITE_END()
