// After a restore: what the file takes for unsent is looked for before anything is sent.
#include "delivery_world.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace {

using namespace cannedd;
using namespace cannedd::test;
using namespace std::chrono_literals;

constexpr auto created = "1728000000000"; // when the clock that stamps messages began

void insert(delivery_world& world, const std::string& conversation, const std::string& text) {
    world.insert(conversation, text, ", created_at, expires_at",
                 std::string(", ") + created + ", 253402300799999");
}

void show(delivery_world& world, const std::string& conversation, const std::string& id,
          const std::string& text) {
    remote_message made;
    made.id = id;
    made.text = text;
    made.timestamp = wall_time(milliseconds(std::stoll(created)) + 5s);
    world.api().shown[conversation].push_back(made);
}

// As the daemon of before would have left it.
void leave(delivery_world& world, int id, const std::string& assignments) {
    world.sql("BEGIN; INSERT INTO own_writes (one) VALUES (1); UPDATE messages SET " + assignments +
              " WHERE id = " + std::to_string(id) + "; DELETE FROM own_writes; COMMIT");
}

std::int64_t sends(delivery_world& world) {
    return std::ranges::count(world.api().requests, "send");
}

} // namespace

BOOST_AUTO_TEST_SUITE(proof_of_rows_)

BOOST_AUTO_TEST_CASE(of_what_the_copy_takes_for_pending_only_what_was_not_sent_goes) {
    delivery_world world;
    insert(world, conversation_a, "sent since");
    insert(world, conversation_a, "not sent");
    insert(world, conversation_b, "sent as well");
    world.prove();
    show(world, conversation_a, "r1", "sent since");
    show(world, conversation_b, "r2", "sent as well");
    world.run_for(60s);
    BOOST_REQUIRE(world.ending.has_value());
    BOOST_TEST((world.ending->how == engine::ending::kind::stopped));
    BOOST_TEST(sends(world) == 0);
    BOOST_TEST(world.value("SELECT group_concat(status||verified) FROM messages") == "sent1,pending0,sent1");
    BOOST_TEST(world.value("SELECT remote_message_id||sent_to||sent_text FROM messages WHERE id = 1") ==
               "r1" + conversation_a + "sent since");
    BOOST_TEST(world.value("SELECT sent_at FROM messages WHERE id = 1") == "1728000005000");
    const auto told = world.machine().proved();
    BOOST_TEST(told.found == 2);
    BOOST_TEST(told.absent == 1);
    BOOST_TEST(told.left == 0);
    world.start();
    world.run_for(10s);
    BOOST_TEST(texts(world.api().customer) == "not sent");
    BOOST_TEST(world.value("SELECT group_concat(status) FROM messages") == "sent,sent,sent");
}

BOOST_AUTO_TEST_CASE(what_was_held_and_sent_since_is_found_and_what_was_not_stays_held) {
    delivery_world world;
    insert(world, conversation_a, "released since");
    insert(world, conversation_a, "still held");
    leave(world, 1, "status = 'held'");
    leave(world, 2, "status = 'held'");
    world.prove();
    show(world, conversation_a, "r1", "released since");
    world.run_for(60s);
    BOOST_TEST(world.value("SELECT group_concat(status||verified) FROM messages") == "sent1,held0");
    BOOST_TEST(world.machine().proved().found == 1);
    BOOST_TEST(world.machine().proved().absent == 1);
    BOOST_TEST(world.value("SELECT group_concat(status||messages) FROM counters WHERE messages > 0") ==
               "held1,sent1");
}

BOOST_AUTO_TEST_CASE(rows_in_doubt_are_told_too_and_those_that_went_elsewhere_are_a_persons) {
    delivery_world world;
    for (const auto* const text : {"one", "two", "three", "four"})
        insert(world, conversation_a, text);
    leave(world, 1, "status = 'unconfirmed', error = 'unconfirmed', sent_text = 'one', attempts = 1");
    leave(world, 2, "status = 'unconfirmed', error = 'unconfirmed', sent_text = 'two', attempts = 1");
    leave(world, 3, "status = 'sending', sent_text = 'three', attempts = 1");
    leave(world, 4, "status = 'unconfirmed', error = 'sent_elsewhere', sent_text = 'four', attempts = 1");
    world.prove();
    show(world, conversation_a, "r1", "one");
    show(world, conversation_a, "r3", "three");
    world.run_for(60s);
    BOOST_TEST(world.value("SELECT group_concat(status||coalesce(error, '')) FROM messages") ==
               "sent,pending,sent,unconfirmedsent_elsewhere");
    world.start();
    world.run_for(10s);
    BOOST_TEST(texts(world.api().customer) == "two");
}

BOOST_AUTO_TEST_CASE(one_reading_shows_all_rows_of_a_conversation) {
    delivery_world world;
    for (int n = 0; n < 20; ++n)
        insert(world, conversation_a, "text " + std::to_string(n));
    world.prove();
    show(world, conversation_a, "r7", "text 7");
    world.run_for(60s);
    BOOST_TEST(world.api().requests.size() == 1U);
    BOOST_TEST(world.value("SELECT group_concat(id) FROM messages WHERE status = 'sent'") == "8");
}

BOOST_AUTO_TEST_CASE(two_rows_of_one_text_need_two_messages) {
    delivery_world world;
    insert(world, conversation_a, "again");
    insert(world, conversation_a, "again");
    world.prove();
    show(world, conversation_a, "r1", "again");
    world.run_for(60s);
    BOOST_TEST(world.value("SELECT group_concat(status) FROM messages") == "sent,pending");
}

BOOST_AUTO_TEST_CASE(where_nobody_can_tell_the_row_waits_for_a_person) {
    delivery_world world;
    world.sql("INSERT INTO messages (agent_id, text) VALUES ('" + agent_one + "', 'whoever')");
    insert(world, conversation_a, "hidden");
    world.prove();
    world.api().on_read_back = [] { return setback(errc::conversation_not_found, "there is none"); };
    world.run_for(60s);
    BOOST_TEST(world.value("SELECT group_concat(status||error) FROM messages") ==
               "unconfirmedunconfirmed,unconfirmedunconfirmed");
    BOOST_TEST(world.value("SELECT error_detail FROM messages WHERE id = 2")
                   .starts_with("it cannot be looked for (conversation_not_found): there is none"));
    BOOST_TEST((world.ending->how == engine::ending::kind::stopped));
}

// Rows 2 and 3 were tried, and put off by hand since.
BOOST_AUTO_TEST_CASE(what_is_planned_for_later_and_was_never_tried_stays_as_it_is) {
    delivery_world world;
    const auto later = ", " + std::to_string((world.time.wall() + 2h).time_since_epoch().count());
    const auto soon = ", " + std::to_string((world.time.wall() + 30s).time_since_epoch().count());
    const auto insert_for = [&](const std::string& moment) {
        world.sql("INSERT INTO messages (agent_id, text, expires_at, not_before) VALUES ('" + agent_one +
                  "', 'reminder', 253402300799999" + moment + ")");
    };
    insert_for(later);
    insert_for(later);
    insert_for(later);
    insert_for(soon); // the old machine's clock may have been ahead
    leave(world, 2, "sent_text = 'reminder'");
    world.sql("BEGIN; INSERT INTO own_writes (one) VALUES (1); INSERT INTO attempts (message_id, attempt, "
              "started_at, "
              "phase, outcome) VALUES (3, 1, 1, 'written', 'indeterminate'); DELETE FROM own_writes; COMMIT");
    world.prove();
    world.run_for(60s);
    BOOST_REQUIRE(world.ending.has_value());
    BOOST_TEST((world.ending->how == engine::ending::kind::stopped));
    BOOST_TEST(world.value("SELECT group_concat(status) FROM messages") ==
               "pending,unconfirmed,unconfirmed,unconfirmed");
    BOOST_TEST(world.machine().proved().done() == 3);
}

BOOST_AUTO_TEST_CASE(an_outage_is_waited_out_and_a_stop_leaves_the_rest_as_it_was) {
    delivery_world world;
    insert(world, conversation_a, "one");
    bool down = true;
    world.prove();
    world.api().on_read_back = [&]() -> std::optional<setback> {
        if (!down) return std::nullopt;
        return setback(scripted_api::unreachable().facts);
    };
    show(world, conversation_a, "r1", "one");
    world.run_for(10min);
    BOOST_TEST(!world.ending.has_value());
    BOOST_TEST(status_of(world, 1) == "pending");
    down = false;
    world.run_for(5min);
    BOOST_TEST(world.ending.has_value());
    BOOST_TEST(status_of(world, 1) == "sent");

    insert(world, conversation_b, "two");
    down = true;
    world.prove();
    world.api().on_read_back = [] { return setback(scripted_api::unreachable().facts); };
    world.run_for(1min);
    world.stop();
    BOOST_TEST(world.ending.has_value());
    BOOST_TEST(status_of(world, 2) == "pending");
}

BOOST_AUTO_TEST_CASE(a_paused_account_is_named_and_its_rows_stay_as_they_are) {
    delivery_world world;
    insert(world, conversation_a, "one");
    world.start(); // so that there is an account to be paused
    world.stop();
    leave(world, 1, "status = 'pending', sent_text = NULL, remote_message_id = NULL, finished_at = NULL");
    world.sql("UPDATE accounts SET paused = 1, paused_reason = 'maintenance'");
    world.prove();
    world.run_for(60s);
    BOOST_REQUIRE(world.ending.has_value());
    BOOST_TEST((world.ending->how == engine::ending::kind::waits_for_a_person));
    BOOST_TEST(world.ending->why.find("UPDATE accounts SET paused = 0") != std::string::npos,
               world.ending->why);
    BOOST_TEST(status_of(world, 1) == "pending");
}

BOOST_AUTO_TEST_CASE(a_client_that_is_refused_is_named_and_burns_no_row) {
    delivery_world world;
    insert(world, conversation_a, "one");
    insert(world, conversation_b, "two");
    world.prove();
    world.api().on_read_back = [] { return setback(errc::invalid_client, "the login server refused it"); };
    world.run_for(60s);
    BOOST_REQUIRE(world.ending.has_value());
    BOOST_TEST((world.ending->how == engine::ending::kind::waits_for_a_person));
    BOOST_TEST(world.ending->why.find("2 messages of account default") != std::string::npos,
               world.ending->why);
    BOOST_TEST(world.value("SELECT group_concat(status) FROM messages") == "pending,pending");
}

// Accepted without an id before the row was there: it is not listed since then, and must not take its place.
BOOST_AUTO_TEST_CASE(an_earlier_message_without_an_id_takes_its_own) {
    delivery_world world;
    insert(world, conversation_a, "again");
    insert(world, conversation_a, "again");
    leave(world, 1,
          "status = 'sent', sent_text = 'again', sent_to = '" + conversation_a +
              "', created_at = 1727990000000, sent_at = 1727990000000, finished_at = 1727990000000");
    world.prove();
    world.api().shown[conversation_a].clear();
    remote_message first;
    first.id = "r1";
    first.text = "again";
    first.timestamp = wall_time(milliseconds(1727990001000));
    world.api().shown[conversation_a].push_back(first);
    show(world, conversation_a, "r2", "again");
    world.run_for(60s);
    BOOST_TEST(world.value("SELECT group_concat(status||remote_message_id) FROM messages") ==
               "sentr1,sentr2");
    BOOST_TEST((world.api().read_since == wall_time(milliseconds(1727990000000))));
}

BOOST_AUTO_TEST_CASE(a_response_is_looked_for_as_it_reads_now) {
    delivery_world world;
    world.sql("INSERT INTO responses (name, text) VALUES ('hello', 'Hello there')");
    for (const auto& conversation : {conversation_a, conversation_b})
        world.sql("INSERT INTO messages (conversation_id, response, created_at, expires_at) VALUES ('" +
                  conversation + "', 'hello', " + created + ", 253402300799999)");
    world.prove();
    show(world, conversation_a, "r1", "Hello there");
    show(world, conversation_b, "r2", "What it read like last week");
    world.run_for(60s);
    BOOST_TEST(world.value("SELECT group_concat(status) FROM messages") == "sent,unconfirmed");
}

BOOST_AUTO_TEST_SUITE_END()
