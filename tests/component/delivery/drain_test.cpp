// --drain: what can go without a person is waited for.
#include "delivery_world.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cannedd;
using namespace cannedd::test;
using namespace std::chrono_literals;

} // namespace

BOOST_AUTO_TEST_SUITE(drain_)

BOOST_AUTO_TEST_CASE(a_retry_is_waited_for) {
    delivery_world world;
    world.insert(conversation_a, "hello");
    world.start();
    world.api().resolves.push_back(setback(scripted_api::replies(503).facts));
    world.machine().drain(0s);
    world.run_for(60s);
    BOOST_REQUIRE(world.ending.has_value());
    BOOST_TEST((world.ending->how == engine::ending::kind::stopped));
    BOOST_TEST(world.value("SELECT status FROM messages") == "sent");
}

BOOST_AUTO_TEST_CASE(a_pause_that_the_api_wants_is_waited_for) {
    delivery_world world;
    world.insert(conversation_a, "hello");
    world.start();
    auto slow_down = scripted_api::replies(429);
    slow_down.facts.retry_after = 20s;
    world.api().sends.push_back(slow_down);
    world.machine().drain(0s);
    world.run_for(10s);
    BOOST_TEST(!world.ending.has_value());
    world.run_for(60s);
    BOOST_TEST(world.ending.has_value());
    BOOST_TEST(world.value("SELECT status FROM messages") == "sent");
}

BOOST_AUTO_TEST_CASE(what_is_planned_for_later_than_the_horizon_is_left) {
    delivery_world world;
    const auto later = world.time.wall() + 1h;
    world.insert(conversation_a, "now");
    world.insert(conversation_a, "later", ", not_before",
                 ", " + std::to_string(later.time_since_epoch().count()));
    world.start();
    world.machine().drain(5s);
    world.run_for(30s);
    BOOST_REQUIRE(world.ending.has_value());
    BOOST_TEST((world.ending->how == engine::ending::kind::stopped));
    BOOST_TEST(world.value("SELECT group_concat(status) FROM messages") == "sent,pending");
}

BOOST_AUTO_TEST_CASE(a_doubt_of_a_paused_account_waits_for_a_person_and_is_named) {
    delivery_world world;
    world.insert(conversation_a, "hello");
    world.insert(conversation_a, "behind it");
    world.start();
    world.api().sends.push_back(scripted_api::breaks_off(true));
    world.run_for(1s);
    world.sql("UPDATE accounts SET paused = 1, paused_reason = 'lunch'");
    world.run_for(2s);
    BOOST_TEST(
        world.value("SELECT why LIKE '%read back when its account goes on; paused: lunch' FROM queue_why "
                    "WHERE id = 1") == "1");
    world.machine().drain(0s);
    world.run_for(30s);
    BOOST_REQUIRE(world.ending.has_value());
    BOOST_TEST((world.ending->how == engine::ending::kind::waits_for_a_person));
    for (const std::string part :
         {"1 of account default (in doubt, and paused", "1 of account default (paused"})
        BOOST_TEST(world.ending->why.find(part) != std::string::npos, world.ending->why);
}

BOOST_AUTO_TEST_CASE(what_waits_for_a_person_is_named_and_counted) {
    world_options chosen;
    chosen.accounts = {"default", "second"};
    delivery_world world(chosen);
    world.insert(conversation_a, "one", ", account", ", 'second'");
    world.insert(conversation_b, "two", ", account", ", 'nobody'");
    world.sql("UPDATE accounts SET paused = 1 WHERE account = 'second'");
    world.start();
    world.machine().drain(0s);
    world.run_for(30s);
    BOOST_REQUIRE(world.ending.has_value());
    BOOST_TEST((world.ending->how == engine::ending::kind::waits_for_a_person));
    for (const std::string part : {"1 of account second (paused", "1 of account nobody (not configured"})
        BOOST_TEST(world.ending->why.find(part) != std::string::npos, world.ending->why);
}

BOOST_AUTO_TEST_SUITE_END()
