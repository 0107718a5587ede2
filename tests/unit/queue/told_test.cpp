// What an auditor must find in the views although a person decided: what may have been read stays told, and
// what was not delivered is not told as said. And an operator: that the service is stopped.
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd::test {
namespace {

using enum message_status;

struct told_fixture : queue_fixture {
    std::int64_t unproven(const std::string& text) {
        const auto id = insert(conversation_a, "tag, expires_at", "'" + text + "', 1990000000000");
        auto doubt = mark_of(id);
        doubt.text = text;
        apply(doubt);
        auto end = verdict_of(id, unconfirmed);
        end.error = errc::unconfirmed;
        end.attempt.outcome = "indeterminate";
        apply(end);
        return id;
    }
    void set(std::int64_t id, message_status to) {
        other.run("UPDATE messages SET status = '" + std::string(name_of(to)) +
                  "' WHERE id = " + std::to_string(id));
    }
    void send(std::int64_t id, const std::string& text, message_status end = sent) {
        now = wall_now() + minutes(2);
        auto again = mark_of(id);
        again.text = text;
        apply(again);
        apply(verdict_of(id, end));
    }
    std::string told(std::int64_t id, const std::string& columns) {
        return other.value("SELECT " + columns + " FROM queue_told WHERE id = " + std::to_string(id));
    }
    std::string why(std::int64_t id, const std::string& column) {
        return other.value("SELECT " + column + " FROM queue_why WHERE id = " + std::to_string(id));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(told_, told_fixture)

BOOST_AUTO_TEST_CASE(two_wordings_of_one_message_are_both_told) {
    const auto id = unproven("until six");
    set(id, pending);
    BOOST_TEST(told(id, "times || '|' || text") == "in doubt|until six");
    send(id, "until seven", unconfirmed);
    BOOST_TEST(told(id, "times || '|' || text || '|' || said_before") == "in doubt|until seven|until six");
    set(id, pending);
    send(id, "until eight");
    BOOST_TEST(told(id, "times || '|' || text || '|' || said_before") ==
               "perhaps twice|until eight|until six\nuntil seven");
}

BOOST_AUTO_TEST_CASE(one_wording_said_twice_is_told_once) {
    const auto id = unproven("until six");
    set(id, pending);
    send(id, "until six");
    BOOST_TEST(told(id, "times || '|' || text") == "perhaps twice|until six");
    BOOST_TEST(told(id, "said_before") == "NULL");
    BOOST_TEST(other.value("SELECT count(*) FROM queue_told") == "1");
}

BOOST_AUTO_TEST_CASE(what_a_person_set_to_failed_may_have_been_read) {
    const auto id = unproven("until six");
    set(id, failed);
    BOOST_TEST(told(id, "times || '|' || how || '|' || text") == "in doubt|by hand|until six");
    BOOST_TEST(told(id, "told_at") != "NULL");
    const auto problem = [&](const std::string& column) {
        return other.value("SELECT " + column + " FROM queue_problems");
    };
    BOOST_TEST(problem("replay") == "NULL");
    BOOST_TEST(problem("what_to_do").starts_with("an earlier try may have been read (queue_told)"),
               problem("what_to_do"));
    set(id, pending);
    send(id, "until six", failed); // a verdict: this try did not arrive, of the first nobody knows
    BOOST_TEST(told(id, "times") == "in doubt");
    BOOST_TEST(problem("replay") == "NULL");
}

BOOST_AUTO_TEST_CASE(what_failed_for_certain_is_not_told_and_may_be_replayed) {
    const auto id = insert(conversation_a, "tag", "'x'");
    bring_to(id, failed);
    BOOST_TEST(other.value("SELECT count(*) FROM queue_told") == "0");
    BOOST_TEST(other.value("SELECT replay FROM queue_problems") ==
               "UPDATE messages SET status = 'pending' WHERE id = " + std::to_string(id) + ";");
}

BOOST_AUTO_TEST_CASE(what_was_accepted_and_not_delivered_is_no_telling) {
    const auto id = insert(conversation_a, "tag", "'x'");
    bring_to(id, sent);
    BOOST_TEST(told(id, "times || '|' || how") == "once|answered");
    BOOST_TEST(why(id, "why") == "");
    apply(remote_news{.message_id = id, .remote_status = "delivery-failed", .detail = "no such number"});
    BOOST_TEST(told(id, "times || '|' || how") == "not delivered|answered");
    BOOST_TEST(why(id, "why || '|' || detail") == "sent: accepted, and not delivered|no such number");
    BOOST_TEST(why(id, "what_to_do").starts_with("Genesys took it and could not deliver it."));
    const auto statement = why(id, "substr(what_to_do, instr(what_to_do, 'INSERT'))");
    other.run(statement);
    other.run(statement); // once is enough
    BOOST_TEST(other.value("SELECT count(*) FROM messages WHERE status = 'pending'") == "1");
}

BOOST_AUTO_TEST_CASE(what_would_end_the_same_way_is_told_with_the_statement_for_a_new_row) {
    const auto id = insert(conversation_a, "tag", "'x'");
    apply(mark_of(id));
    auto end = verdict_of(id, failed);
    end.error = errc::text_too_long;
    apply(end);
    other.run(other.value("SELECT substr(what_to_do, instr(what_to_do, 'INSERT')) FROM queue_problems"));
    BOOST_TEST(other.value("SELECT text || tag || dedup_key FROM messages WHERE status = 'pending'") ==
               "hellox"
               "again-" +
                   std::to_string(id));
}

BOOST_AUTO_TEST_CASE(a_stop_of_the_service_is_told_at_once) {
    const auto flies = insert(conversation_a);
    bring_to(flies, sending);
    const auto behind = insert(conversation_a);
    const auto waits = insert(conversation_b);
    BOOST_TEST(why(waits, "why") == "due");
    apply(service_stop{.now = wall_time(milliseconds(1890000000000))});
    const std::string stopped = "the service was stopped at 2029-11-22 00:00:00";
    BOOST_TEST(why(waits, "why") == stopped);
    BOOST_TEST(why(waits, "since || '|' || what_to_do") == "2029-11-22 00:00:00|systemctl start cannedd");
    BOOST_TEST(why(flies, "why") == stopped + ": in doubt, and read back when it runs");
    BOOST_TEST(why(behind, "why") == "behind " + std::to_string(flies) + ", which is being sent");
    BOOST_TEST(other.value("SELECT coalesce(empty_at, '-') || note FROM queue_eta") ==
               "-" + stopped + ": systemctl start cannedd");
    configure({"default"});
    BOOST_TEST(why(waits, "why") == "due");
    BOOST_TEST(other.attempt("UPDATE service SET stopped_at = 1") ==
               "service is written by the daemon alone");
}

BOOST_AUTO_TEST_CASE(failures_in_a_row_are_no_pace) {
    insert(conversation_a);
    account_memory memory;
    memory.account = "default";
    memory.balance = 5;
    memory.breaker_failures = 3;
    apply(memory);
    BOOST_TEST(other.value("SELECT coalesce(empty_at, '-') || note FROM queue_eta") ==
               "-API or network failed 3 times in a row: no time can be told; see systemctl status cannedd");
}

BOOST_AUTO_TEST_CASE(a_backlog_that_has_just_begun_shows_no_pace) {
    now = wall_now() + seconds(2);
    bring_to(insert(conversation_b), sent); // one in ten seconds, of which nine were idle
    for (int i = 0; i < 30; ++i)
        insert(conversation_a);
    BOOST_TEST(other.value("SELECT seconds || '|' || note FROM queue_eta") ==
               "6|at the soonest: due for less than 10 s, which shows no pace");
}

BOOST_AUTO_TEST_CASE(what_is_in_doubt_is_told_beside_the_time) {
    const auto doubtful = insert(conversation_a, "created_at",
                                 std::to_string((wall_now() - seconds(20)).time_since_epoch().count()));
    for (int i = 0; i < 30; ++i)
        insert(conversation_b, "created_at",
               std::to_string((wall_now() - seconds(20)).time_since_epoch().count()));
    now = wall_now() + seconds(2);
    for (int i = 0; i < 30; ++i)
        bring_to(insert(conversation_c), sent);
    bring_to(doubtful, sending);
    const auto note = [&] { return other.value("SELECT coalesce(note, '') FROM queue_eta"); };
    BOOST_TEST(note() == "");
    apply(doubt{.message_id = doubtful, .attempts = 1, .attempt = verdict_of(doubtful, unconfirmed).attempt});
    BOOST_TEST(
        note() ==
        "at the soonest: 1 is in doubt and read back first; what is behind in the same conversation waits");
}

BOOST_AUTO_TEST_CASE(many_in_one_conversation_take_their_turns) {
    store
        ->register_accounts(std::vector<account_registration>{{.account = "default",
                                                               .expire_after = std::chrono::hours(1),
                                                               .requests_per_minute = 300,
                                                               .conversation_per_minute = 30}})
        .value();
    const auto eta = [&] { return other.value("SELECT seconds || '|' || note FROM queue_eta"); };
    for (int i = 0; i < 40; ++i)
        insert(conversation_a);
    BOOST_TEST(eta() == "80|at the soonest: nothing was sent yet");
    now = wall_now() + seconds(2);
    for (int i = 0; i < 40; ++i)
        bring_to(insert(conversation_b), sent);
    BOOST_TEST(eta() == "80|40 wait for one conversation, which takes 30 a minute");
    bring_to(1, sending);
    BOOST_TEST(eta() == "78|39 wait for one conversation, which takes 30 a minute");
}

BOOST_AUTO_TEST_CASE(a_stop_while_it_is_being_sent_is_told_with_what_it_waits_for) {
    const auto id = insert(conversation_a);
    bring_to(id, sending);
    other.run("UPDATE messages SET stop = 'cancelled'");
    BOOST_TEST(why(id, "why") == "being sent; cancelled if it did not arrive");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
