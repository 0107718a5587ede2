// Between conversations: priority, then fair turns. The budget is scarce, so that who goes first shows.
#include "delivery_world.hpp"
#include "policy/look_share.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdio>

namespace {

using namespace cannedd;
using namespace cannedd::test;
using namespace std::chrono_literals;

constexpr int attempts_in_flight_max = 8; // account_options' default: what has been claimed goes first

world_options scarce() {
    world_options options;
    options.rate.requests_per_minute = 60;
    options.rate.burst = 1;
    return options;
}

std::string conversation(int number) {
    char text[40];
    std::snprintf(text, sizeof text, "c0000000-0000-4000-8000-%012d", number);
    return text;
}

// How many messages were read before this one.
std::ptrdiff_t place_of(delivery_world& world, const std::string& text) {
    const auto& read = world.api().customer;
    const auto found = std::ranges::find(read, text, &delivered_text::text);
    BOOST_REQUIRE_MESSAGE(found != read.end(), text << " has not been read");
    return found - read.begin();
}

} // namespace

BOOST_AUTO_TEST_SUITE(fairness_)

BOOST_AUTO_TEST_CASE(a_conversation_with_many_rows_starves_no_other) {
    delivery_world world(scarce());
    for (int i = 0; i < 100; ++i)
        world.insert(conversation_a, "talkative " + std::to_string(i));
    for (int c = 0; c < 6; ++c)
        world.insert(conversation(c), "quiet " + std::to_string(c));
    world.start();
    world.run_for(60s);
    for (int c = 0; c < 6; ++c) // each turn of the others may have one of the talkative between
        BOOST_TEST(place_of(world, "quiet " + std::to_string(c)) <= 12);
}

BOOST_AUTO_TEST_CASE(a_message_does_not_wait_behind_a_bulk_insert_into_a_hundred_conversations) {
    delivery_world world(scarce());
    for (int c = 0; c < 100; ++c)
        for (int i = 0; i < 2; ++i)
            world.insert(conversation(c), "bulk");
    world.start();
    world.run_for(20s);
    const auto before = std::ssize(world.api().customer);
    world.insert(conversation_a, "late and short");
    world.run_for(60s);
    BOOST_TEST(place_of(world, "late and short") <=
               before + std::ssize(fair_turns::round) + attempts_in_flight_max);
}

BOOST_AUTO_TEST_CASE(those_who_wait_longest_are_not_starved_by_newcomers) {
    delivery_world world(scarce());
    for (int c = 0; c < 10; ++c)
        world.insert(conversation(c), "early " + std::to_string(c));
    world.start();
    for (int c = 100; c < 160; ++c) { // more than the budget allows, for ever
        world.insert(conversation(c), "newcomer");
        world.run_for(1s);
    }
    const auto read = std::ranges::count_if(world.api().customer,
                                            [](const auto& m) { return m.text.starts_with("early"); });
    BOOST_TEST(read == 10);
    BOOST_TEST(world.value("SELECT count(*) > 20 FROM messages WHERE status = 'pending'") == "1");
}

BOOST_AUTO_TEST_CASE(a_higher_priority_goes_before_all_that_has_not_been_claimed) {
    delivery_world world(scarce());
    for (int c = 0; c < 40; ++c)
        world.insert(conversation(c), "any time");
    world.start();
    world.run_for(10s);
    const auto before = std::ssize(world.api().customer);
    world.insert(conversation_a, "urgent", ", priority", ", 50");
    world.run_for(60s);
    BOOST_TEST(place_of(world, "urgent") <= before + attempts_in_flight_max);
}

BOOST_AUTO_TEST_CASE(a_priority_never_reorders_one_conversation) {
    delivery_world world(scarce());
    world.insert(conversation_a, "first");
    world.insert(conversation_a, "second", ", priority", ", 50");
    world.start();
    world.run_for(60s);
    BOOST_TEST(place_of(world, "first") == 0);
    BOOST_TEST(place_of(world, "second") == 1);
}

BOOST_AUTO_TEST_CASE(a_thousand_that_ring_leave_three_quarters_of_the_budget_to_those_that_can_be_served) {
    world_options chosen;
    chosen.rate.requests_per_minute = 300;
    delivery_world world(chosen);
    for (int c = 0; c < 1000; ++c)
        world.insert(conversation(c), "rings", ", expires_at", ", 253402300799999");
    for (int c = 1000; c < 1050; ++c)
        for (int i = 0; i < 20; ++i)
            world.insert(conversation(c), "live");
    world.start();
    for (int c = 0; c < 1000; ++c)
        world.api().broken[conversation(c)] = setback(errc::agent_not_connected, "it rings");
    world.run_for(minutes(5)); // each has been looked at once
    const auto sent = std::ssize(world.api().customer);
    const auto asked = std::ssize(world.api().requests);
    world.run_for(minutes(2));
    const auto messages = std::ssize(world.api().customer) - sent;
    BOOST_TEST(std::ssize(world.api().requests) - asked <= 600);
    BOOST_TEST(messages >= 300); // a look-up now and then included: six of ten were messages
}

BOOST_AUTO_TEST_CASE(one_that_waits_for_its_agent_is_not_the_youngest) {
    world_options chosen = scarce();
    delivery_world world(chosen);
    for (int c = 0; c < 20; ++c)
        world.insert(conversation(c), "rings", ", expires_at", ", 253402300799999");
    world.start();
    for (int c = 0; c < 20; ++c)
        world.api().broken[conversation(c)] = setback(errc::agent_not_connected, "it rings");
    world.run_for(60s);
    const auto asked = std::ssize(world.api().requests);
    world.insert(conversation_a, "live");
    world.run_for(10s);
    BOOST_TEST(place_of(world, "live") == 0);
    BOOST_TEST(std::ssize(world.api().requests) - asked <= 11);
}

BOOST_AUTO_TEST_CASE(looking_again_takes_a_quarter_of_the_budget_also_when_nobody_else_wants_it) {
    world_options chosen;
    chosen.rate.requests_per_minute = 300;
    delivery_world world(chosen);
    for (int c = 0; c < 1000; ++c)
        world.insert(conversation(c), "rings", ", expires_at", ", 253402300799999");
    world.start();
    for (int c = 0; c < 1000; ++c)
        world.api().broken[conversation(c)] = setback(errc::agent_not_connected, "it rings");
    world.run_for(minutes(5));
    const auto asked = std::ssize(world.api().requests);
    world.run_for(minutes(2));
    BOOST_TEST(std::ssize(world.api().requests) - asked <= 2 * 300 / look_share::parts + chosen.rate.burst);
    BOOST_TEST(std::ssize(world.api().requests) - asked >= 100);
}

BOOST_AUTO_TEST_SUITE_END()
