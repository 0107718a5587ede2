// Route agentless names a customer, not a conversation: what happens when the message goes elsewhere, and how
// old a look may be when the message leaves.
#include "delivery_world.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace {

using namespace cannedd;
using namespace cannedd::test;
using namespace std::chrono_literals;

scripted_api::answer accepted_in(const std::string& conversation) {
    auto answer = scripted_api::replies(200, "", true);
    answer.elsewhere = conversation;
    return answer;
}

int requests_of(delivery_world& world, const std::string& request) {
    const auto& all = world.api().requests;
    return static_cast<int>(std::count(all.begin(), all.end(), request));
}

} // namespace

BOOST_AUTO_TEST_SUITE(elsewhere_)

BOOST_AUTO_TEST_CASE(what_was_accepted_elsewhere_is_unconfirmed_and_ends_the_lane) {
    delivery_world world;
    for (const auto* text : {"one", "two", "three"})
        world.insert(conversation_a, text);
    world.insert(conversation_b, "other");
    world.start();
    world.api().sends.push_back(accepted_in(conversation_b));
    world.run_for(2s);
    BOOST_TEST(world.value("SELECT group_concat(status||' '||coalesce(error, '-'), ', ') FROM messages "
                           "ORDER BY id") ==
               "unconfirmed sent_elsewhere, failed conversation_ended, failed conversation_ended, sent -");
    const auto detail = world.value("SELECT error_detail FROM messages WHERE id = 1");
    BOOST_TEST(detail.find(conversation_b) != std::string::npos, detail);
    BOOST_TEST(requests_of(world, "send") == 2);
}

BOOST_AUTO_TEST_CASE(a_message_that_went_elsewhere_is_owned_so_that_no_other_row_claims_it) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    world.api().sends.push_back(accepted_in(conversation_b));
    world.run_for(1s);
    BOOST_TEST(world.value("SELECT remote_message_id FROM messages") == "remote-1");
    BOOST_TEST(world.value("SELECT outcome||' '||error FROM attempts") == "accepted sent_elsewhere");
    world.sql("UPDATE messages SET status = 'pending'");
    world.run_for(1s);
    BOOST_TEST(world.value("SELECT status||' '||remote_message_id FROM messages") == "sent remote-2");
}

BOOST_AUTO_TEST_CASE(where_the_account_waits_for_ended_conversations_the_lane_waits) {
    world_options chosen;
    chosen.waits_for_ended = true;
    delivery_world world(chosen);
    world.insert(conversation_a, "one");
    world.insert(conversation_a, "two");
    world.start();
    world.api().sends.push_back(accepted_in(conversation_b));
    world.run_for(50s);
    BOOST_TEST(world.value("SELECT group_concat(status) FROM messages") == "unconfirmed,pending");
    BOOST_TEST(requests_of(world, "send") == 1);
    world.api().broken[conversation_a] = setback(errc::conversation_ended, "it has ended");
    world.run_for(1min);
    BOOST_TEST(world.value("SELECT status||' '||error FROM messages WHERE id = 2") ==
               "pending conversation_ended");
    world.api().broken.clear();
    world.run_for(15min);
    BOOST_TEST(world.value("SELECT status FROM messages WHERE id = 2") == "sent");
}

BOOST_AUTO_TEST_CASE(an_answer_that_names_our_conversation_or_none_is_just_an_answer) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.insert(conversation_b, "two");
    world.start();
    world.api().sends.push_back(accepted_in(conversation_a));
    world.run_for(1s);
    BOOST_TEST(world.value("SELECT group_concat(status) FROM messages") == "sent,sent");
}

BOOST_AUTO_TEST_CASE(a_look_that_grew_old_while_the_message_waited_its_turn_is_renewed) {
    world_options chosen;
    chosen.rate.requests_per_minute = 60;
    chosen.rate.burst = 4;
    delivery_world world(chosen);
    for (int i = 1; i <= 4; ++i)
        world.insert("aaaaaaaa-0000-4000-8000-00000000000" + std::to_string(i), std::to_string(i));
    world.start();
    world.api().believed_for = 2500ms; // four looks empty the bucket, then a message may leave each second
    world.run_for(60s);
    BOOST_TEST(world.value("SELECT group_concat(DISTINCT status) FROM messages") == "sent");
    BOOST_TEST(requests_of(world, "send") == 4);
    BOOST_TEST(requests_of(world, "resolve") > 4);
}

BOOST_AUTO_TEST_CASE(who_took_the_conversation_while_the_message_waited_is_seen) {
    world_options chosen;
    chosen.rate.requests_per_minute = 60;
    chosen.rate.burst = 1;
    delivery_world world(chosen);
    world.insert(conversation_a, "hello");
    world.start();
    world.api().believed_for = 500ms; // the send may leave a second after the look
    world.run_for(300ms);
    world.api().broken[conversation_a] = setback(errc::bot_in_conversation, "a bot holds it");
    world.run_for(5s);
    BOOST_TEST(world.value("SELECT status||' '||error||' '||attempts FROM messages") ==
               "pending bot_in_conversation 0");
    BOOST_TEST(requests_of(world, "send") == 0);
}

BOOST_AUTO_TEST_CASE(who_took_the_conversation_over_while_the_message_waited_is_named) {
    world_options chosen;
    chosen.rate.requests_per_minute = 60;
    chosen.rate.burst = 1;
    delivery_world world(chosen);
    world.sql("INSERT INTO responses(name, text) VALUES ('greeting', 'I am {{AGENT_NAME}}')");
    world.start();
    world.api().believed_for = 500ms; // the send may leave a second after the look
    world.api().agent_name = "Ann";
    world.sql("INSERT INTO messages(conversation_id, response) VALUES ('" + conversation_a +
              "', 'greeting')");
    world.run_for(300ms);
    world.api().agent_name = "Bob";
    world.run_for(30s);
    BOOST_TEST(texts(world.api().customer) == "I am Bob");
}

BOOST_AUTO_TEST_SUITE_END()
