// What became of accepted messages is asked for from what delivery leaves of the rate, and all at once.
#include "delivery_world.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace {

using namespace cannedd;
using namespace cannedd::test;
using namespace std::chrono_literals;

constexpr int rows = 15; // one look-up more: of a bucket of 20 less than half is left

// The producer's clock stands still while hours pass here.
const auto* const late = ", 4000000000000";

world_options slow_rate() {
    world_options chosen;
    chosen.rate.requests_per_minute = 60;
    chosen.rate.burst = 20;
    chosen.follow_status = true;
    return chosen;
}

auto looks(delivery_world& world) {
    return std::count(world.api().requests.begin(), world.api().requests.end(), "statuses");
}

void deliver(delivery_world& world) {
    for (int i = 0; i < rows; ++i)
        world.insert(conversation_a, std::to_string(i));
    world.start();
    while (world.api().customer.size() < rows)
        world.run_for(10ms);
}

} // namespace

BOOST_AUTO_TEST_SUITE(following_)

BOOST_AUTO_TEST_CASE(nothing_is_asked_until_half_of_the_bucket_is_there_again) {
    delivery_world world(slow_rate());
    deliver(world);
    BOOST_TEST(looks(world) == 0);
    BOOST_TEST(world.gate().balance() < 8);
    while (looks(world) == 0) {
        BOOST_REQUIRE(world.gate().balance() < 13); // looked at every two seconds
        world.run_for(10ms);
    }
    BOOST_TEST(world.gate().balance() > 9 - 0.1); // half of it, less the look
}

BOOST_AUTO_TEST_CASE(all_rows_of_a_conversation_are_asked_for_in_one_request_until_their_end) {
    delivery_world world(slow_rate());
    deliver(world);
    for (auto& message : world.api().shown[conversation_a])
        message.status = "delivery-success";
    world.api().shown[conversation_a].back().status = "delivery-failed";
    world.api().shown[conversation_a].back().failure_reason = "the phone is off";
    world.run_for(60s);
    BOOST_TEST(looks(world) == 1);
    BOOST_TEST(world.value("SELECT count(*) FROM messages WHERE remote_status = 'delivery-success'") ==
               std::to_string(rows - 1));
    BOOST_TEST(world.value("SELECT error_detail FROM messages WHERE remote_status = 'delivery-failed'")
                   .find("the phone is off") != std::string::npos);
    BOOST_TEST(world.value("SELECT count(*) FROM messages WHERE status = 'sent'") == std::to_string(rows));
}

BOOST_AUTO_TEST_CASE(a_row_on_its_way_comes_first) {
    delivery_world world(slow_rate());
    deliver(world);
    world.api().latency = 60s;
    world.insert(conversation_a, "slow"); // its look-up is remembered: it is sending all the time
    world.run_for(50s);
    BOOST_TEST(looks(world) == 0);
    world.api().latency = 10ms;
    world.run_for(200s);
    BOOST_TEST(looks(world) > 0);
}

BOOST_AUTO_TEST_CASE(what_does_not_change_is_looked_at_ever_more_rarely_and_news_soon_again) {
    delivery_world world(slow_rate());
    world.insert(conversation_a, "one");
    world.start();
    world.run_for(4h);
    const auto seldom = looks(world);
    BOOST_TEST(seldom > 8);
    BOOST_TEST(seldom < 20);
    world.insert(conversation_a, "two", ", expires_at", late);
    world.run_for(5s);
    BOOST_TEST(looks(world) > seldom);
}

BOOST_AUTO_TEST_CASE(without_the_permission_it_says_so_once_and_asks_seldom) {
    delivery_world world(slow_rate());
    world.insert(conversation_a, "one");
    world.start();
    world.api().on_statuses = setback(scripted_api::replies(403, "missing.any.permissions").facts);
    world.run_for(1h);
    world.insert(conversation_b, "two", ", expires_at", late);
    world.run_for(1h);
    BOOST_TEST(looks(world) > 9); // every ten minutes
    BOOST_TEST(looks(world) < 14);
    const auto told = std::count_if(world.lines.begin(), world.lines.end(), [](const log_record& line) {
        return line.text.find("not followed") != std::string::npos;
    });
    BOOST_TEST(told == 1);
    BOOST_TEST(world.value("SELECT count(*) FROM messages WHERE status = 'sent'") == "2");
    world.api().on_statuses.reset(); // the role has it now
    for (const auto& conversation : {conversation_a, conversation_b})
        world.api().shown[conversation].back().status = "delivery-success";
    world.run_for(1h);
    BOOST_TEST(world.value("SELECT count(*) FROM messages WHERE remote_status = 'delivery-success'") != "0");
}

BOOST_AUTO_TEST_CASE(one_conversation_that_is_refused_keeps_no_other_from_being_followed) {
    delivery_world world(slow_rate());
    world.insert(conversation_a, "one");
    world.start();
    world.api().on_statuses = setback(scripted_api::replies(403, "not.authorized").facts);
    world.run_for(10s);
    world.api().on_statuses.reset();
    world.insert(conversation_b, "two");
    world.run_for(10s);
    world.api().shown[conversation_b].back().status = "delivery-success";
    world.run_for(1min);
    BOOST_TEST(world.value("SELECT remote_status FROM messages WHERE id = 2") == "delivery-success");
}

BOOST_AUTO_TEST_SUITE_END()
