// What is counted of rows that end, whoever ended them.
#include "delivery_world.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cannedd;
using namespace cannedd::test;
using namespace std::chrono_literals;

using ends = std::map<row_end, std::size_t>;

ends counted(std::initializer_list<ends::value_type> all) {
    return all;
}

} // namespace

namespace cannedd {

std::ostream& operator<<(std::ostream& out, row_end how) {
    return out << static_cast<int>(how);
}

} // namespace cannedd

BOOST_AUTO_TEST_SUITE(results_)

BOOST_AUTO_TEST_CASE(a_retry_is_no_end_and_its_success_is_one) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    world.api().sends.push_back(scripted_api::unreachable());
    world.run_for(20s);
    BOOST_TEST((world.seen.ends == counted({{row_end::sent, 1}})));
}

BOOST_AUTO_TEST_CASE(what_was_found_by_reading_back_is_sent_and_verified) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    world.api().sends.push_back(scripted_api::breaks_off(true));
    world.run_for(20s);
    BOOST_TEST((world.seen.ends == counted({{row_end::sent, 1}, {row_end::verified, 1}})));
}

BOOST_AUTO_TEST_CASE(an_end_that_nobody_can_tell_is_unconfirmed) {
    delivery_world world;
    world.insert(conversation_a, "one");
    world.start();
    world.api().sends.push_back(scripted_api::breaks_off(true));
    world.api().on_read_back = [] { return setback(errc::conversation_ended, "it has ended"); };
    world.run_for(20s);
    BOOST_TEST((world.seen.ends == counted({{row_end::unconfirmed, 1}})));
}

BOOST_AUTO_TEST_CASE(all_rows_of_a_conversation_that_has_ended_are_counted) {
    delivery_world world;
    for (int i = 0; i < 700; ++i) // more than one slice
        world.insert(conversation_a, "one");
    world.start();
    world.api().broken.emplace(conversation_a, setback(errc::conversation_ended, "it has ended"));
    world.run_for(20s);
    BOOST_TEST((world.seen.ends == counted({{row_end::failed, 700}})));
}

BOOST_AUTO_TEST_CASE(rows_that_expire_are_counted_for_their_account) {
    world_options two;
    two.accounts = {"default", "second"};
    delivery_world world(two);
    world.sql("UPDATE accounts SET paused = 1");
    for (const std::string account : {"default", "second", "second"})
        world.insert(conversation_a, "one", ", account", ", '" + account + "'");
    world.start();
    world.run_for(61min);
    BOOST_TEST((world.seen.ends == counted({{row_end::expired, 3}})));
    BOOST_TEST(world.seen.last_account == "second");
}

BOOST_AUTO_TEST_CASE(what_genesys_could_not_deliver_is_counted_beside_what_was_sent) {
    world_options following;
    following.follow_status = true;
    delivery_world world(following);
    world.insert(conversation_a, "one");
    world.start();
    world.run_for(1s);
    world.api().shown[conversation_a].back().status = "delivery-failed";
    world.run_for(60s);
    BOOST_TEST((world.seen.ends == counted({{row_end::sent, 1}, {row_end::undelivered, 1}})));
}

BOOST_AUTO_TEST_SUITE_END()
