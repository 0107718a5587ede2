// What is past its age goes, whatever the clock once said.
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd::test {

using enum message_status;

BOOST_AUTO_TEST_SUITE(retention_)

BOOST_FIXTURE_TEST_CASE(finished_rows_go_when_their_age_comes_in_slices, queue_fixture) {
    retention_limits limits;
    limits.sent = seconds(10);
    limits.failed = seconds(100);
    limits.attempts = seconds(50);
    for (int i = 0; i < 3; ++i)
        bring_to(insert(conversation_a), sent);
    const auto bad = insert(conversation_b);
    bring_to(bad, failed);
    const auto lasting = insert(conversation_c);
    bring_to(lasting, unconfirmed);
    BOOST_TEST(store->purge(now + seconds(10), limits, 2).value() == 0);
    BOOST_TEST(store->purge(now + seconds(11), limits, 2).value() == 2);
    BOOST_TEST(store->purge(now + seconds(11), limits, 2).value() == 1);
    BOOST_TEST(other.value("SELECT count(*) FROM attempts") == "2");
    BOOST_TEST(store->purge(now + seconds(51), limits, 10).value() == 2); // attempts alone
    BOOST_TEST(field(bad, "status") == "failed");
    BOOST_TEST(store->purge(now + seconds(101), limits, 10).value() == 1);
    BOOST_TEST(field(lasting, "status") == "unconfirmed");
    BOOST_TEST(bookkeeping_fault(other) == "");
}

BOOST_FIXTURE_TEST_CASE(what_operators_changed_is_kept_as_long_as_attempts, queue_fixture) {
    retention_limits limits;
    limits.attempts = seconds(50);
    insert(conversation_a);
    for (const std::string status : {"held", "pending", "held"})
        other.run("UPDATE messages SET status = '" + status + "'");
    const auto made = wall_now();
    BOOST_TEST(store->purge(made + seconds(49), limits, 2).value() == 0);
    BOOST_TEST(store->purge(made + seconds(51), limits, 2).value() == 2);
    BOOST_TEST(store->purge(made + seconds(51), limits, 2).value() == 1);
    BOOST_TEST(store->purge(made + seconds(51), limits, 2).value() == 0);
}

BOOST_FIXTURE_TEST_CASE(retention_goes_on_though_the_clock_once_ran_ahead, queue_fixture) {
    retention_limits limits;
    limits.sent = limits.failed = limits.attempts = seconds(10);
    const auto first = insert(conversation_a);
    bring_to(first, sent);
    const auto right = now;
    now += std::chrono::hours(24 * 365);
    const auto ahead = insert(conversation_b, "expires_at", "1990000000000");
    bring_to(ahead, sent);
    now = right;
    const auto last = insert(conversation_c);
    bring_to(last, sent);
    for (int slice = 0; slice < 9; ++slice)
        store->purge(now + seconds(1), limits, 10).value();
    BOOST_TEST(other.number("SELECT count(*) FROM messages") == 3);
    for (int slice = 0; slice < 9; ++slice)
        store->purge(now + seconds(30), limits, 10).value();
    BOOST_TEST(other.value("SELECT count(*) FROM messages") == "0");
    BOOST_TEST(other.value("SELECT count(*) FROM attempts") == "0");
}

BOOST_FIXTURE_TEST_CASE(attempts_of_a_clock_that_ran_ahead_go_with_those_after_them, queue_fixture) {
    retention_limits limits;
    limits.sent = limits.failed = std::chrono::hours(24);
    limits.attempts = seconds(10);
    const auto right = now;
    now += std::chrono::hours(24 * 365);
    bring_to(insert(conversation_a, "expires_at", "1990000000000"), unconfirmed);
    now = right;
    bring_to(insert(conversation_b), unconfirmed);
    for (int slice = 0; slice < 9; ++slice)
        store->purge(now + seconds(30), limits, 1).value();
    BOOST_TEST(other.value("SELECT count(*) FROM attempts") == "0");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
