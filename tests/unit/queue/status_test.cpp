// Who may change a row's status from what to what, and what else changes with it.
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace cannedd::test {
namespace {

using enum message_status;
constexpr message_status every_status[] = {pending, sending,   sent, failed,
                                           expired, cancelled, held, unconfirmed};

const std::set<std::pair<message_status, message_status>> allowed{
    {held, pending},        {failed, pending},   {expired, pending},    {cancelled, pending},
    {unconfirmed, pending}, {unconfirmed, sent}, {unconfirmed, failed}, {pending, cancelled},
    {held, cancelled},      {pending, held},
};

std::string set_status(std::int64_t id, std::string_view to, const std::string& more = "") {
    return "UPDATE messages SET status = '" + std::string(to) + "'" + more +
           " WHERE id = " + std::to_string(id);
}

} // namespace

BOOST_AUTO_TEST_SUITE(status_)

BOOST_FIXTURE_TEST_CASE(an_operator_makes_exactly_the_changes_of_the_contract, queue_fixture) {
    for (const auto from : every_status) {
        for (const auto to : every_status) {
            if (from == to) continue;
            const auto id = insert(conversation_a);
            bring_to(id, from);
            BOOST_REQUIRE(field(id, "status") == name_of(from));
            const auto refusal = other.attempt(set_status(id, name_of(to)));
            BOOST_TEST_CONTEXT(name_of(from) << " -> " << name_of(to)) {
                BOOST_TEST(refusal.empty() == allowed.contains({from, to}));
                BOOST_TEST((refusal.empty() || refusal.size() > 25)); // a sentence
                BOOST_TEST(field(id, "status") == name_of(refusal.empty() ? to : from));
                const bool over =
                    (refusal.empty() ? to : from) != pending && (refusal.empty() ? to : from) != sending &&
                    (refusal.empty() ? to : from) != held && (refusal.empty() ? to : from) != unconfirmed;
                BOOST_TEST((field(id, "finished_at") != "NULL") == over);
                BOOST_TEST(bookkeeping_fault(other) == "");
            }
            if (field(id, "status") == "sending") apply(verdict_of(id, sent));
            if (field(id, "status") == "pending")
                other.run("DELETE FROM messages WHERE id = " + std::to_string(id));
        }
    }
}

BOOST_FIXTURE_TEST_CASE(the_daemon_makes_changes_that_nobody_else_may, queue_fixture) {
    const auto id = insert(conversation_a);
    BOOST_TEST(apply(mark_of(id)));
    BOOST_TEST(field(id, "status") == "sending");
    BOOST_TEST(apply(verdict_of(id, pending)));
    BOOST_TEST(apply(mark_of(id, 1)));
    BOOST_TEST(apply(verdict_of(id, unconfirmed, 2)));
    BOOST_TEST(field(id, "status") == "unconfirmed");
}

BOOST_FIXTURE_TEST_CASE(a_replay_starts_afresh, queue_fixture) {
    for (const auto from : {failed, expired, unconfirmed}) {
        const auto id = insert(conversation_a, "priority", "3");
        apply(mark_of(id));
        auto end = verdict_of(id, from);
        end.detail = "why";
        end.remote_message_id = "remote-" + std::string(name_of(from));
        end.remote_status = "queued";
        end.verified = true;
        BOOST_TEST(apply(end));
        const auto before = wall_now().time_since_epoch().count();
        other.run(set_status(id, "pending"));
        BOOST_TEST(field(id, "attempts || ',' || verified || ',' || deferrals || ',' || priority") ==
                   "0,0,0,3");
        for (const auto* const column : {"error", "error_detail", "sent_text", "sent_at", "finished_at",
                                         "remote_message_id", "remote_status", "sent_to"})
            BOOST_TEST(field(id, column) == "NULL");
        BOOST_TEST(std::stoll(field(id, "due_at")) >= before - 1);
        BOOST_TEST(std::stoll(field(id, "due_at")) <= wall_now().time_since_epoch().count() + 1);
        other.run("DELETE FROM messages");
    }
}

BOOST_FIXTURE_TEST_CASE(a_held_row_that_was_tried_is_replayed_like_any_other, queue_fixture) {
    const auto id = insert(conversation_a);
    bring_to(id, held);
    other.run(set_status(id, "pending"));
    apply(mark_of(id));
    apply(verdict_of(id, held));
    BOOST_TEST(field(id, "attempts || error") == "1server_error");
    other.run(set_status(id, "pending"));
    BOOST_TEST(field(id, "attempts || ',' || coalesce(error, '-') || coalesce(sent_text, '-')") == "0,--");
}

BOOST_FIXTURE_TEST_CASE(a_replay_renews_an_expiry_that_has_passed_unless_it_is_set_along_with_it,
                        queue_fixture) {
    const auto passed = insert(conversation_a, "created_at, expires_at", "100000000000, 100000000000");
    store->expire(now, 10).value();
    BOOST_TEST(field(passed, "status") == "expired");
    const auto in_an_hour = [] { return (wall_now() + std::chrono::hours(1)).time_since_epoch().count(); };
    const auto earliest = in_an_hour() - 1; // SQLite rounds
    other.run(set_status(passed, "pending"));
    const auto renewed = std::stoll(field(passed, "expires_at"));
    BOOST_TEST(renewed >= earliest);
    BOOST_TEST(renewed <= in_an_hour() + 1);

    other.run(set_status(passed, "cancelled"));
    other.run(set_status(passed, "pending", ", expires_at = 1900000000000, not_before = 1890000000000"));
    BOOST_TEST(field(passed, "expires_at || ',' || due_at") == "1900000000000,1890000000000");

    const auto running = insert(conversation_b, "expires_at", "1900000000000");
    other.run(set_status(running, "held"));
    other.run(set_status(running, "pending"));
    BOOST_TEST(field(running, "expires_at") == "1900000000000");
}

BOOST_FIXTURE_TEST_CASE(an_operator_who_knows_that_it_arrived_makes_an_unconfirmed_row_sent, queue_fixture) {
    const auto id = insert(conversation_a);
    bring_to(id, unconfirmed);
    other.run(set_status(id, "sent"));
    BOOST_TEST(field(id, "error") == "NULL");
    BOOST_TEST(field(id, "sent_at") != "NULL");
    BOOST_TEST(field(id, "sent_text") == "hello");
}

BOOST_FIXTURE_TEST_CASE(what_a_row_says_is_fixed_once_it_was_tried, queue_fixture) {
    const std::string where = " WHERE id = ";
    const auto id = insert(conversation_a);
    const auto here = std::to_string(id);
    other.run("UPDATE messages SET text = 'other', tag = 't', conversation_id = '" + conversation_b + "'" +
              where + here);
    BOOST_TEST(bookkeeping_fault(other) == "");
    apply(mark_of(id));
    apply(verdict_of(id, pending));
    for (const auto* const change :
         {"account = 'x'", "route = 'chat'", "conversation_id = NULL", "agent_id = NULL, text = 'y'",
          "response = 'r', text = NULL", "variables = '{\"a\":1}'", "dedup_key = 'd'", "tag = NULL"})
        BOOST_TEST(other.attempt(std::string("UPDATE messages SET ") + change + where + here) ==
                   "the row has been tried, so what it says and where it goes are fixed: insert a new row");
    other.run("UPDATE messages SET priority = 9, not_before = 1890000000000, expires_at = 1900000000000" +
              where + here);
    BOOST_TEST(field(id, "priority || ',' || due_at || ',' || expires_at") ==
               "9,1890000000000,1900000000000");
    BOOST_TEST(bookkeeping_fault(other) == "");
}

BOOST_FIXTURE_TEST_CASE(the_schedule_of_a_row_that_is_over_is_fixed, queue_fixture) {
    const auto id = insert(conversation_a);
    bring_to(id, sent);
    BOOST_TEST(other.attempt("UPDATE messages SET priority = 1") ==
               "priority, not_before and expires_at can change while the row is pending or held, or in the "
               "UPDATE that sets it to pending; expires_at also while it is being sent");
    const auto flies = insert(conversation_b);
    bring_to(flies, sending);
    const auto where = " WHERE id = " + std::to_string(flies);
    BOOST_TEST(other.attempt("UPDATE messages SET priority = 1" + where) != "");
    BOOST_TEST(other.attempt("UPDATE messages SET not_before = 1900000000000" + where) != "");
    other.run("UPDATE messages SET expires_at = 1990000000000" + where); // it may come back
    apply(verdict_of(flies, pending));
    BOOST_TEST(field(flies, "status || expires_at") == "pending1990000000000");
    BOOST_TEST(bookkeeping_fault(other) == "");
}

BOOST_FIXTURE_TEST_CASE(a_new_not_before_moves_a_row_but_never_shortens_a_retrys_pause, queue_fixture) {
    const auto id = insert(conversation_a, "not_before", "1890000000000");
    other.run("UPDATE messages SET not_before = NULL");
    BOOST_TEST(field(id, "due_at - created_at") == "0");
    apply(mark_of(id));
    auto later = verdict_of(id, pending);
    later.due_at = now + minutes(5);
    apply(later);
    other.run("UPDATE messages SET not_before = 100000000000");
    BOOST_TEST(field(id, "due_at") == std::to_string(later.due_at.time_since_epoch().count()));
}

BOOST_FIXTURE_TEST_CASE(a_row_that_waits_only_for_its_not_before_can_be_brought_forward, queue_fixture) {
    const auto id = insert(conversation_a);
    apply(mark_of(id));
    apply(verdict_of(id, pending));
    other.run("UPDATE messages SET not_before = 1890000000000");
    BOOST_TEST(field(id, "due_at") == "1890000000000");
    other.run("UPDATE messages SET not_before = 100000000000");
    BOOST_TEST(field(id, "due_at") == "100000000000");
}

BOOST_FIXTURE_TEST_CASE(the_daemons_columns_are_refused_to_others, queue_fixture) {
    insert(conversation_a);
    for (const auto* const change :
         {"due_at = 1", "attempts = 7", "sent_text = 'x'", "sent_at = 1", "finished_at = 1",
          "remote_message_id = 'r'", "remote_status = 's'", "verified = 1", "error = 'e'",
          "error_detail = 'd'", "deferrals = 1", "sent_to = 'x'", "said_before = 'x'", "created_at = 5"})
        BOOST_TEST(
            other.attempt(std::string("UPDATE messages SET ") + change).find("are written by the daemon") !=
            std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_row_that_is_being_sent_cannot_be_deleted, queue_fixture) {
    const auto id = insert(conversation_a);
    bring_to(id, sending);
    BOOST_TEST(other.attempt("DELETE FROM messages") ==
               "the row is being sent: wait until the daemon has recorded how that ended");
    apply(verdict_of(id, sent));
    other.run("DELETE FROM messages");
    BOOST_TEST(other.value("SELECT count(*) FROM attempts") == "0");
}

BOOST_FIXTURE_TEST_CASE(attempts_and_accounts_are_the_daemons_but_for_the_switch_paused, queue_fixture) {
    const auto id = insert(conversation_a);
    bring_to(id, sent);
    BOOST_TEST(other.attempt("DELETE FROM attempts") != "");
    BOOST_TEST(other.attempt("UPDATE attempts SET outcome = 'x'") != "");
    BOOST_TEST(
        other.attempt(
            "INSERT INTO attempts (message_id, attempt, started_at, phase, outcome) VALUES (1,1,1,'','')") !=
        "");
    BOOST_TEST(other.attempt("INSERT INTO accounts (account) VALUES ('x')") != "");
    BOOST_TEST(other.attempt("DELETE FROM accounts") != "");
    BOOST_TEST(other.attempt("UPDATE accounts SET tokens = 9") ==
               "only paused and paused_reason of an account are yours to change");
    BOOST_TEST(other.attempt("UPDATE accounts SET paused = 2") ==
               "CHECK constraint failed: paused must be 0 or 1");
    other.run("UPDATE accounts SET paused = 1");
    BOOST_TEST(other.value("SELECT paused_reason FROM accounts") == "paused by the operator");
    other.run("UPDATE accounts SET paused = 0");
    BOOST_TEST(other.value("SELECT paused_reason FROM accounts") == "NULL");
    other.run("UPDATE accounts SET paused = 1, paused_reason = 'holidays'");
    BOOST_TEST(other.value("SELECT paused_reason FROM accounts") == "holidays");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
