
#include "text/utf8.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(utf8_)

BOOST_AUTO_TEST_CASE(a_line_for_people_has_no_control_character_and_no_half_of_one) {
    const auto whole = std::string::npos;
    BOOST_TEST(one_line("", whole).empty());
    BOOST_TEST(one_line("all of it", whole) == "all of it");
    BOOST_TEST(one_line("all of it", 5) == "all o");
    BOOST_TEST(one_line("all of it", 0).empty());
    BOOST_TEST(one_line("two\r\nlines\x7F\xC2\x85", whole) == "two  lines  ");
    BOOST_TEST(one_line("ol\xC3\xA9!", whole) == "ol\xC3\xA9!");
    BOOST_TEST(one_line("ol\xC3\xA9!", 3) == "ol");
    BOOST_TEST(one_line("ol\xC3\xA9!", 4) == "ol\xC3\xA9");
    BOOST_TEST(one_line("\xFFthen\xC3", whole) == "?then?");
    BOOST_TEST(one_line("before\xFF", 6) == "before");
}

BOOST_AUTO_TEST_SUITE_END()
