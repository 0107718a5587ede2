// A row's way through the delivery room, one rule a test.
#include "delivery_world.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cannedd;
using namespace cannedd::test;
using namespace std::chrono_literals;

setback says(errc code) {
    return setback(code, "as scripted");
}

} // namespace

BOOST_AUTO_TEST_SUITE(delivery_)

BOOST_AUTO_TEST_CASE(a_row_becomes_one_message_and_its_attempt_is_recorded) {
    delivery_world world;
    world.insert(conversation_a, "hello");
    world.start();
    world.run_for(1s);
    BOOST_TEST(texts(world.api().customer) == "hello");
    BOOST_TEST(world.value("SELECT status||' '||attempts||' '||sent_text||' '||remote_message_id||' "
                           "'||verified FROM messages") == "sent 1 hello remote-1 0");
    BOOST_TEST(world.value("SELECT phase||' '||http_status||' '||outcome FROM attempts") ==
               "replied 200 accepted");
    BOOST_TEST(
        world.value(
            "SELECT error IS NULL AND finished_at IS NOT NULL AND sent_at IS NOT NULL FROM messages") == "1");
}

BOOST_AUTO_TEST_CASE(the_mark_is_on_disk_before_the_request_leaves) {
    delivery_world world;
    std::string seen_at_mark;
    world.at_step = [&](step at) {
        if (at == step::after_mark)
            seen_at_mark = world.value("SELECT status||' '||attempts||' '||sent_text FROM messages") + " " +
                           world.value("SELECT count(*) FROM attempts") + " sends " +
                           std::to_string(world.api().customer.size());
    };
    world.insert(conversation_a, "hello");
    world.start();
    world.run_for(1s);
    BOOST_TEST(seen_at_mark == "sending 1 hello 1 sends 0");
}

BOOST_AUTO_TEST_CASE(a_conversation_is_served_in_order_and_one_at_a_time) {
    delivery_world world;
    for (int i = 1; i <= 9; ++i)
        world.insert(conversation_a, std::to_string(i));
    world.start();
    world.run_for(1s);
    BOOST_TEST(texts(world.api().customer) == "1 2 3 4 5 6 7 8 9");
}

// A connection is free once the answer is there.
BOOST_AUTO_TEST_CASE(a_result_and_the_next_rows_mark_share_a_commit) {
    world_options chosen;
    chosen.connections = 1;
    delivery_world world(chosen);
    for (int n = 0; n < 10; ++n)
        world.insert(n % 2 == 0 ? conversation_a : conversation_b, std::to_string(n));
    world.start();
    world.api().latency = 100ms;
    world.run_for(200ms);
    world.seen.commits = 0;
    world.run_for(650ms);
    BOOST_TEST(world.api().customer.size() >= 6u);
    BOOST_TEST(world.seen.commits <= 8);
}

BOOST_AUTO_TEST_CASE(a_retry_holds_back_those_behind_it_and_only_them) {
    delivery_world world;
    world.insert(conversation_a, "a1");
    world.insert(conversation_a, "a2");
    world.insert(conversation_b, "b1");
    world.start();
    world.api().sends.push_back(scripted_api::unreachable());
    world.run_for(400ms); // backoff: half of 1 s
    BOOST_TEST(texts(world.api().customer) == "b1");
    world.run_for(1s);
    BOOST_TEST(texts(world.api().customer) == "b1 a1 a2");
    BOOST_TEST(world.value("SELECT attempts FROM messages WHERE id = 1") ==
               "1"); // the network's fault is not the row's
}

BOOST_AUTO_TEST_CASE(a_held_row_holds_nobody_back) {
    delivery_world world;
    world.insert(conversation_a, "first", ", status", ", 'held'");
    world.insert(conversation_a, "second");
    world.start();
    world.run_for(1s);
    BOOST_TEST(texts(world.api().customer) == "second");
    world.sql("UPDATE messages SET status = 'pending' WHERE id = 1");
    world.run_for(1s);
    BOOST_TEST(texts(world.api().customer) == "second first");
}

BOOST_AUTO_TEST_CASE(an_ended_conversation_fails_all_that_wait_for_one_request) {
    delivery_world world;
    for (int i = 0; i < 50; ++i)
        world.insert(conversation_a, "x");
    world.start();
    world.api().broken[conversation_a] = says(errc::conversation_ended);
    world.run_for(1s);
    BOOST_TEST(
        world.value(
            "SELECT count(*) FROM messages WHERE status = 'failed' AND error = 'conversation_ended'") ==
        "50");
    BOOST_TEST(world.api().requests.size() == 1u);
    BOOST_TEST(world.api().customer.empty());
}

BOOST_AUTO_TEST_CASE(an_answer_that_speaks_of_the_end_costs_two_requests) {
    delivery_world world;
    for (int i = 0; i < 5; ++i)
        world.insert(conversation_a, "x");
    world.start();
    world.run_for(0ms);
    world.api().sends.push_back(scripted_api::replies(400, "chat.error.conversation.state"));
    world.at_step = {};
    world.run_for(15ms); // resolved and on its way
    world.api().broken[conversation_a] = says(errc::conversation_ended);
    world.run_for(1s);
    BOOST_TEST(world.value("SELECT count(*) FROM messages WHERE error = 'conversation_ended'") == "5");
    BOOST_TEST(world.api().requests.size() == 3u); // the first look-up, the send, the second look-up
}

BOOST_AUTO_TEST_CASE(who_speaks_after_a_transfer_introduces_himself_and_nobody_else) {
    const auto served_by = [](const std::string& name, bool from_cache) {
        target to;
        to.conversation_id = conversation_a;
        to.communication_id = "comm-" + name;
        to.agent_id = name;
        to.built_ins["AGENT_NAME"] = name;
        to.from_cache = from_cache;
        return to;
    };
    for (const auto* text : {"I am {{AGENT_NAME}}", "as it is"}) {
        delivery_world world;
        world.sql("INSERT INTO responses(name, text) VALUES ('greeting', '" + std::string(text) + "')");
        world.sql("INSERT INTO messages(conversation_id, response) VALUES ('" + conversation_a +
                  "', 'greeting')");
        world.start();
        world.api().resolves = {served_by("Ann", true), served_by("Bob", false)};
        world.api().sends = {scripted_api::replies(404)};
        world.run_for(10s);
        const std::string said = *text == 'I' ? "I am Bob" : "as it is";
        BOOST_TEST(texts(world.api().customer) == said);
        BOOST_TEST(world.value("SELECT sent_text||' '||status||' '||attempts FROM messages") ==
                   said + " sent 1");
    }
}

BOOST_AUTO_TEST_CASE(a_transfer_to_one_for_whom_the_response_cannot_be_filled_is_said) {
    delivery_world world;
    world.sql("INSERT INTO responses(name, text) VALUES ('greeting', 'Hi')");
    world.sql("INSERT INTO messages(conversation_id, response) VALUES ('" + conversation_a +
              "', 'greeting')");
    target ann, bob;
    ann.conversation_id = bob.conversation_id = conversation_a;
    ann.agent_id = "ann";
    bob.agent_id = "bob";
    ann.from_cache = true;
    world.at_step = [&](step at) {
        if (at == step::after_answer)
            world.api().on_render = setback(errc::missing_variable, "response 'greeting' needs AGENT_NAME");
    };
    world.start();
    world.api().resolves = {ann, bob};
    world.api().sends = {scripted_api::replies(404)};
    world.run_for(10s);
    BOOST_TEST(world.api().customer.empty());
    BOOST_TEST(world.value("SELECT status||' '||error FROM messages") == "failed missing_variable");
}

BOOST_AUTO_TEST_CASE(a_cached_addressee_that_is_refused_is_looked_up_again_once) {
    for (const int status : {400, 404, 409}) {
        delivery_world world;
        world.insert(conversation_a, "one");
        world.start();
        world.run_for(1s);
        world.insert(conversation_a, "two");
        world.api().sends.push_back(scripted_api::replies(status));
        world.run_for(1s);
        BOOST_TEST(texts(world.api().customer) == "one two");
        BOOST_TEST(world.value("SELECT status||' '||attempts FROM messages WHERE id = 2") ==
                   (status == 409 ? "sent 2" : "sent 1")); // conflicts are counted: they are tried again
    }
}

BOOST_AUTO_TEST_CASE(a_fresh_addressee_that_is_refused_is_final) {
    const std::vector<std::pair<int, std::string>> table{
        {400, "bad_request"}, {415, "bad_request"}, {404, "not_found"}, {413, "too_large"}};
    for (const auto& [status, error] : table) {
        delivery_world world;
        world.insert(conversation_a, "one");
        world.start();
        world.api().sends.push_back(scripted_api::replies(status));
        world.run_for(1s);
        BOOST_TEST(world.value("SELECT status||' '||error FROM messages") == "failed " + error);
        BOOST_TEST(world.value("SELECT error_detail LIKE '%correlation id corr-" + std::to_string(status) +
                               "%' FROM messages") == "1");
    }
}

BOOST_AUTO_TEST_CASE(a_404_whose_conversation_is_gone_too_says_so) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    world.api().sends.push_back(scripted_api::replies(404));
    world.run_for(15ms);
    world.api().broken[conversation_a] = says(errc::conversation_not_found);
    world.run_for(1s);
    BOOST_TEST(world.value("SELECT status||' '||error FROM messages") == "failed conversation_not_found");
}

BOOST_AUTO_TEST_CASE(a_429_costs_no_attempt_and_is_obeyed) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    auto slow_down = scripted_api::replies(429);
    slow_down.facts.retry_after = 7s;
    world.api().sends.push_back(slow_down);
    world.run_for(6900ms);
    BOOST_TEST(world.api().customer.empty());
    BOOST_TEST(world.value("SELECT status||' '||attempts||' '||error FROM messages") ==
               "pending 0 throttled");
    world.run_for(5s);
    BOOST_TEST(texts(world.api().customer) == "one");
    BOOST_TEST(world.value("SELECT attempts FROM messages") == "1");
}

BOOST_AUTO_TEST_CASE(a_401_is_tried_once_more_with_a_new_token_and_then_pauses_the_account) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    world.api().sends.push_back(scripted_api::replies(401));
    world.run_for(1s);
    BOOST_TEST(texts(world.api().customer) == "one");
    world.insert(conversation_a, "two");
    world.api().sends = {scripted_api::replies(401), scripted_api::replies(401)};
    world.run_for(1s);
    BOOST_TEST(world.value("SELECT status||' '||attempts||' '||error FROM messages WHERE id = 2") ==
               "pending 0 unauthorized");
    BOOST_TEST(world.value("SELECT paused||' '||substr(paused_reason, 1, 12) FROM accounts") ==
               "1 unauthorized");
}

BOOST_AUTO_TEST_CASE(the_accounts_fault_pauses_the_account_and_burns_no_row) {
    const std::vector<std::pair<scripted_api::answer, std::string>> table{
        {scripted_api::replies(403, "missing.permissions"), "forbidden"},
        {scripted_api::replies(400, "not.a.user"), "not_a_user"}};
    for (const auto& [answer, error] : table) {
        delivery_world world;
        for (int i = 0; i < 5; ++i)
            world.insert(i % 2 == 0 ? conversation_a : conversation_b, "x");
        world.start();
        world.api().sends = {answer, answer};
        world.run_for(5s);
        BOOST_TEST(world.value("SELECT count(*) FROM messages WHERE status = 'pending' AND attempts = 0") ==
                   "5");
        BOOST_TEST(world.value("SELECT paused_reason LIKE '" + error + "%' FROM accounts") == "1");
        world.sql("UPDATE accounts SET paused = 0");
        world.run_for(1s);
        BOOST_TEST(world.api().customer.size() == 5u);
    }
}

BOOST_AUTO_TEST_CASE(the_operators_pause_stops_the_account_and_his_word_starts_it_again) {
    delivery_world world;
    world.sql("UPDATE accounts SET paused = 1");
    world.insert(conversation_a, "one");
    world.start();
    world.run_for(2s);
    BOOST_TEST(world.api().requests.empty());
    world.sql("UPDATE accounts SET paused = 0");
    world.run_for(1s);
    BOOST_TEST(texts(world.api().customer) == "one");
}

BOOST_AUTO_TEST_CASE(an_outage_opens_the_breaker_and_costs_no_row_its_attempts) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.insert(conversation_b, "two");
    world.start();
    for (int i = 0; i < 30; ++i)
        world.api().sends.push_back(scripted_api::unreachable());
    world.run_for(120s);
    BOOST_TEST(world.value("SELECT breaker FROM accounts") != "closed");
    const auto tried = world.api().requests.size();
    BOOST_TEST(tried < 20u);
    world.api().sends.clear();
    world.run_for(180s);
    BOOST_TEST(world.api().customer.size() == 2u);
    BOOST_TEST(world.value("SELECT max(attempts) FROM messages") == "1");
    BOOST_TEST(world.value("SELECT breaker FROM accounts") == "closed");
}

BOOST_AUTO_TEST_CASE(a_row_expires_and_is_not_sent) {
    delivery_world world;
    world.sql("UPDATE accounts SET paused = 1");
    world.start();
    world.insert(conversation_a, "late", ", expires_at",
                 ", " + std::to_string((world.time.wall() + 5s).time_since_epoch().count()));
    world.run_for(6s);
    BOOST_TEST(status_of(world, 1) == "expired");
    world.sql("UPDATE accounts SET paused = 0");
    world.run_for(2s);
    BOOST_TEST(world.api().customer.empty());
}

BOOST_AUTO_TEST_CASE(a_row_that_the_operator_cancels_while_it_is_resolved_is_not_sent) {
    delivery_world world;
    world.insert(conversation_a, "no");
    world.start();
    world.run_for(5ms); // being looked up
    world.sql("UPDATE messages SET status = 'cancelled'");
    world.run_for(1s);
    BOOST_TEST(world.api().customer.empty());
    BOOST_TEST(status_of(world, 1) == "cancelled");
    world.insert(conversation_a, "yes");
    world.run_for(1s);
    BOOST_TEST(texts(world.api().customer) == "yes");
}

BOOST_AUTO_TEST_CASE(a_row_by_agent_and_one_by_conversation_are_not_in_flight_together) {
    delivery_world world;
    world.start();
    world.api().same_conversation = conversation_a;
    world.api().latency = 200ms;
    world.sql("INSERT INTO messages (agent_id, text) VALUES ('" + agent_one + "', 'by agent')");
    world.insert(conversation_a, "by conversation");
    world.run_for(5s);
    BOOST_REQUIRE(world.api().customer.size() == 2u);
    BOOST_TEST((world.api().customer[1].at - world.api().customer[0].at >= 200ms));
}

BOOST_AUTO_TEST_CASE(an_unknown_response_fails_and_one_of_the_table_is_sent) {
    delivery_world world;
    world.sql("INSERT INTO responses (name, text) VALUES ('hi', 'Good day')");
    world.sql("INSERT INTO messages (conversation_id, response) VALUES ('" + conversation_a + "', 'hi')");
    world.sql("INSERT INTO messages (conversation_id, response) VALUES ('" + conversation_b + "', 'bye')");
    world.start();
    world.run_for(1s);
    BOOST_TEST(texts(world.api().customer) == "Good day");
    BOOST_TEST(world.value("SELECT error FROM messages WHERE id = 2") == "unknown_response");
}

BOOST_AUTO_TEST_SUITE_END()
