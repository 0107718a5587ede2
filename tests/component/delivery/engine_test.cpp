// Start, reload, giving up and shutdown, as the daemon has them: by the engine that all three worlds
// construct.
#include "delivery_world.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace {

using namespace cannedd;
using namespace cannedd::test;
using namespace std::chrono_literals;

const std::string other_account = ", account";
const std::string second = ", 'second'";

world_options two_accounts() {
    world_options chosen;
    chosen.accounts = {"default", "second"};
    return chosen;
}

bool logged(const delivery_world& world, const std::string& words) {
    return std::ranges::any_of(world.lines,
                               [&](const auto& line) { return line.text.find(words) != std::string::npos; });
}

std::string all_statuses(delivery_world& world) {
    return world.value("SELECT group_concat(status) FROM (SELECT status FROM messages ORDER BY id)");
}

} // namespace

BOOST_AUTO_TEST_SUITE(engine_)

// --- start

BOOST_AUTO_TEST_CASE(a_start_beside_a_producers_lock_waits_for_it_and_delivers) {
    delivery_world world;
    world.insert(conversation_a, "hello");
    world.sql("BEGIN IMMEDIATE");
    world.start();
    world.run_for(30s);
    BOOST_TEST(!world.ending.has_value());
    BOOST_TEST(logged(world, "database trouble"));
    world.sql("COMMIT");
    world.run_for(2s);
    BOOST_TEST(texts(world.api().customer) == "hello");
}

BOOST_AUTO_TEST_CASE(an_account_that_cannot_be_made_is_told_before_anything_begins) {
    delivery_world world;
    world.broken_accounts = {"default"};
    BOOST_CHECK_THROW(world.start(), std::runtime_error);
    world.broken_accounts.clear();
    world.crash(true);
    world.insert(conversation_a, "hello");
    world.start();
    world.run_for(1s);
    BOOST_TEST(texts(world.api().customer) == "hello");
}

// --- reload

BOOST_AUTO_TEST_CASE(a_reload_under_a_lock_is_in_force_as_a_whole_as_soon_as_the_lock_is_gone) {
    delivery_world world;
    world.start();
    world.run_for(1s);
    world.sql("BEGIN IMMEDIATE");
    world.reload({"default", "second"});
    world.run_for(5s);
    BOOST_TEST(world.reloads_in_force == 0);
    world.sql("COMMIT");
    world.run_for(1s);
    BOOST_TEST(world.reloads_in_force == 1);
    world.insert(conversation_a, "hello", other_account, second);
    world.run_for(2s);
    BOOST_TEST(all_statuses(world) == "sent");
}

BOOST_AUTO_TEST_CASE(an_account_that_comes_back_under_a_lock_still_has_what_it_had) {
    delivery_world world(two_accounts());
    world.start();
    world.run_for(1s);
    world.insert(conversation_b, "known", other_account, second);
    world.run_for(1s);
    world.api("second").latency = 3s;
    world.insert(conversation_b, "in flight", other_account, second);
    world.run_for(1s);
    world.reload({"default"});
    world.run_for(100ms);
    world.sql("BEGIN IMMEDIATE");
    world.reload({"default", "second"}); // it has its API still, so none is made
    world.run_for(500ms);
    world.sql("COMMIT");
    world.run_for(10ms); // less than until the next try
    world.sql("BEGIN IMMEDIATE");
    world.run_for(3s);
    world.sql("COMMIT");
    world.insert(conversation_a, "after", other_account, second);
    world.run_for(10s);
    BOOST_TEST(world.reloads_in_force == 2);
    BOOST_TEST(all_statuses(world) == "sent,sent,sent");
}

BOOST_AUTO_TEST_CASE(who_asked_for_a_reload_that_another_one_replaced_is_answered_too) {
    delivery_world world;
    world.start();
    world.run_for(1s);
    world.sql("BEGIN IMMEDIATE");
    world.reload({"default", "second"});
    world.reload({"default", "third"});
    world.run_for(1s);
    BOOST_TEST(world.reloads_in_force == 0);
    world.sql("COMMIT");
    world.run_for(1s);
    BOOST_TEST(world.reloads_in_force == 2);
}

// --- accounts side by side

BOOST_AUTO_TEST_CASE(a_conversation_goes_from_one_account_to_the_next_at_once) {
    delivery_world world(two_accounts());
    world.start();
    world.run_for(60s); // both sleep for as long as an account does that has nothing to send
    world.sql("BEGIN");
    world.insert(conversation_a, "one");
    world.insert(conversation_a, "two", other_account, second);
    world.insert(conversation_a, "three");
    world.insert(conversation_a, "four", other_account, ", 'nobody'");
    world.insert(conversation_a, "five", other_account, second);
    world.sql("COMMIT");
    world.run_for(3s);
    BOOST_TEST(all_statuses(world) == "sent,sent,sent,held,sent");
}

BOOST_AUTO_TEST_CASE(a_reload_that_fails_changes_nothing_and_the_next_one_is_taken) {
    delivery_world world;
    world.start();
    world.broken_accounts = {"second"};
    BOOST_CHECK_THROW(world.reload({"default", "second"}), std::runtime_error);
    world.insert(conversation_a, "one");
    world.run_for(1s);
    BOOST_TEST(texts(world.api().customer) == "one");
    world.broken_accounts.clear();
    world.reload({"default", "second"});
    world.run_for(1s);
    BOOST_TEST(world.reloads_in_force == 1);
    world.insert(conversation_b, "two", other_account, second);
    world.run_for(1s);
    BOOST_TEST(all_statuses(world) == "sent,sent");
}

BOOST_AUTO_TEST_CASE(a_reload_keeps_what_did_not_change_and_lets_go_of_what_did) {
    delivery_world world(two_accounts());
    world.start();
    const auto* const before = &world.api();
    for (int round = 0; round < 50; ++round) {
        world.reload({"default", "second"}, 1);
        world.run_for(10ms);
    }
    BOOST_TEST(&world.api() == before);
    for (int version = 2; version < 50; ++version) {
        world.reload({"default", "second"}, version);
        world.run_for(10ms);
        BOOST_TEST(world.apis_alive() == 2u);
    }
}

BOOST_AUTO_TEST_CASE(what_is_in_flight_keeps_the_api_that_it_began_with) {
    delivery_world world;
    world.insert(conversation_a, "hello");
    world.start();
    world.api().latency = 2s;
    world.run_for(1s); // being looked up
    world.reload({"default"}, 2);
    world.run_for(100ms);
    BOOST_TEST(world.apis_alive() == 2u);
    world.run_for(10s);
    BOOST_TEST(all_statuses(world) == "sent");
    BOOST_TEST(world.apis_alive() == 1u);
    BOOST_TEST(!world.gate().breaker_open());
}

BOOST_AUTO_TEST_CASE(an_account_that_goes_ends_what_is_in_flight_and_its_other_rows_are_held) {
    delivery_world world(two_accounts());
    world.insert(conversation_a, "one", other_account, second);
    world.insert(conversation_a, "two", other_account, second);
    world.start();
    world.api("second").latency = 1s;
    world.run_for(500ms); // on its way
    world.reload({"default"});
    world.run_for(10s);
    BOOST_TEST(all_statuses(world) == "sent,held");
    BOOST_TEST(world.apis_alive() == 1u);
    world.reload({"default", "second"});
    world.run_for(1s);
    world.sql("UPDATE messages SET status = 'pending' WHERE status = 'held'");
    world.run_for(2s);
    BOOST_TEST(all_statuses(world) == "sent,sent");
}

BOOST_AUTO_TEST_CASE(a_reload_while_it_stops_begins_nothing) {
    delivery_world world;
    world.insert(conversation_a, "hello");
    world.start();
    world.api().latency = 2s;
    world.run_for(1s);
    world.machine().stop(30s);
    world.reload({"default", "second"}, 2);
    world.run_for(31s);
    BOOST_TEST(world.ending.has_value());
    BOOST_TEST(world.machine().in_flight() == 0u);
}

// --- what a former run left

BOOST_AUTO_TEST_CASE(what_was_being_sent_for_an_account_that_is_gone_is_unconfirmed_and_its_lane_goes_on) {
    world_options both = two_accounts();
    delivery_world world(both);
    world.insert(conversation_a, "of the second", other_account, second);
    world.insert(conversation_a, "of the default");
    world.start();
    world.api("second").latency = 2s;
    world.run_for(500ms); // on its way
    BOOST_TEST(all_statuses(world) == "sending,pending");
    world.crash(true);
    world.serve({"default"});
    world.start();
    world.run_for(3s);
    BOOST_TEST(all_statuses(world) == "unconfirmed,sent");
    const auto detail = world.value("SELECT error_detail FROM messages WHERE id = 1");
    BOOST_TEST(detail.find("is no longer configured") != std::string::npos, detail);
    BOOST_TEST(world.value("SELECT count(*) FROM attempts WHERE finished_at IS NULL") == "0");
}

BOOST_AUTO_TEST_CASE(behind_an_orphan_the_next_account_goes_at_once) {
    delivery_world world(two_accounts());
    world.start();
    world.run_for(1s);
    world.insert(conversation_a, "known", other_account, second);
    world.run_for(1s);
    world.insert(conversation_a, "orphan", other_account, second);
    world.insert(conversation_a, "behind");
    world.api("second").latency = 1h;
    world.run_for(1s);
    world.crash(true);
    world.serve({"default"});
    world.start();
    world.run_for(3s);
    BOOST_TEST(all_statuses(world) == "sent,unconfirmed,sent");
}

BOOST_AUTO_TEST_CASE(what_is_left_is_looked_after_before_anything_is_claimed_in_its_conversation) {
    delivery_world world;
    world.start();
    world.api().same_conversation = conversation_a;
    world.sql("INSERT INTO messages (agent_id, text) VALUES ('" + agent_one + "', 'by the agent')");
    world.run_for(5ms); // being looked up
    world.api().latency = 500ms;
    world.run_for(300ms); // on its way
    world.insert(conversation_a, "by the conversation");
    BOOST_TEST(all_statuses(world) == "sending,pending");
    world.crash(true);
    world.start();
    for (int look = 0; look < 1000; ++look) {
        world.run_for(10ms);
        BOOST_REQUIRE(all_statuses(world) != "sending,sending");
    }
    BOOST_TEST(all_statuses(world) == "sent,sent");
}

// --- the end

BOOST_AUTO_TEST_CASE(giving_up_takes_ten_seconds_whatever_is_in_flight) {
    delivery_world world;
    world.insert(conversation_a, "hello");
    world.start();
    world.api().latency = 1s;
    world.run_for(500ms); // on its way
    const auto since = world.time.steady();
    std::filesystem::rename(world.database(), world.database().string() + ".old");
    while (!world.ending && world.time.steady() - since < 60s)
        world.run_for(100ms);
    BOOST_REQUIRE(world.ending.has_value());
    BOOST_TEST((world.ending->how == engine::ending::kind::gave_up));
    BOOST_TEST((world.time.steady() - since <= 12s));
    std::filesystem::rename(world.database().string() + ".old", world.database());
}

BOOST_AUTO_TEST_CASE(a_stop_does_not_wait_longer_for_a_neighbours_lock_than_it_was_given) {
    for (const bool idle : {true, false}) {
        delivery_world world;
        if (!idle) world.insert(conversation_a, "hello");
        world.start();
        world.api().latency = 1s;
        world.run_for(500ms);
        world.sql("BEGIN IMMEDIATE");
        world.machine().stop(25s);
        world.run_for(26s);
        BOOST_TEST(world.ending.has_value());
        world.sql("COMMIT");
    }
}

// The sanitizers look on: at each step of a message, the process may be gone.
BOOST_AUTO_TEST_CASE(engine_and_frames_may_go_in_any_order_at_any_step) {
    for (const bool engine_first : {true, false}) {
        for (int at_ms = 0; at_ms < 4000; at_ms += 50) {
            world_options chosen;
            chosen.rate.requests_per_minute = 60; // some wait at the gate
            chosen.rate.burst = 3;
            chosen.follow_status = true;
            delivery_world world(chosen);
            for (const auto& to : {conversation_a, conversation_b, agent_one})
                world.insert(to, "hello");
            world.start();
            world.api().sends = {scripted_api::breaks_off(true)};
            world.api().latency = 300ms;
            world.run_for(milliseconds(at_ms));
            world.crash(engine_first);
        }
    }
    BOOST_TEST(true); // that is: the sanitizers have found nothing
}

BOOST_AUTO_TEST_SUITE_END()
