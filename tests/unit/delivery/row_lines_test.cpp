#include "delivery/row_lines.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

namespace {

constexpr row_words lost_rows{"message lost", "messages were lost"},
    found_rows{"message found", "messages were found"};

struct told_lines {
    std::vector<log_record> lines;
    logger log{log_level::info, [this](const log_record& line) { lines.push_back(line); }};
};

} // namespace

BOOST_AUTO_TEST_SUITE(row_lines_)

BOOST_FIXTURE_TEST_CASE(twenty_of_a_kind_have_a_line_each_and_more_are_one_that_counts_them, told_lines) {
    row_lines gathered;
    for (int id = 1; id <= 21; ++id)
        gathered.add(lost_rows, {{"id", id}});
    for (int id = 1; id <= 20; ++id)
        gathered.add(found_rows, {{"id", id}});
    gathered.tell(log, {{"account", "default"}});
    BOOST_REQUIRE(lines.size() == 21U);
    BOOST_TEST(lines.front().text == "message found");
    BOOST_TEST(lines[19].fields.front().value == "20");
    BOOST_TEST(lines[20].text == "messages were lost");
    BOOST_TEST(lines[20].fields.front().value == "21");
    BOOST_TEST(lines[20].fields.back().value == "default");
}

BOOST_FIXTURE_TEST_CASE(what_was_told_is_not_told_again, told_lines) {
    row_lines gathered;
    for (const auto* id : {"1", "2"}) {
        gathered.add(lost_rows, {{"id", id}});
        gathered.tell(log);
    }
    gathered.tell(log);
    BOOST_TEST(lines.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
