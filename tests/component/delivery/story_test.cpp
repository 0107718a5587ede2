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

BOOST_AUTO_TEST_CASE(a_row_that_expires_untried_has_a_line) {
    delivery_world world;
    world.insert(conversation_a, "late", ", created_at, expires_at", ", 1000000000000, 1000000000001");
    world.start();
    world.run_for(2s);
    BOOST_TEST(story(world) == std::vector<std::string>{"message expired before it could be sent"},
               boost::test_tools::per_element());
    BOOST_TEST(field_of(world, "message expired before it could be sent", "conversation") == conversation_a);
}

BOOST_AUTO_TEST_CASE(what_an_operator_does_to_a_row_has_a_line_before_what_comes_of_it) {
    delivery_world world;
    world.start();
    world.run_for(1s);
    world.insert(conversation_a, "one", ", status", ", 'held'");
    world.run_for(1s);
    BOOST_TEST(story(world).empty());
    world.sql("UPDATE messages SET status = 'pending' WHERE id = 1");
    world.run_for(2s);
    const std::vector<std::string> expected{"message changed by an operator", "message sent"};
    BOOST_TEST(story(world) == expected, boost::test_tools::per_element());
    const std::map<std::string, std::string> fields{
        {"was", "held"}, {"status", "pending"}, {"account", "default"}, {"conversation", conversation_a}};
    for (const auto& [key, value] : fields)
        BOOST_TEST(field_of(world, expected.front(), key) == value, key);
    world.restart(); // what was told is not told again
    world.run_for(2s);
    BOOST_TEST(story(world).size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_an_operator_does_to_many_rows_is_one_line) {
    delivery_world world;
    world.start();
    world.run_for(1s);
    world.sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 21) "
              "INSERT INTO messages (conversation_id, text, status) SELECT '" +
              std::string(conversation_a) + "', 'x', 'held' FROM n");
    world.sql("UPDATE messages SET status = 'cancelled'");
    world.run_for(2s);
    BOOST_TEST(field_of(world, "messages were changed by an operator", "messages") == "21");
    BOOST_TEST(field_of(world, "messages were changed by an operator", "status") == "cancelled");
    BOOST_TEST(field_of(world, "message changed by an operator", "status") == "none");
}

BOOST_AUTO_TEST_CASE(thousands_that_expire_are_a_line_for_each_slice) {
    delivery_world world;
    world.sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) "
              "INSERT INTO messages (conversation_id, text, created_at, expires_at) SELECT '" +
              std::string(conversation_a) + "', 'late', 1000000000000, 1000000000001 FROM n");
    world.start();
    world.run_for(10s);
    BOOST_TEST(world.value("SELECT count(*) FROM messages WHERE status = 'expired'") == "1200");
    std::int64_t told = 0, lines = 0;
    for (const auto& line : world.lines) {
        BOOST_TEST(line.text != "message expired before it could be sent");
        if (line.text != "messages expired before they could be sent") continue;
        ++lines;
        told += std::stoll(line.fields.front().value);
    }
    BOOST_TEST(told == 1200);
    BOOST_TEST(lines <= 3);
}

BOOST_AUTO_TEST_CASE(rows_of_an_account_that_is_not_configured_have_a_line_each) {
    delivery_world world;
    world.insert(conversation_a, "one", ", account", ", 'nobodys'");
    world.start();
    world.run_for(2s);
    BOOST_TEST(story(world) == std::vector<std::string>{"message held without a try of its own"},
               boost::test_tools::per_element());
    BOOST_TEST(field_of(world, "message held without a try of its own", "error") == "unknown_account");
}

BOOST_AUTO_TEST_CASE(what_waits_behind_the_end_of_its_conversation_has_a_line) {
    delivery_world world;
    world.insert(conversation_b, "head");
    world.insert(conversation_b, "behind");
    world.start();
    world.api().broken[conversation_b] = setback(errc::conversation_ended, "it has ended");
    world.run_for(5s);
    BOOST_TEST(world.value("SELECT count(*) FROM messages WHERE error = 'conversation_ended'") == "2");
    BOOST_TEST(field_of(world, "message failed without a try of its own", "id") == "2");
    BOOST_TEST(field_of(world, "message failed without a try of its own", "error") == "conversation_ended");
}

BOOST_AUTO_TEST_CASE(what_is_accepted_and_not_delivered_has_a_line) {
    world_options chosen;
    chosen.follow_status = true;
    delivery_world world(chosen);
    world.insert(conversation_a, "one");
    world.start();
    world.run_for(1s);
    BOOST_REQUIRE(!world.api().shown[conversation_a].empty());
    world.api().shown[conversation_a].front().status = "delivery-failed";
    world.api().shown[conversation_a].front().failure_reason = "the handset is gone";
    world.run_for(60s);
    const std::vector<std::string> expected{"message sent", "message accepted, but not delivered"};
    BOOST_TEST(story(world) == expected, boost::test_tools::per_element());
    BOOST_TEST(field_of(world, "message accepted, but not delivered", "detail") == "the handset is gone");
}

BOOST_AUTO_TEST_SUITE_END()
