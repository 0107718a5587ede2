#include "config/duration.hpp"

#include <boost/test/unit_test.hpp>

#include <optional>

namespace cannedd {

using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(duration_)

BOOST_AUTO_TEST_CASE(a_duration_is_a_whole_number_and_a_unit) {
    BOOST_TEST(parse_duration("250ms")->count() == 250);
    BOOST_TEST(parse_duration("0s")->count() == 0);
    BOOST_TEST(parse_duration("30s")->count() == 30'000);
    BOOST_TEST(parse_duration("5m")->count() == 300'000);
    BOOST_TEST(parse_duration("1h")->count() == 3'600'000);
    BOOST_TEST(parse_duration("7d")->count() == 604'800'000);
}

BOOST_AUTO_TEST_CASE(anything_else_is_no_duration) {
    for (const char* text : {"", "5", "s", "5 s", "1.5s", "-1s", "+1s", "5sec", "5S", "0x5s",
                             "99999999999999999999s", "9223372036854775807d", "366000d"})
        BOOST_TEST(!parse_duration(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_duration_is_written_in_its_largest_whole_unit) {
    BOOST_TEST(to_text(milliseconds(0)) == "0s");
    BOOST_TEST(to_text(milliseconds(1500)) == "1500ms");
    BOOST_TEST(to_text(milliseconds(90'000)) == "90s");
    BOOST_TEST(to_text(std::chrono::hours(1)) == "1h");
    BOOST_TEST(to_text(std::chrono::days(365)) == "365d");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd
