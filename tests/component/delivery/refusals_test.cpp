// What the API refuses for good, for a while or for one conversation alone, and who must wait for it.
#include "delivery_world.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace cannedd;
using namespace cannedd::test;
using namespace std::chrono_literals;

namespace {

const std::string conversation_c = "cccccccc-0000-4000-8000-000000000004";

std::string row(delivery_world& world, int id) {
    return world.value("SELECT status||' '||attempts||coalesce(' '||error, '') FROM messages WHERE id = " +
                       std::to_string(id));
}

bool says(delivery_world& world, int id, const std::string& words) {
    return world.value("SELECT instr(error_detail, '" + words +
                       "') > 0 FROM messages WHERE id = " + std::to_string(id)) == "1";
}

setback look_up_says(int status, const std::string& code = "") {
    return setback(scripted_api::replies(status, code).facts);
}

} // namespace

BOOST_AUTO_TEST_SUITE(refusals_)

BOOST_AUTO_TEST_CASE(a_foreign_division_holds_the_rows_of_its_conversation_and_nobody_elses) {
    for (const bool by_look_up : {true, false}) {
        delivery_world world;
        for (const auto* text : {"a1", "a2", "a3"})
            world.insert(conversation_a, text);
        world.start();
        if (by_look_up)
            world.api().broken[conversation_a] = look_up_says(403, "missing.division.permission");
        else
            world.api().sends.push_back(scripted_api::replies(403, "missing.division.permission"));
        world.run_for(1s);
        world.insert(conversation_b, "b1");
        world.run_for(1s);
        for (const int id : {1, 2, 3}) {
            BOOST_TEST(row(world, id).starts_with("held "), row(world, id));
            BOOST_TEST(row(world, id).ends_with(" forbidden"));
            BOOST_TEST(says(world, id, "closed to the client"));
        }
        BOOST_TEST(texts(world.api().customer) == "b1");
        BOOST_TEST(world.value("SELECT paused FROM accounts") == "0");
        BOOST_TEST(world.api().requests.size() == (by_look_up ? 3u : 4u)); // one refusal for all three

        world.api().broken.clear();
        world.sql("UPDATE messages SET status = 'pending' WHERE status = 'held'");
        world.run_for(2s);
        BOOST_TEST(texts(world.api().customer) == "b1 a1 a2 a3");
    }
}

BOOST_AUTO_TEST_CASE(several_conversations_that_are_refused_in_a_row_pause_the_account) {
    delivery_world world;
    world.start();
    for (const auto& conversation : {conversation_a, conversation_b, conversation_c})
        world.api().broken[conversation] = look_up_says(403, "not.authorized");
    world.insert(conversation_a, "a");
    world.run_for(1s);
    world.insert(conversation_b, "b");
    world.run_for(1s);
    BOOST_TEST(world.value("SELECT paused FROM accounts") == "0");
    world.insert(conversation_c, "c");
    world.run_for(1s);
    BOOST_TEST(world.value("SELECT paused||' '||substr(paused_reason, 1, 9) FROM accounts") == "1 forbidden");
    BOOST_TEST(row(world, 3) == "pending 0 forbidden"); // the account's fault burns no row
}

BOOST_AUTO_TEST_CASE(what_is_accepted_in_between_shows_that_it_is_not_the_account) {
    delivery_world world;
    world.start();
    for (const auto& conversation : {conversation_a, conversation_c})
        world.api().broken[conversation] = look_up_says(403, "not.authorized");
    for (const auto& conversation : {conversation_a, conversation_b, conversation_c, conversation_b}) {
        world.insert(conversation, "x");
        world.run_for(1s);
    }
    BOOST_TEST(world.value("SELECT paused FROM accounts") == "0");
    BOOST_TEST(world.api().customer.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_lasting_500_is_tried_twice_and_those_behind_it_go_on) {
    delivery_world world;
    for (const auto* text : {"one", "two", "three"})
        world.insert(conversation_a, text);
    world.start();
    world.api().sends = {scripted_api::replies(500), scripted_api::replies(500)};
    world.run_for(30s);
    BOOST_TEST(row(world, 1) == "failed 2 server_error");
    BOOST_TEST(says(world, 1, "of no use"));
    BOOST_TEST(texts(world.api().customer) == "two three");
}

BOOST_AUTO_TEST_CASE(a_500_is_counted_by_itself_and_anew_for_a_row_that_is_tried_anew) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    world.api().sends = {scripted_api::breaks_off(false), scripted_api::replies(500)};
    world.run_for(30s);
    BOOST_TEST(row(world, 1) == "sent 3");
    world.insert(conversation_a, "two");
    world.api().sends = {scripted_api::replies(500)};
    while (row(world, 2) != "pending 1 server_error")
        world.run_for(10ms);
    world.sql("UPDATE messages SET status = 'cancelled' WHERE id = 2");
    world.run_for(30s);
    world.sql("UPDATE messages SET status = 'pending' WHERE id = 2");
    world.api().sends = {scripted_api::replies(500)};
    world.run_for(30s);
    BOOST_TEST(row(world, 2) == "sent 2");
    BOOST_TEST(texts(world.api().customer) == "one two");
}

BOOST_AUTO_TEST_CASE(a_409_is_counted_by_itself) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    world.api().sends = {scripted_api::breaks_off(false), scripted_api::replies(409),
                         scripted_api::breaks_off(false), scripted_api::replies(409)};
    world.run_for(60s);
    BOOST_TEST(row(world, 1) == "sent 5");
    BOOST_TEST(texts(world.api().customer) == "one");
}

BOOST_AUTO_TEST_CASE(a_500_that_is_sent_again_unread_ends_by_saying_what_is_not_known) {
    world_options chosen;
    chosen.limits.doubt = doubt_policy::resend;
    delivery_world world(chosen);
    world.insert(conversation_a, "one");
    world.start();
    world.api().sends = {scripted_api::replies(500), scripted_api::replies(500)};
    world.run_for(30s);
    BOOST_TEST(row(world, 1) == "failed 2 server_error");
    BOOST_TEST(!says(world, 1, "it is tried again"));
    BOOST_TEST(says(world, 1, "It may have been delivered"));
    world.sql("UPDATE messages SET status = 'pending' WHERE id = 1");
    world.run_for(30s);
    BOOST_TEST(row(world, 1).starts_with("sent"));
    BOOST_TEST(world.value("SELECT times FROM queue_told") == "perhaps twice");
}

BOOST_AUTO_TEST_CASE(a_response_of_a_foreign_division_holds_its_row_and_advises_nothing_about_the_account) {
    delivery_world world;
    world.start();
    world.api().on_render = look_up_says(403, "missing.division.permission");
    world.sql("INSERT INTO messages(conversation_id, response) VALUES ('" + conversation_a +
              "', 'genesys:greeting')");
    world.run_for(1s);
    BOOST_TEST(row(world, 1) == "held 0 forbidden");
    BOOST_TEST(world.value("SELECT paused FROM accounts") == "0");
    BOOST_TEST(says(world, 1, "This response is closed to the client"));
    BOOST_TEST(!says(world, 1, "paused"));
}

BOOST_AUTO_TEST_CASE(a_409_is_tried_three_times_in_all) {
    for (const bool cached : {false, true}) {
        delivery_world world;
        world.start();
        if (cached) world.insert(conversation_a, "nought");
        world.run_for(1s);
        world.insert(conversation_a, "one");
        const auto conflict = scripted_api::replies(409);
        world.api().sends = {conflict, conflict, conflict, conflict};
        world.run_for(60s);
        BOOST_TEST(world.api().sends.size() == 1u); // three were answered so
        BOOST_TEST(row(world, cached ? 2 : 1) == "failed 3 conflict");
    }
}

BOOST_AUTO_TEST_CASE(a_409_is_tried_three_times_although_the_conversation_cannot_be_looked_at_after_it) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    target there;
    there.way = route::message;
    there.conversation_id = conversation_a;
    for (int i = 0; i < 4; ++i) {
        world.api().sends.push_back(scripted_api::replies(409));
        world.api().resolves.emplace_back(there);
        world.api().resolves.emplace_back(look_up_says(503));
    }
    world.run_for(60s);
    BOOST_TEST(world.api().sends.size() == 1u);
    BOOST_TEST(row(world, 1) == "failed 3 conflict");
}

BOOST_AUTO_TEST_CASE(a_409_that_passes_is_sent) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    world.api().sends = {scripted_api::replies(409), scripted_api::replies(409)};
    world.run_for(60s);
    BOOST_TEST(row(world, 1) == "sent 3");
    BOOST_TEST(world.value("SELECT group_concat(attempt) FROM attempts") == "1,2,3");
}

BOOST_AUTO_TEST_CASE(a_429_of_look_ups_alone_lets_cached_conversations_go_on) {
    for (const bool room : {true, false}) {
        delivery_world world;
        world.insert(conversation_a, "a1");
        world.start();
        world.run_for(1s);
        auto wait = look_up_says(429);
        wait.facts.retry_after = seconds(30);
        world.api().broken[conversation_b] = wait;
        world.api().told.allowed = 300;
        world.api().told.count = room ? 10 : 300;
        world.api().told.reset = seconds(20);
        world.insert(conversation_b, "b1");
        world.run_for(1s);
        world.insert(conversation_a, "a2");
        world.run_for(10s);
        BOOST_TEST(texts(world.api().customer) == (room ? "a1 a2" : "a1"));
        BOOST_TEST(row(world, 2) == "pending 0 throttled");
        BOOST_TEST(std::count(world.api().requests.begin(), world.api().requests.end(), "resolve") == 2);
        world.api().broken.clear();
        world.api().told = rate_headers();
        world.run_for(60s);
        BOOST_TEST(row(world, 2) == "sent 1");
    }
}

BOOST_AUTO_TEST_CASE(a_retry_after_of_a_503_is_told_to_the_account_and_ends_with_the_operators_word) {
    for (const bool unpauses : {false, true}) {
        delivery_world world;
        world.start();
        auto busy = scripted_api::replies(503);
        busy.facts.retry_after = seconds(300);
        world.api().sends = {busy};
        for (int n = 0; n < 10; ++n)
            world.insert(n % 2 == 0 ? conversation_a : conversation_b, "text " + std::to_string(n));
        world.run_for(1s);
        const auto asked = world.api().requests.size();
        if (unpauses) {
            world.sql("UPDATE accounts SET paused = 1");
            world.run_for(1s);
            world.sql("UPDATE accounts SET paused = 0");
        }
        world.run_for(30s);
        BOOST_TEST((world.api().requests.size() > asked) == unpauses);
        world.run_for(400s);
        BOOST_TEST(world.value("SELECT count(*) FROM messages WHERE status = 'sent'") == "10");
    }
}

BOOST_AUTO_TEST_CASE(what_look_ups_must_wait_for_survives_a_restart) {
    delivery_world world;
    auto wait = look_up_says(429);
    wait.facts.retry_after = seconds(200);
    world.start();
    world.api().told.allowed = 300;
    world.api().told.count = 10;
    world.api().broken[conversation_b] = wait;
    world.insert(conversation_b, "b1");
    world.run_for(2s);
    BOOST_TEST(world.value("SELECT why LIKE 'the API lets look-ups wait until %' FROM queue_why") == "1");
    world.restart();
    world.api().requests.clear();
    world.run_for(100s);
    BOOST_TEST(world.api().requests.empty());
    world.run_for(120s);
    BOOST_TEST(texts(world.api().customer) == "b1");
}

BOOST_AUTO_TEST_CASE(an_operator_who_unpauses_ends_the_wait_of_look_ups_too) {
    delivery_world world;
    auto wait = look_up_says(429);
    wait.facts.retry_after = seconds(3600);
    world.start();
    world.api().told.allowed = 300;
    world.api().told.count = 10;
    world.api().broken[conversation_b] = wait;
    world.insert(conversation_b, "b1");
    world.run_for(1s);
    world.api().broken.clear();
    world.sql("UPDATE accounts SET paused = 1");
    world.run_for(1s);
    world.sql("UPDATE accounts SET paused = 0");
    world.insert(conversation_a, "a1");
    world.run_for(2s);
    BOOST_TEST(texts(world.api().customer) == "a1");
    world.run_for(15s);
    BOOST_TEST(texts(world.api().customer) == "a1 b1");
}

BOOST_AUTO_TEST_SUITE_END()
