// The log tells the story of a row: a line for each try, and one when a doubt begins and ends.
#include "delivery_world.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cannedd;
using namespace cannedd::test;
using namespace std::chrono_literals;

// "info message sent", of lines about row 1 at level info and above.
std::vector<std::string> story(const delivery_world& world) {
    std::vector<std::string> lines;
    for (const auto& line : world.lines) {
        const bool about_it = std::any_of(line.fields.begin(), line.fields.end(), [](const auto& field) {
            return field.key == "id" && field.value == "1";
        });
        if (about_it && line.level >= log_level::info) lines.push_back(line.text);
    }
    return lines;
}

std::string field_of(const delivery_world& world, std::string_view text, std::string_view key) {
    for (const auto& line : world.lines)
        for (const auto& field : line.fields)
            if (line.text == text && field.key == key) return field.value;
    return "none";
}

} // namespace

BOOST_AUTO_TEST_SUITE(story_)

BOOST_AUTO_TEST_CASE(a_delivery_is_one_line_at_level_info) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    world.run_for(2s);
    BOOST_TEST(story(world) == std::vector<std::string>{"message sent"}, boost::test_tools::per_element());
    const std::map<std::string, std::string> expected{
        {"id", "1"},       {"account", "default"},  {"conversation", conversation_a},
        {"attempt", "1"},  {"outcome", "accepted"}, {"ms", "10"},
        {"error", "none"}, {"detail", "none"}};
    for (const auto& [key, value] : expected)
        BOOST_TEST(field_of(world, "message sent", key) == value, key);
}

BOOST_AUTO_TEST_CASE(a_doubt_begins_and_ends_with_a_line) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    world.api().sends.push_back(scripted_api::breaks_off(true));
    world.run_for(20s);
    const std::vector<std::string> expected{"doubt about a message begins", "doubt about a message is over"};
    BOOST_TEST(story(world) == expected, boost::test_tools::per_element());
    BOOST_TEST(field_of(world, expected.front(), "error") == "connection_lost");
    BOOST_TEST(field_of(world, expected.back(), "status") == "sent");
    BOOST_TEST(std::stoi(field_of(world, expected.back(), "ms")) >= 2000);
}

BOOST_AUTO_TEST_CASE(each_try_that_fails_is_a_line_too) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    world.api().sends.push_back(scripted_api::unreachable());
    world.run_for(20s);
    const std::vector<std::string> expected{"message not sent", "message sent"};
    BOOST_TEST(story(world) == expected, boost::test_tools::per_element());
    BOOST_TEST(field_of(world, "message not sent", "outcome") == "unavailable");
}

BOOST_AUTO_TEST_SUITE_END()
