// Which message goes next.
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd::test {

using ids = std::vector<std::int64_t>;

namespace {

std::string at(wall_time when) {
    return std::to_string(when.time_since_epoch().count());
}

} // namespace

BOOST_AUTO_TEST_SUITE(claims_)

BOOST_FIXTURE_TEST_CASE(one_conversations_rows_go_in_order_of_not_before_or_created_at_then_id,
                        queue_fixture) {
    const auto third = insert(conversation_a, "created_at", at(now - seconds(10)));
    const auto second =
        insert(conversation_a, "created_at, not_before", at(now) + "," + at(now - seconds(20)));
    const auto first = insert(conversation_a, "created_at", at(now - seconds(30)));
    const auto fourth = insert(conversation_a, "created_at, priority", at(now - seconds(10)) + ", 100");
    ids order;
    while (!due().empty()) {
        BOOST_REQUIRE(due().size() == 1);
        order.push_back(due().front());
        bring_to(order.back(), message_status::sent);
    }
    BOOST_TEST(order == (ids{first, second, third, fourth}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_lane_that_is_sending_offers_nothing, queue_fixture) {
    const auto first = insert(conversation_a);
    insert(conversation_a);
    bring_to(first, message_status::sending);
    BOOST_TEST(due().empty());
    BOOST_TEST(!apply(mark_of(first + 1)));
}

BOOST_FIXTURE_TEST_CASE(a_retry_holds_back_those_behind_it_but_held_and_unconfirmed_do_not, queue_fixture) {
    const auto first = insert(conversation_a);
    const auto second = insert(conversation_a);
    apply(mark_of(first));
    auto retry = verdict_of(first, message_status::pending);
    retry.due_at = now + minutes(1);
    apply(retry);
    BOOST_TEST(due().empty());
    BOOST_TEST((store->next_due("default", now).value() == retry.due_at));
    BOOST_TEST(!apply(mark_of(second)));
    bring_to(first, message_status::held);
    BOOST_TEST(due() == ids{second}, boost::test_tools::per_element());
    const auto third = insert(conversation_a);
    apply(mark_of(second));
    apply(verdict_of(second, message_status::unconfirmed));
    BOOST_TEST(due() == ids{third}, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(higher_priority_conversations_go_first_and_a_future_one_hides_nobody, queue_fixture) {
    const auto low = insert(conversation_a, "priority", "-5");
    const auto high = insert(conversation_b, "priority", "7");
    insert(conversation_c, "priority, not_before", "100, " + at(now + minutes(1)));
    BOOST_TEST(due() == (ids{high, low}), boost::test_tools::per_element());
    BOOST_TEST(due(1) == ids{high}, boost::test_tools::per_element());
    BOOST_TEST((store->next_due("default", now).value() == now + minutes(1)));
}

BOOST_FIXTURE_TEST_CASE(a_conversation_that_had_its_turn_goes_behind_others, queue_fixture) {
    const auto bulk = insert(conversation_a, "created_at", at(now - seconds(50)));
    const auto bulk_next = insert(conversation_a, "created_at", at(now - seconds(40)));
    const auto newcomer = insert(conversation_b, "created_at", at(now - seconds(1)));
    BOOST_TEST(due() == (ids{bulk, newcomer}), boost::test_tools::per_element());
    bring_to(bulk, message_status::sent);
    BOOST_TEST(due() == (ids{newcomer, bulk_next}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(the_youngest_is_the_lane_whose_head_came_last, queue_fixture) {
    const auto old = insert(conversation_a, "created_at", at(now - seconds(50)));
    const auto newer = insert(conversation_b, "created_at", at(now - seconds(20)));
    const auto important = insert(conversation_c, "created_at, priority", at(now - seconds(60)) + ", 1");
    BOOST_TEST(due(100, turn::youngest) == (ids{important, newer, old}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(accounts_have_queues_of_their_own, queue_fixture) {
    configure({"default", "second"});
    const auto mine = insert(conversation_a);
    const auto theirs = insert(conversation_b, "account", "'second'");
    BOOST_TEST(due() == ids{mine}, boost::test_tools::per_element());
    BOOST_TEST(due(100, turn::oldest, "second") == ids{theirs}, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_clock_set_back_neither_freezes_a_lane_nor_puts_it_behind_all_others,
                        queue_fixture) {
    const auto past = at(now - std::chrono::hours(4));
    const auto first = insert(conversation_a, "created_at, expires_at", past + ", 1900000000000");
    const auto second = insert(conversation_a, "created_at, expires_at", past + ", 1900000000000");
    insert(conversation_b, "created_at, expires_at",
           at(now - std::chrono::hours(1)) + ", 1900000000000"); // of the future, soon
    const auto third = insert(conversation_c, "created_at, expires_at", past + ", 1900000000000");
    insert(conversation_c, "created_at, expires_at", past + ", 1900000000000");
    apply(mark_of(first));
    apply(verdict_of(first, message_status::sent));
    now -= std::chrono::hours(3);
    BOOST_TEST(due() == (ids{third, second}), boost::test_tools::per_element());
    reopen();
    BOOST_TEST(due() == (ids{third, second}), boost::test_tools::per_element());
    bring_to(third, message_status::sent);
    BOOST_TEST(other.number("SELECT max(served_at) FROM lanes") == now.time_since_epoch().count());
}

BOOST_FIXTURE_TEST_CASE(what_is_read_is_what_was_written, queue_fixture) {
    other.run("INSERT INTO messages (agent_id, customer_id, route, response, variables, priority, "
              "created_at, not_before, expires_at) "
              "VALUES ('DDDDDDDD-0000-4000-8000-000000000004', '" +
              conversation_c + "', 'tutorial', 'bye', '{\"a\":1}', 4, 1700000000000, 0, 1900000000000)");
    const auto found = store->due("default", now, 5, turn::oldest).value();
    BOOST_REQUIRE(found.size() == 1);
    const auto it = store->load(found.front().head_id).value().value();
    BOOST_TEST(it.lane == "agent:" + agent_a);
    BOOST_TEST(!it.conversation_id.has_value());
    BOOST_TEST(it.agent_id.value() == "DDDDDDDD-0000-4000-8000-000000000004");
    BOOST_TEST(it.customer_id.value() == conversation_c);
    BOOST_TEST(it.route.value() == "tutorial");
    BOOST_TEST(it.response.value() == "bye");
    BOOST_TEST(!it.text.has_value());
    BOOST_TEST(it.variables == "{\"a\":1}");
    BOOST_TEST(it.priority == 4);
    BOOST_TEST((it.due_at == wall_time(milliseconds(0))));
    BOOST_TEST((it.expires_at == wall_time(milliseconds(1900000000000))));
    BOOST_TEST(!it.sent_text.has_value());
}

BOOST_FIXTURE_TEST_CASE(rows_of_an_account_that_is_not_configured_are_held_with_the_way_out, queue_fixture) {
    const auto id = insert(conversation_a, "account", "'typo'");
    insert(conversation_b);
    BOOST_TEST(store->hold_unknown_accounts(now).value() == 1);
    BOOST_TEST(store->hold_unknown_accounts(now).value() == 0);
    BOOST_TEST(field(id, "status || ',' || error || ',' || attempts") == "held,unknown_account,0");
    BOOST_TEST(field(id, "error_detail").find("'typo'") != std::string::npos);
    other.run("UPDATE messages SET account = 'default', status = 'pending' WHERE id = " + std::to_string(id));
    BOOST_TEST(due().size() == 2);
    BOOST_TEST(bookkeeping_fault(other) == "");
}

BOOST_FIXTURE_TEST_CASE(an_account_that_left_the_configuration_is_unknown_though_its_row_is_there,
                        queue_fixture) {
    configure({"default", "gone"});
    reopen();
    insert(conversation_a, "account", "'gone'");
    BOOST_TEST(store->hold_unknown_accounts(now).value() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_row_that_expires_before_its_not_before_is_told_so, queue_fixture) {
    const auto scheduled = insert(conversation_a, "not_before", at(now + std::chrono::hours(2)));
    const auto late = insert(conversation_b);
    BOOST_TEST(store->expire(now + std::chrono::hours(1), 10).value() == 2);
    BOOST_TEST(
        field(scheduled, "error_detail") ==
        "expires_at came before not_before, so it was never due: give it an expires_at after not_before in "
        "the UPDATE that sets status = 'pending'");
    BOOST_TEST(field(late, "error_detail") == "expires_at passed before its turn came");
}

BOOST_FIXTURE_TEST_CASE(a_row_that_expires_says_so_before_what_kept_it, queue_fixture) {
    const auto tried = insert(conversation_a);
    bring_to(tried, message_status::sending);
    auto again = verdict_of(tried, message_status::pending);
    again.due_at = now + minutes(5);
    again.detail = "The API failed. (HTTP 500, correlation id c-1)";
    apply(again);
    const auto unknown = insert(conversation_b, "account", "'typo'");
    BOOST_TEST(store->hold_unknown_accounts(now).value() == 1);
    const auto held = insert(conversation_c, "status", "'held'");
    const auto why = field(unknown, "error_detail");
    other.run("UPDATE messages SET expires_at = " + at(now) + " WHERE expires_at IS NULL OR expires_at > 0");
    BOOST_TEST(store->expire(now + std::chrono::hours(1), 10).value() == 3);
    BOOST_TEST(
        field(tried, "error || ': ' || error_detail") ==
        "server_error: expires_at passed before it could be sent. Its last try: The API failed. (HTTP 500, "
        "correlation id c-1)");
    BOOST_TEST(field(unknown, "error_detail") == "expires_at passed while it was held. Why it was: " + why);
    BOOST_TEST(field(held, "error_detail") == "expires_at passed while it was held");
}

BOOST_FIXTURE_TEST_CASE(a_row_that_expires_while_it_waits_for_its_turn_keeps_why_it_waited, queue_fixture) {
    const auto id = insert(conversation_a);
    bring_to(id, message_status::sending);
    auto again = verdict_of(id, message_status::pending);
    again.due_at = now;
    again.detail = "The API failed.";
    apply(again);
    BOOST_TEST(!apply(time_passed{.message_id = id, .attempts = 5, .now = now}));
    BOOST_TEST(apply(time_passed{
        .message_id = id, .attempts = static_cast<int>(std::stoi(field(id, "attempts"))), .now = now}));
    BOOST_TEST(
        field(id, "status || ' ' || error || ' ' || error_detail") ==
        "expired server_error expires_at passed before it could be sent. Its last try: The API failed.");
    BOOST_TEST(store->take_set_aside().size() == 1U);
    BOOST_TEST(bookkeeping_fault(other) == "");
}

BOOST_FIXTURE_TEST_CASE(pending_and_held_rows_expire_and_no_others, queue_fixture) {
    const auto pending = insert(conversation_a, "expires_at", at(now - seconds(2)));
    const auto held = insert(conversation_b, "expires_at, status", at(now - seconds(1)) + ", 'held'");
    const auto later = insert(conversation_c, "expires_at", at(now + seconds(5)));
    const auto sending = insert("eeeeeeee-0000-4000-8000-000000000005", "expires_at", at(now + seconds(1)));
    bring_to(sending, message_status::sending);
    BOOST_TEST((store->next_expiry().value() == now - seconds(2)));
    BOOST_TEST(store->expire(now, 1).value() == 1);
    BOOST_TEST(store->expire(now, 10).value() == 1);
    BOOST_TEST(field(pending, "status") == "expired");
    BOOST_TEST(field(held, "status || ',' || (finished_at IS NOT NULL)") == "expired,1");
    BOOST_TEST((store->next_expiry().value() == now + seconds(5)));
    BOOST_TEST(store->expire(now + minutes(1), 10).value() == 1);
    BOOST_TEST(field(later, "status") == "expired");
    BOOST_TEST(field(sending, "status") == "sending");
    BOOST_TEST((store->next_expiry().value() == std::nullopt));
}

BOOST_FIXTURE_TEST_CASE(the_oldest_undelivered_row_ages_though_its_retries_move_due_at, queue_fixture) {
    const auto oldest = [&] { return store->oldest_undelivered("default", now).value(); };
    BOOST_TEST((oldest() == std::nullopt));
    const auto created = wall_now() - minutes(10);
    const auto id = insert(conversation_a, "created_at", std::to_string(created.time_since_epoch().count()));
    insert(conversation_b, "not_before, expires_at", "1890000000000, 1890000099000");
    BOOST_TEST((oldest() == created));
    apply(mark_of(id));
    BOOST_TEST((oldest() == created));
    auto again = verdict_of(id, message_status::pending);
    again.due_at = now + minutes(5);
    apply(again);
    BOOST_TEST((store->oldest_due("default", now).value() == std::nullopt)); // what an alert must not rest on
    BOOST_TEST((oldest() == created));
    now += minutes(5);
    bring_to(id, message_status::held);
    BOOST_TEST((oldest() == std::nullopt));
    other.run("UPDATE messages SET status = 'pending' WHERE id = " + std::to_string(id));
    BOOST_TEST((oldest().value() >= created + minutes(10))); // a replay begins anew, also once it is tried
    apply(mark_of(id));
    BOOST_TEST((oldest().value() >= created + minutes(10)));
    apply(verdict_of(id, message_status::sent));
    BOOST_TEST((oldest() == std::nullopt));
}

BOOST_FIXTURE_TEST_CASE(work_is_what_sends_or_has_reached_its_own_not_before, queue_fixture) {
    const auto waits = [&](wall_time horizon) {
        const auto rest = store->work_left(horizon).value();
        return rest.pending.empty() ? 0 : rest.pending.front().messages;
    };
    BOOST_TEST(waits(now) == 0);
    const auto id = insert(conversation_a, "not_before", at(now + seconds(30)));
    BOOST_TEST(waits(now) == 0);
    BOOST_TEST(waits(now + seconds(30)) == 1);
    BOOST_TEST((store->oldest_due("default", now).value() == std::nullopt));
    now += seconds(30);
    BOOST_TEST((store->oldest_due("default", now).value() == now));
    bring_to(id, message_status::sending);
    BOOST_TEST(store->work_left(now).value().sending == 1);
    auto again = verdict_of(id, message_status::pending);
    again.due_at = now + minutes(100);
    apply(again);
    BOOST_TEST(waits(now) == 1); // a retry's pause is ours
    BOOST_TEST(waits(now - seconds(1)) == 0);
    insert(conversation_b, "account", "'typo'");
    BOOST_TEST(store->hold_unknown_accounts(now).value() == 1);
    const auto unknown = store->work_left(now).value().unknown;
    BOOST_REQUIRE(unknown.size() == 1);
    BOOST_TEST(unknown[0].account == "typo");
    BOOST_TEST(unknown[0].messages == 1);
}

BOOST_FIXTURE_TEST_CASE(a_lane_that_rests_is_not_claimed_before_it_has_rested, queue_fixture) {
    const auto first = insert(conversation_a);
    const auto second = insert(conversation_a);
    auto marking = mark_of(first);
    marking.rests_until = now + seconds(10);
    apply(marking);
    apply(verdict_of(first, message_status::sent));
    BOOST_TEST(due().empty());
    BOOST_TEST((store->next_due("default", now).value() == now + seconds(10)));
    lane_rest rest;
    rest.lane = conversation_a;
    rest.until = now + seconds(20);
    BOOST_TEST(apply(rest));
    now += seconds(19);
    BOOST_TEST(due().empty());
    clock_set_back step;
    step.now = step.latest = now;
    BOOST_TEST(!apply(step)); // no slice was full
    BOOST_TEST(due() == ids{second}, boost::test_tools::per_element());
    rest.lane = conversation_b;
    BOOST_TEST(!apply(rest));
    lane_rest fresh;
    fresh.lane = conversation_c;
    fresh.until = now + seconds(5);
    insert(conversation_c);
    BOOST_TEST(apply(fresh));
    BOOST_TEST(due(9, turn::youngest).empty());
}

BOOST_FIXTURE_TEST_CASE(a_lane_that_waits_for_somebody_has_turns_of_its_own, queue_fixture) {
    const auto waiting = insert(conversation_a);
    apply(mark_of(waiting));
    auto again = verdict_of(waiting, message_status::pending);
    again.error = errc::agent_not_connected;
    apply(again);
    const auto fresh = insert(conversation_b);
    BOOST_TEST(due() == ids{fresh}, boost::test_tools::per_element());
    BOOST_TEST(due(9, turn::waiting) == ids{waiting}, boost::test_tools::per_element());
    BOOST_TEST(due(9, turn::youngest) == ids{fresh}, boost::test_tools::per_element());
    BOOST_TEST(bookkeeping_fault(other) == "");
    bring_to(waiting, message_status::held);
    other.run("UPDATE messages SET status = 'pending' WHERE id = " + std::to_string(waiting));
    BOOST_TEST(due(9, turn::waiting).empty());
}

BOOST_FIXTURE_TEST_CASE(a_row_is_loaded_only_while_it_is_pending, queue_fixture) {
    const auto id = insert(conversation_a);
    BOOST_TEST(store->load(id).value().has_value());
    bring_to(id, message_status::sending);
    BOOST_TEST(!store->load(id).value().has_value());
    BOOST_TEST(!store->load(id + 1).value().has_value());
}

BOOST_FIXTURE_TEST_CASE(an_account_that_goes_from_the_configuration_is_unknown_at_once, queue_fixture) {
    configure({"default", "second"});
    const auto id = insert(conversation_a, "account", "'second'");
    const auto sending = insert(conversation_b, "account", "'second'");
    bring_to(sending, message_status::sending);
    configure({"default"});
    BOOST_TEST(store->hold_unknown_accounts(now).value() == 1);
    BOOST_TEST(field(id, "status") == "held");
    BOOST_TEST(field(sending, "status") == "sending");
}

BOOST_FIXTURE_TEST_CASE(names_that_producers_invent_neither_stay_nor_fill_the_metrics, queue_fixture) {
    other.run("BEGIN");
    for (int i = 0; i < 1000; ++i)
        insert(conversation_a, "account", "'typo" + std::to_string(i) + "'");
    other.run("COMMIT");
    const auto words =
        "INSERT INTO messages (conversation_id, text, account) VALUES ('" + conversation_a + "', 'x', '";
    BOOST_TEST(other.attempt(words + "one more')").find("rows name 1000 accounts") == 0U);
    BOOST_TEST(other.attempt(words + "typo7')") == "");
    BOOST_TEST(other.attempt(words + "default')") == "");
    const auto counts = store->counts().value();
    BOOST_REQUIRE(counts.size() == 2);
    BOOST_TEST(counts[0].account == "(not configured)");
    BOOST_TEST(counts[0].messages == 1001);
    other.run("DELETE FROM messages");
    for (int i = 0; i < 11; ++i)
        store->hold_unknown_accounts(now).value();
    BOOST_TEST(other.value("SELECT group_concat(DISTINCT account) FROM counters") == "default");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
