// The views that people read.
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd::test {
namespace {

std::string why(queue_fixture& queue, std::int64_t id) {
    return queue.other.value("SELECT why FROM queue_due WHERE id = " + std::to_string(id));
}

} // namespace

BOOST_AUTO_TEST_SUITE(views_)

BOOST_FIXTURE_TEST_CASE(status_counts_each_account_with_its_oldest_and_newest_row, queue_fixture) {
    insert(conversation_a, "created_at", "1700000000000");
    insert(conversation_a, "created_at", "1700000060000");
    insert(conversation_b, "status, created_at", "'held', 1700000000999");
    const std::vector<std::string> expected{"default|held|1|2023-11-14 22:13:20|2023-11-14 22:13:20",
                                            "default|pending|2|2023-11-14 22:13:20|2023-11-14 22:14:20"};
    BOOST_TEST(other.rows("SELECT * FROM queue_status") == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(due_tells_why_each_row_waits_in_the_order_in_which_they_go, queue_fixture) {
    const auto first = insert(conversation_a);
    const auto second = insert(conversation_a);
    const auto scheduled = insert(conversation_b, "not_before, priority", "1890000000000, 9");
    const auto important = insert(conversation_c, "priority", "1");
    const std::vector<std::string> order{std::to_string(important) + "|due", std::to_string(first) + "|due",
                                         std::to_string(second) + "|behind " + std::to_string(first),
                                         std::to_string(scheduled) + "|scheduled"};
    BOOST_TEST(other.rows("SELECT id, why FROM queue_due") == order, boost::test_tools::per_element());
    other.run("UPDATE accounts SET paused = 1");
    BOOST_TEST(why(*this, first) == "paused");
    other.run("UPDATE accounts SET paused = 0");
    account_memory memory;
    memory.account = "default";
    memory.balance = 0.5;
    apply(memory);
    BOOST_TEST(why(*this, first) == "rate");
    memory.balance = 5;
    memory.blocked_until = now + minutes(1);
    apply(memory);
    BOOST_TEST(why(*this, first) == "rate");
    memory.breaker = "open";
    memory.breaker_until = now + minutes(1);
    apply(memory);
    BOOST_TEST(why(*this, first) == "breaker");
    bring_to(first, message_status::sending);
    BOOST_TEST(why(*this, second) == "behind " + std::to_string(first));
    BOOST_TEST(why(*this, first) == "");
}

BOOST_FIXTURE_TEST_CASE(due_warns_of_a_row_that_expires_before_it_is_due, queue_fixture) {
    const auto doomed = insert(conversation_a, "not_before",
                               std::to_string((now + std::chrono::hours(2)).time_since_epoch().count()));
    const auto safe = insert(conversation_b);
    const std::vector<std::string> told{std::to_string(safe) + "|due|NULL",
                                        std::to_string(doomed) +
                                            "|scheduled|expires before it is due: set a later expires_at"};
    BOOST_TEST(other.rows("SELECT id, why, warning FROM queue_due") == told,
               boost::test_tools::per_element());
    BOOST_TEST(other.value("SELECT expires FROM queue_due WHERE id = " + std::to_string(doomed)) ==
               other.value("SELECT datetime(expires_at / 1000, 'unixepoch') FROM messages WHERE id = " +
                           std::to_string(doomed)));
    other.run("UPDATE messages SET expires_at = not_before + 60000 WHERE id = " + std::to_string(doomed));
    BOOST_TEST(other.value("SELECT count(warning) FROM queue_due") == "0");
}

BOOST_FIXTURE_TEST_CASE(a_problem_comes_with_the_statement_that_replays_it, queue_fixture) {
    const auto id = insert(conversation_a);
    bring_to(id, message_status::failed);
    insert(conversation_b);
    BOOST_TEST(other.value("SELECT id || status || error FROM queue_problems") ==
               std::to_string(id) + "failedserver_error");
    other.run(other.value("SELECT replay FROM queue_problems"));
    BOOST_TEST(field(id, "status") == "pending");
    BOOST_TEST(other.value("SELECT count(*) FROM queue_problems") == "0");
}

BOOST_FIXTURE_TEST_CASE(shape_eta_recent_and_attempts_agree_with_the_rows, queue_fixture) {
    const auto past = [](wall_time::duration age) {
        return std::to_string((wall_now() - age).time_since_epoch().count());
    };
    insert(conversation_a);
    insert(conversation_a, "created_at", past(minutes(2)));
    insert(conversation_a, "created_at", past(std::chrono::hours(30)));
    BOOST_TEST(other.value("SELECT * FROM queue_shape") == "default|3|1|1|0|0|0|0|1");
    BOOST_TEST(other.value("SELECT account, pending, sent_per_minute, seconds FROM queue_eta") ==
               "default|3|0.0|NULL");
    for (int i = 0; i < 10; ++i)
        bring_to(insert(conversation_b), message_status::sent);
    BOOST_TEST(other.value("SELECT account, pending, sent_per_minute, seconds FROM queue_eta") ==
               "default|3|2.0|90");
    BOOST_TEST(other.value("SELECT count(*) FROM queue_recent") == "13");
    BOOST_TEST(other.value("SELECT length(created) || says FROM queue_recent") == "19hello");
    BOOST_TEST(
        other.value(
            "SELECT attempt, status, phase, http_status, took_ms FROM queue_attempts WHERE message_id = 4") ==
        "1|sent|replied|200|7");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
