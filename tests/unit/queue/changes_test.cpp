// What each change writes, and that it writes nothing when the row is not as it expected.
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd::test {

using enum message_status;

BOOST_AUTO_TEST_SUITE(changes_)

BOOST_FIXTURE_TEST_CASE(a_row_that_its_owner_changed_since_it_was_loaded_is_not_marked, queue_fixture) {
    for (const auto* const change : {"text = 'other'", "variables = '{\"a\":1}'", "account = 'second'",
                                     "conversation_id = 'bbbbbbbb-0000-4000-8000-000000000002'"}) {
        const auto id = insert(conversation_a);
        auto loaded = mark_of(id);
        loaded.account = "default";
        loaded.lane = conversation_a;
        loaded.says = "hello";
        loaded.variables = "{}";
        other.run("UPDATE messages SET " + std::string(change) + " WHERE id = " + std::to_string(id));
        BOOST_TEST(!apply(loaded), change);
        BOOST_TEST(field(id, "status") == "pending");
        BOOST_TEST(apply(mark_of(id)), change); // as it is now
        BOOST_TEST(bookkeeping_fault(other) == "");
        apply(verdict_of(id, message_status::sent));
    }
}

BOOST_FIXTURE_TEST_CASE(a_mark_opens_an_attempt_that_tells_the_truth_if_we_crash_now, queue_fixture) {
    const auto id = insert(conversation_a);
    BOOST_TEST(apply(mark_of(id)));
    BOOST_TEST(field(id, "status || attempts || sent_text || sent_to") == "sending1hello" + conversation_a);
    BOOST_TEST(
        other.value("SELECT attempt || phase || outcome || route || conversation_id || communication_id || "
                    "(finished_at IS NULL) FROM attempts") ==
        "1writtenindeterminatemessage" + conversation_a + "communication1");
    const auto found = store->interrupted().value();
    BOOST_REQUIRE(found.size() == 1);
    BOOST_TEST(found[0].row.id == id);
    BOOST_TEST(found[0].row.attempts == 1);
    BOOST_TEST(found[0].row.sent_text.value() == "hello");
    BOOST_TEST(found[0].sent_to == conversation_a);
    BOOST_TEST(found[0].communication_id == "communication");
    BOOST_TEST(found[0].route == "message");
}

BOOST_FIXTURE_TEST_CASE(a_mark_that_comes_too_late_changes_nothing, queue_fixture) {
    const auto id = insert(conversation_a);
    BOOST_TEST(!apply(mark_of(id, 1)));
    BOOST_TEST(!apply(mark_of(id + 1)));
    other.run("UPDATE messages SET status = 'held'");
    BOOST_TEST(!apply(mark_of(id)));
    other.run("UPDATE messages SET status = 'pending', expires_at = created_at");
    BOOST_TEST(!apply(mark_of(id)));
    other.run("UPDATE messages SET expires_at = NULL, not_before = 1890000000000");
    BOOST_TEST(!apply(mark_of(id)));
    other.run("UPDATE messages SET not_before = NULL");
    insert(conversation_a, "created_at", "200000000000"); // it is in front now
    BOOST_TEST(!apply(mark_of(id)));
    BOOST_TEST(other.value("SELECT count(*) FROM attempts") == "0");
}

BOOST_FIXTURE_TEST_CASE(a_clock_that_was_set_back_leaves_no_row_waiting_but_for_its_own_time, queue_fixture) {
    const auto at = [](wall_time when) { return std::to_string(when.time_since_epoch().count()); };
    const auto fresh = insert(conversation_a);
    const auto scheduled = insert(conversation_b, "not_before", at(now + minutes(30)));
    const auto waiting = insert(conversation_c);
    apply(mark_of(waiting));
    auto again = verdict_of(waiting, pending);
    again.due_at = now + seconds(5);
    apply(again);
    clock_set_back step;
    step.now = step.latest = now - minutes(60 * 3);
    now = step.now;
    BOOST_TEST(due().empty());
    BOOST_TEST(!apply(step)); // nothing more to do
    BOOST_TEST((due() == std::vector{fresh, waiting}));
    BOOST_TEST(field(scheduled, "due_at") == field(scheduled, "not_before"));
    BOOST_TEST(bookkeeping_fault(other) == "");
}

BOOST_FIXTURE_TEST_CASE(a_clock_that_was_set_back_is_followed_in_slices, queue_fixture) {
    for (int row = 0; row < 151; ++row)
        insert(conversation_a);
    clock_set_back step;
    step.now = step.latest = now - minutes(60);
    BOOST_TEST(apply(step));
    BOOST_TEST(other.number("SELECT count(*) FROM messages WHERE due_at > " +
                            std::to_string(step.now.time_since_epoch().count())) == 1);
    BOOST_TEST(!apply(step));
    BOOST_TEST(bookkeeping_fault(other) == "");
}

BOOST_FIXTURE_TEST_CASE(a_message_that_was_sent_has_no_error_and_its_attempt_is_closed, queue_fixture) {
    const auto id = insert(conversation_a);
    apply(mark_of(id));
    auto end = verdict_of(id, sent);
    end.remote_message_id = "r1";
    end.remote_status = "queued";
    end.detail = "not stored";
    end.error = errc::timeout;
    end.attempt.correlation_id = "c1";
    BOOST_TEST(apply(end));
    BOOST_TEST(!apply(end));
    const auto when = std::to_string(now.time_since_epoch().count());
    BOOST_TEST(field(id, "sent_at || ',' || finished_at") == when + "," + when);
    BOOST_TEST(field(id, "coalesce(error, error_detail, 'none')") == "none");
    BOOST_TEST(field(id, "remote_message_id || remote_status || verified") == "r1queued0");
    BOOST_TEST(
        other.value("SELECT phase || http_status || outcome || coalesce(error, '-') || correlation_id || "
                    "(finished_at - started_at) FROM attempts") == "replied200accepted-c17");
}

BOOST_FIXTURE_TEST_CASE(a_verdict_fits_only_the_attempt_it_is_about, queue_fixture) {
    const auto id = insert(conversation_a);
    apply(mark_of(id));
    BOOST_TEST(!apply(verdict_of(id, sent, 2)));
    auto unmarked = verdict_of(id, failed, 1);
    unmarked.was_marked = false;
    BOOST_TEST(!apply(unmarked));
    BOOST_TEST(field(id, "status") == "sending");
    BOOST_TEST(other.value("SELECT count(*) FROM attempts WHERE finished_at IS NOT NULL") == "0");
}

BOOST_FIXTURE_TEST_CASE(a_try_that_does_not_count_is_given_back, queue_fixture) {
    const auto id = insert(conversation_a);
    apply(mark_of(id));
    auto throttled = verdict_of(id, pending);
    throttled.counts = false;
    BOOST_TEST(apply(throttled));
    BOOST_TEST(field(id, "attempts || ',' || deferrals || ',' || error") == "0,1,server_error");
    throttled.was_marked = false;
    throttled.attempts = 0;
    BOOST_TEST(apply(throttled));
    BOOST_TEST(field(id, "attempts || ',' || deferrals") == "0,2");
    throttled.counts = true;
    BOOST_TEST(apply(throttled));
    BOOST_TEST(field(id, "attempts || ',' || deferrals") == "1,0");
    BOOST_TEST(field(id, "sent_text") == "hello"); // frozen at the first attempt
    BOOST_TEST(other.value("SELECT count(*) FROM attempts WHERE finished_at IS NOT NULL") == "3");
}

BOOST_FIXTURE_TEST_CASE(a_retry_comes_not_before_what_an_operator_has_set_meanwhile, queue_fixture) {
    const auto id = insert(conversation_a);
    auto again = verdict_of(id, pending, 0);
    again.was_marked = false;
    other.run("UPDATE messages SET not_before = 1890000000000");
    BOOST_TEST(apply(again));
    BOOST_TEST(field(id, "due_at") == "1890000000000");
}

BOOST_FIXTURE_TEST_CASE(a_failure_before_the_mark_is_an_attempt_too_unless_none_was_made, queue_fixture) {
    const auto id = insert(conversation_a);
    auto end = verdict_of(id, failed, 0);
    end.was_marked = false;
    end.attempt.http_status = 0;
    end.attempt.phase = "not_connected";
    end.error = end.attempt.error = errc::dns;
    end.detail = "no such host";
    BOOST_TEST(apply(end));
    BOOST_TEST(field(id, "status || attempts || error || error_detail") == "failed1dnsno such host");
    BOOST_TEST(
        other.value("SELECT attempt || phase || coalesce(http_status, 'none') || error FROM attempts") ==
        "1not_connectednonedns");
    const auto second = insert(conversation_b);
    end.message_id = second;
    end.has_attempt = false;
    BOOST_TEST(apply(end));
    BOOST_TEST(field(second, "status || attempts") == "failed0");
    BOOST_TEST(other.value("SELECT count(*) FROM attempts") == "1");
}

BOOST_FIXTURE_TEST_CASE(a_doubt_closes_the_attempt_and_leaves_the_message_sending, queue_fixture) {
    const auto id = insert(conversation_a);
    apply(mark_of(id));
    doubt it;
    it.message_id = id;
    it.attempts = 1;
    it.attempt.finished_at = now + seconds(1);
    it.attempt.phase = "written";
    it.attempt.outcome = "indeterminate";
    it.attempt.error = errc::timeout;
    BOOST_TEST(apply(it));
    BOOST_TEST(!apply(it)); // none is open now
    BOOST_TEST(field(id, "status") == "sending");
    BOOST_TEST((store->first_doubt(id).value() == now));
    auto found = verdict_of(id, sent);
    found.verified = true;
    found.has_attempt = false;
    BOOST_TEST(apply(found));
    BOOST_TEST(other.value("SELECT outcome || error FROM attempts") == "indeterminatetimeout");
    BOOST_TEST(field(id, "verified") == "1");
}

BOOST_FIXTURE_TEST_CASE(the_first_doubt_is_that_of_the_earliest_attempt_whose_fate_is_not_known,
                        queue_fixture) {
    const auto id = insert(conversation_a);
    BOOST_TEST(!store->first_doubt(id).value());
    const auto first = now;
    apply(mark_of(id));
    auto again = verdict_of(id, pending);
    again.has_attempt = false;
    apply(again);
    now += seconds(9);
    apply(mark_of(id, 1));
    BOOST_TEST((store->first_doubt(id).value() == first));
}

BOOST_FIXTURE_TEST_CASE(answers_are_counted_of_tries_that_count_since_the_row_was_last_tried_anew,
                        queue_fixture) {
    const auto id = insert(conversation_a);
    const auto try_once = [&](int before, int http_status, bool counts) {
        apply(mark_of(id, before));
        auto told = verdict_of(id, pending);
        told.attempts = before + 1;
        told.counts = counts;
        told.attempt.http_status = http_status;
        BOOST_TEST(apply(told));
    };
    try_once(0, 500, true);
    try_once(1, 500, false); // gives its number back
    try_once(1, 409, true);
    BOOST_TEST(store->answers(id, 2, 500).value() == 1);
    BOOST_TEST(store->answers(id, 1, 409).value() == 0);
    BOOST_TEST(store->answers(id, 2, 409).value() == 1);
    BOOST_TEST(store->answers(id + 1, 2, 500).value() == 0);
    other.run("UPDATE messages SET status = 'cancelled'");
    other.run("UPDATE messages SET status = 'pending'");
    BOOST_TEST(store->answers(id, 0, 500).value() == 0);
    try_once(0, 503, true);
    BOOST_TEST(store->answers(id, 1, 500).value() == 0);
}

BOOST_FIXTURE_TEST_CASE(an_attempts_begin_is_kept_by_the_servers_clock_where_it_was_told, queue_fixture) {
    const auto id = insert(conversation_a);
    auto marking = mark_of(id);
    marking.started_at_server = now - std::chrono::hours(5);
    apply(marking);
    BOOST_TEST((store->first_doubt(id).value() == now - std::chrono::hours(5)));
    apply(verdict_of(id, sent));
    BOOST_TEST((store->spoken(conversation_a, now).value().at(0).started_at == now - std::chrono::hours(5)));
}

BOOST_FIXTURE_TEST_CASE(no_two_rows_own_one_message_of_genesys_and_the_batch_is_not_lost, queue_fixture) {
    const auto first = insert(conversation_a);
    const auto second = insert(conversation_b);
    apply(mark_of(first));
    apply(mark_of(second));
    auto one = verdict_of(first, sent);
    auto two = verdict_of(second, sent);
    one.remote_message_id = two.remote_message_id = "same";
    const std::vector<change> both{one, two};
    BOOST_TEST(store->apply(both).value() == (std::vector<bool>{true, true}));
    BOOST_TEST(field(first, "remote_message_id") == "same");
    BOOST_TEST(field(second, "status || ',' || coalesce(remote_message_id, 'none')") == "sent,none");
    const std::vector<std::string> asked{"other", "same"};
    BOOST_TEST(store->owned(asked).value() == std::vector<std::string>{"same"},
               boost::test_tools::per_element());

    remote_claim claim;
    claim.message_id = second;
    claim.remote_message_id = "same";
    BOOST_TEST(!apply(claim));
    claim.remote_message_id = "mine";
    BOOST_TEST(apply(claim));
    BOOST_TEST(!apply(claim));
    BOOST_TEST(field(second, "remote_message_id") == "mine");
}

BOOST_FIXTURE_TEST_CASE(a_message_accepted_without_an_id_is_known_by_its_conversation, queue_fixture) {
    const auto id = insert(conversation_a);
    bring_to(id, sent);
    const auto found = store->spoken(conversation_a, now).value();
    BOOST_REQUIRE(found.size() == 1);
    BOOST_TEST(found[0].id == id);
    BOOST_TEST(found[0].text == "hello");
    BOOST_TEST(found[0].remote_message_id.empty());
    BOOST_TEST((found[0].started_at == now));
    BOOST_TEST(store->spoken(conversation_b, now).value().empty());
}

BOOST_FIXTURE_TEST_CASE(a_message_with_an_id_is_of_interest_as_long_as_it_must_be_listed, queue_fixture) {
    const auto named = insert(conversation_a), unsure = insert(conversation_a);
    apply(mark_of(named));
    auto told = verdict_of(named, sent);
    told.remote_message_id = "r1";
    apply(told);
    apply(mark_of(unsure));
    apply(verdict_of(unsure, message_status::unconfirmed));
    const auto found = store->spoken(conversation_a, now).value();
    BOOST_REQUIRE(found.size() == 1);
    BOOST_TEST(found[0].remote_message_id == "r1");
    BOOST_TEST(store->spoken(conversation_a, now + milliseconds(1)).value().empty());
}

BOOST_FIXTURE_TEST_CASE(the_end_of_a_conversation_fails_all_that_wait_for_it, queue_fixture) {
    const auto first = insert(conversation_a);
    insert(conversation_a);
    const auto held = insert(conversation_a, "status", "'held'");
    const auto other_one = insert(conversation_b);
    bring_to(first, sending);
    lane_end it;
    it.lane = conversation_a;
    it.now = now;
    it.detail = "it has ended";
    auto end = verdict_of(first, failed);
    end.error = errc::conversation_ended;
    const std::vector<change> both{end, it};
    BOOST_TEST(store->apply(both).value() == (std::vector<bool>{true, true}));
    BOOST_TEST(
        other.value("SELECT count(*) FROM messages WHERE status = 'failed' AND error = 'conversation_ended' "
                    "AND finished_at IS NOT NULL") == "2");
    BOOST_TEST(field(held, "status") == "held");
    BOOST_TEST(field(other_one, "status") == "pending");
    BOOST_TEST(!apply(it));
    BOOST_TEST(bookkeeping_fault(other) == "");
}

BOOST_FIXTURE_TEST_CASE(a_conversation_that_is_closed_to_an_account_holds_that_accounts_rows, queue_fixture) {
    const auto first = insert(conversation_a);
    const auto second = insert(conversation_a);
    const auto others = insert(conversation_a, "account", "'other'");
    const auto elsewhere = insert(conversation_b);
    bring_to(first, sending);
    auto refused = verdict_of(first, held);
    refused.error = errc::forbidden;
    lane_hold it;
    it.lane = conversation_a;
    it.account = "default";
    it.detail = "the role needs more";
    const std::vector<change> both{refused, it};
    BOOST_TEST(store->apply(both).value() == (std::vector<bool>{true, true}));
    for (const auto id : {first, second})
        BOOST_TEST(field(id, "status || ' ' || error") == "held forbidden");
    BOOST_TEST(field(second, "error_detail") == "the role needs more");
    BOOST_TEST(field(second, "finished_at IS NULL AND attempts = 0") == "1");
    BOOST_TEST(field(others, "status") == "pending");
    BOOST_TEST(field(elsewhere, "status") == "pending");
    BOOST_TEST(!apply(it));
    BOOST_TEST(bookkeeping_fault(other) == "");
}

BOOST_FIXTURE_TEST_CASE(a_long_conversation_ends_in_slices, queue_fixture) {
    other.run("BEGIN");
    for (int i = 0; i < limit_rows + 1; ++i)
        insert(conversation_a);
    other.run("COMMIT");
    lane_end it;
    it.lane = conversation_a;
    it.now = now;
    BOOST_TEST(apply(it));
    BOOST_TEST(other.number("SELECT count(*) FROM messages WHERE status = 'failed'") == limit_rows);
    BOOST_TEST(other.value("SELECT max(id) FROM messages WHERE status = 'failed'") ==
               std::to_string(limit_rows)); // from the front
    BOOST_TEST(apply(it));
    BOOST_TEST(!apply(it));
}

BOOST_FIXTURE_TEST_CASE(an_accepted_message_is_followed_in_turn_until_it_is_delivered, queue_fixture) {
    std::vector<std::int64_t> ids;
    for (const auto& conversation : {conversation_a, conversation_b, conversation_c}) {
        ids.push_back(insert(conversation));
        apply(mark_of(ids.back()));
        auto end = verdict_of(ids.back(), sent);
        end.remote_message_id = "r" + std::to_string(ids.back());
        apply(end);
    }
    BOOST_TEST(store->followed("default", 2).value().at(1).id == ids[1]);
    BOOST_TEST(store->followed("default", 2).value().at(0).id == ids[2]);
    BOOST_TEST(store->followed("default", 2).value().at(0).id == ids[0]);
    remote_news news;
    news.message_id = ids[0];
    news.remote_status = "delivery-failed";
    news.detail = "blocked";
    BOOST_TEST(apply(news));
    BOOST_TEST(field(ids[0], "status || remote_status || error_detail || coalesce(error, '-')") ==
               "sentdelivery-failedblocked-");
    reopen();
    const auto left = store->followed("default", 10).value();
    BOOST_REQUIRE(left.size() == 2);
    BOOST_TEST(left[0].remote_message_id == "r" + std::to_string(ids[1]));
    BOOST_TEST(left[0].sent_to == conversation_a);
}

BOOST_FIXTURE_TEST_CASE(responses_are_anyones_to_write, queue_fixture) {
    BOOST_TEST((store->response("bye").value() == std::nullopt));
    other.run("INSERT INTO responses (name, text) VALUES ('bye', 'Good bye')");
    other.run(
        "INSERT OR REPLACE INTO responses (name, text, updated_at) VALUES ('bye', 'Good bye {{name}}', 5)");
    BOOST_TEST(store->response("bye").value().value() == "Good bye {{name}}");
    other.run("UPDATE responses SET text = 'x'");
    BOOST_TEST(other.number("SELECT updated_at FROM responses") > 5);
}

// changes starts at 1 again when retention has taken all of them.
BOOST_FIXTURE_TEST_CASE(what_people_did_is_told_once_also_after_retention, queue_fixture) {
    const auto first = insert(conversation_a);
    const auto second = insert(conversation_b);
    other.run("UPDATE messages SET status = 'held'");
    other.run("UPDATE accounts SET paused = 1");
    const auto told = store->take_operator_changes().value();
    BOOST_REQUIRE(told.size() == 2U);
    BOOST_TEST(told.front().id == first);
    BOOST_TEST(told.back().id == second);
    BOOST_TEST(told.back().lane == conversation_b);
    BOOST_TEST((told.back().to == message_status::held));
    BOOST_TEST(store->take_operator_changes().value().empty());
    retention_limits limits;
    store->purge(now + std::chrono::hours(24 * 365), limits, 100).value();
    BOOST_TEST(other.value("SELECT count(*) FROM changes") == "0");
    other.run("UPDATE messages SET status = 'cancelled' WHERE id = " + std::to_string(second));
    BOOST_TEST(store->take_operator_changes().value().size() == 1U);
    reopen();
    BOOST_TEST(store->take_operator_changes().value().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
