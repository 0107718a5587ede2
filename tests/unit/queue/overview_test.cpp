// What a person sees of the queue at a glance.
#include "queue/overview.hpp"
#include "queue/sql.hpp"
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd::test {
namespace {

struct overview_fixture : queue_fixture {
    queue_overview look() const { return read_overview(settings.database, {"default"}, now); }
    static std::int64_t count(const account_overview& account, message_status status) {
        return account.messages.at(static_cast<std::size_t>(status));
    }
    std::string at(milliseconds ago) const { return std::to_string((now - ago).time_since_epoch().count()); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(overview_, overview_fixture)

BOOST_AUTO_TEST_CASE(an_empty_queue_has_its_accounts_and_nothing_else) {
    const auto seen = look();
    BOOST_TEST(seen.trouble == "");
    BOOST_REQUIRE(seen.accounts.size() == 1U);
    BOOST_TEST(seen.accounts[0].name == "default");
    BOOST_TEST(!seen.accounts[0].oldest.has_value());
    BOOST_TEST(seen.problems.empty());
    BOOST_TEST(seen.doubts.empty());
}

BOOST_AUTO_TEST_CASE(pending_messages_are_counted_by_age) {
    for (const milliseconds ago : {milliseconds(-5000), milliseconds(59'000), milliseconds(minutes(2)),
                                   milliseconds(minutes(20)), milliseconds(minutes(24 * 60 + 1))})
        insert(conversation_a, "created_at", at(ago));
    const auto seen = look();
    const age_counts expected{2, 1, 0, 1, 0, 0, 1};
    BOOST_TEST(seen.accounts.at(0).ages == expected, boost::test_tools::per_element());
    BOOST_TEST(count(seen.accounts[0], message_status::pending) == 5);
}

BOOST_AUTO_TEST_CASE(the_oldest_is_one_that_could_go_or_is_tried_again_not_one_that_is_planned) {
    insert(conversation_c, "created_at, not_before", at(minutes(90)) + ", " + at(-milliseconds(minutes(90))));
    BOOST_TEST(!look().accounts.at(0).oldest.has_value());
    insert(conversation_a, "created_at", at(minutes(7)));
    const auto retried = insert(conversation_b, "created_at", at(minutes(9)));
    BOOST_TEST((now - *look().accounts.at(0).oldest == minutes(9)));
    apply(mark_of(retried));
    auto again = verdict_of(retried, message_status::pending);
    again.due_at = now + minutes(5);
    apply(again);
    BOOST_TEST((now - *look().accounts.at(0).oldest == minutes(9)));
}

BOOST_AUTO_TEST_CASE(problems_are_those_for_a_person_first_then_the_newest) {
    const auto failed = insert(conversation_a);
    bring_to(failed, message_status::failed);
    const auto held = insert(conversation_b);
    bring_to(held, message_status::held);
    const auto unsure = insert(conversation_c);
    bring_to(unsure, message_status::unconfirmed);
    bring_to(insert(conversation_c), message_status::sent);
    const auto seen = look();
    BOOST_REQUIRE(seen.problems.size() == 3U);
    BOOST_TEST(seen.problems[0].id == unsure);
    BOOST_TEST(seen.problems[1].id == held);
    BOOST_TEST(seen.problems[2].id == failed);
    BOOST_TEST(seen.problems[2].error == "server_error");
    BOOST_TEST(seen.problems[2].conversation == conversation_a);
    BOOST_TEST(seen.problems[2].text == "hello");
}

BOOST_AUTO_TEST_CASE(the_name_of_a_response_is_no_text) {
    other.run("INSERT INTO messages (conversation_id, response, status) VALUES ('" + conversation_a +
              "', 'greeting', 'held')");
    const auto seen = look();
    BOOST_REQUIRE(seen.problems.size() == 1U);
    BOOST_TEST(seen.problems[0].text == "");
}

BOOST_AUTO_TEST_CASE(many_problems_of_one_state_leave_room_for_the_others) {
    for (int row = 0; row < 60; ++row)
        bring_to(insert(conversation_a), message_status::held);
    const auto failed = insert(conversation_b);
    bring_to(failed, message_status::failed);
    const auto seen = look();
    BOOST_TEST(seen.problems.size() == problems_max / 4 + 1);
    BOOST_TEST(seen.problems.back().id == failed);
}

BOOST_AUTO_TEST_CASE(a_row_that_is_read_back_is_in_doubt_one_that_is_being_sent_is_not) {
    bring_to(insert(conversation_a), message_status::sending);
    const auto unsure = insert(conversation_b);
    auto sending = mark_of(unsure);
    sending.sent_to = conversation_b;
    apply(sending);
    doubt it;
    it.message_id = unsure;
    it.attempts = 1;
    it.attempt = verdict_of(unsure, message_status::sent).attempt;
    it.attempt.outcome = "indeterminate";
    apply(it);
    const auto seen = look();
    BOOST_REQUIRE(seen.doubts.size() == 1U);
    BOOST_TEST(seen.doubts[0].id == unsure);
    BOOST_TEST(seen.doubts[0].conversation == conversation_b);
}

BOOST_AUTO_TEST_CASE(what_the_limiter_and_people_wrote_is_told) {
    other.run("UPDATE accounts SET paused = 1, paused_reason = 'holidays'");
    BOOST_TEST(look().accounts.at(0).paused_reason == "holidays");
    other.run("UPDATE accounts SET paused = 0");
    BOOST_TEST(look().accounts.at(0).paused_reason == "");
}

BOOST_AUTO_TEST_CASE(accounts_that_are_not_configured_are_one) {
    other.run("INSERT INTO messages (account, conversation_id, text) VALUES ('x', '" + conversation_a +
              "', 'hello'), ('y', '" + conversation_b + "', 'hello')");
    const auto seen = look();
    BOOST_REQUIRE(seen.accounts.size() == 2U);
    BOOST_TEST(seen.accounts[0].name == not_configured);
    BOOST_TEST(count(seen.accounts[0], message_status::pending) == 2);
}

BOOST_AUTO_TEST_CASE(a_producers_lock_is_not_waited_for_and_a_missing_file_is_trouble) {
    insert(conversation_a);
    other.run("BEGIN EXCLUSIVE");
    BOOST_TEST(count(look().accounts.at(0), message_status::pending) == 1);
    other.run("ROLLBACK");
    const auto nowhere = read_overview(folder.path / "nowhere.db", {"default"}, now);
    BOOST_TEST(nowhere.trouble != "");
    BOOST_TEST(!std::filesystem::exists(folder.path / "nowhere.db"));
}

BOOST_AUTO_TEST_CASE(none_of_its_statements_sorts_the_queue) { // nor scans it: plan_test
    int looked_at = 0;
    for (const auto* const statement : sql::all()) {
        const std::string name = statement->name;
        if (!name.starts_with("overview_") || name == "overview_accounts") continue;
        ++looked_at;
        for (const auto& step : other.rows(std::string("EXPLAIN QUERY PLAN ") + statement->words))
            BOOST_TEST(step.find("TEMP B-TREE FOR ORDER BY") == std::string::npos, name << ": " << step);
    }
    BOOST_TEST(looked_at == 5);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
