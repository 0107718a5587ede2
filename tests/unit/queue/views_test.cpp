// The views that people read.
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd::test {
namespace {

std::string why(queue_fixture& queue, std::int64_t id) {
    return queue.other.value("SELECT why FROM queue_due WHERE id = " + std::to_string(id));
}

std::string told(queue_fixture& queue, std::int64_t id, const std::string& column) {
    return queue.other.value("SELECT " + column + " FROM queue_why WHERE id = " + std::to_string(id));
}

std::string at(wall_time moment) {
    return std::to_string(moment.time_since_epoch().count());
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

BOOST_FIXTURE_TEST_CASE(a_row_in_doubt_for_good_leaves_the_choice_to_a_person, queue_fixture) {
    const auto id = insert(conversation_a);
    bring_to(id, message_status::unconfirmed);
    BOOST_TEST(other.value("SELECT replay FROM queue_problems") == "NULL");
    const auto words = other.value("SELECT what_to_do FROM queue_problems");
    const auto here = " WHERE id = " + std::to_string(id) + ";";
    BOOST_TEST(words.find("It is there: UPDATE messages SET status = 'sent'" + here) != std::string::npos,
               words);
    BOOST_TEST(words.find("It is not: UPDATE messages SET status = 'pending'" + here) != std::string::npos,
               words);
    BOOST_TEST(told(*this, id, "what_to_do") == words);
    for (const std::string choice : {"It is not: ", "It is there: "}) {
        const auto from = words.find(choice) + choice.size();
        other.run("BEGIN; " + words.substr(from, words.find(';', from) - from) + "; ROLLBACK;");
    }
}

BOOST_FIXTURE_TEST_CASE(what_was_accepted_and_not_delivered_is_a_problem_and_can_be_said_again_once,
                        queue_fixture) {
    const auto id = insert(conversation_a, "tag, expires_at", "'mine', 1990000000000");
    bring_to(id, message_status::sent);
    BOOST_TEST(other.value("SELECT count(*) FROM queue_problems") == "0");
    apply(remote_news{.message_id = id, .remote_status = "delivery-failed", .detail = "no such number"});
    BOOST_TEST(
        other.value("SELECT id || '|' || status || '|' || error || '|' || detail FROM queue_problems") ==
        std::to_string(id) + "|sent|delivery-failed|no such number");
    const auto words = other.value("SELECT what_to_do FROM queue_problems");
    const auto again = words.substr(words.find("INSERT"));
    other.run(again);
    other.run(again);
    BOOST_TEST(other.value("SELECT count(*) || text || tag FROM messages WHERE status = 'pending'") ==
               "1hellomine");
}

BOOST_FIXTURE_TEST_CASE(told_is_what_was_said_in_a_conversation_when_and_whether_once, queue_fixture) {
    const auto row = [&](std::int64_t id) {
        return other.value(
            "SELECT conversation || '|' || times || '|' || coalesce(how, '') || '|' || told_at || "
            "'|' || text || '|' || tag FROM queue_told WHERE conversation = '" +
            conversation_a + "' AND id = " + std::to_string(id));
    };
    const auto in_doubt = [&](std::int64_t id) {
        now = wall_time(milliseconds(1890000000000));
        apply(mark_of(id));
        doubt unsure;
        unsure.message_id = id;
        unsure.attempts = 1;
        unsure.attempt.finished_at = now;
        unsure.attempt.phase = "written";
        unsure.attempt.outcome = "indeterminate";
        unsure.attempt.error = errc::timeout;
        apply(unsure);
    };
    const auto decide = [&](std::int64_t id, message_status to, bool verified) {
        now = wall_time(milliseconds(1890000060000));
        auto found = verdict_of(id, to);
        found.has_attempt = false;
        found.verified = verified;
        apply(found);
    };
    const auto doubtful = conversation_a + "|in doubt||2029-11-22 00:00:00|hello|mine";
    const auto answered = insert(conversation_a, "tag, expires_at", "'mine', 1990000000000");
    BOOST_TEST(row(answered) == "");
    now = wall_time(milliseconds(1890000000000));
    bring_to(answered, message_status::sending);
    BOOST_TEST(row(answered) == ""); // nobody doubts it yet
    apply(verdict_of(answered, message_status::sent));
    BOOST_TEST(row(answered) == conversation_a + "|once|answered|2029-11-22 00:00:00|hello|mine");

    const auto found = insert(conversation_a, "tag, expires_at", "'mine', 1990000000000");
    in_doubt(found);
    BOOST_TEST(row(found) == doubtful);
    decide(found, message_status::sent, true);
    BOOST_TEST(row(found) == conversation_a + "|once|read back|2029-11-22 00:00:00|hello|mine");

    const auto by_hand = insert(conversation_a, "tag, expires_at", "'mine', 1990000000000");
    in_doubt(by_hand);
    decide(by_hand, message_status::unconfirmed, false);
    BOOST_TEST(row(by_hand) == doubtful);
    other.run("UPDATE messages SET status = 'sent' WHERE id = " + std::to_string(by_hand));
    BOOST_TEST(row(by_hand) == conversation_a + "|once|by hand|2029-11-22 00:00:00|hello|mine");

    const auto again = insert(conversation_a, "tag, expires_at", "'mine', 1990000000000");
    in_doubt(again);
    decide(again, message_status::unconfirmed, false);
    other.run("UPDATE messages SET status = 'pending' WHERE id = " + std::to_string(again));
    BOOST_TEST(row(again) == conversation_a + "|in doubt|by hand|2029-11-22 00:00:00|hello|mine");
    bring_to(again, message_status::sent);
    BOOST_TEST(row(again) == conversation_a + "|perhaps twice|answered|2029-11-22 00:01:00|hello|mine");
    BOOST_TEST(other.value("SELECT count(*) FROM queue_told") == "4");
}

BOOST_FIXTURE_TEST_CASE(why_tells_of_each_row_that_was_not_sent_what_it_waits_for, queue_fixture) {
    const auto first = insert(conversation_a);
    const auto second = insert(conversation_a);
    const auto planned = insert(conversation_b, "not_before, expires_at", "1890000000000, 1890000099000");
    BOOST_TEST(told(*this, first, "why") == "due");
    BOOST_TEST(told(*this, second, "why") == "behind " + std::to_string(first));
    BOOST_TEST(told(*this, second, "what_to_do") ==
               "SELECT * FROM queue_why WHERE id = " + std::to_string(first) + ";");
    BOOST_TEST(told(*this, planned, "why") == "scheduled for 2029-11-22 00:00:00");
    BOOST_TEST(told(*this, planned, "what_to_do") ==
               "nothing; to send it now: UPDATE messages SET not_before = NULL WHERE id = " +
                   std::to_string(planned) + ";");
    account_memory memory;
    memory.account = "default";
    memory.balance = 0.5;
    apply(memory);
    BOOST_TEST(told(*this, first, "why") == "rate: the budget is spent and comes back all the time");
    BOOST_TEST(told(*this, first, "what_to_do") == "nothing: it goes on by itself");
    memory.balance = 5;
    memory.blocked_until = wall_time(milliseconds(1890000000000));
    apply(memory);
    BOOST_TEST(told(*this, first, "why") == "rate: nothing leaves before 2029-11-22 00:00:00");
    const std::string sooner =
        "nothing: it goes on by itself; to let one request try sooner: UPDATE accounts SET paused = 1 WHERE "
        "account = 'default'; and 2 s later: UPDATE accounts SET paused = 0 WHERE account = 'default';";
    BOOST_TEST(told(*this, first, "what_to_do") == sooner);
    memory.breaker = "open";
    memory.breaker_until = wall_time(milliseconds(1890000000000));
    apply(memory);
    BOOST_TEST(told(*this, first, "why") ==
               "breaker: API or network failed, one request tries them at 2029-11-22 00:00:00");
    BOOST_TEST(told(*this, first, "what_to_do") == sooner);
    other.run("UPDATE accounts SET paused = 1, paused_reason = 'the client was refused'");
    for (const auto id : {first, second, planned})
        BOOST_TEST(told(*this, id, "why") == "paused: the client was refused");
    BOOST_TEST(told(*this, first, "what_to_do") ==
               "when that is mended: UPDATE accounts SET paused = 0 WHERE account = 'default';");
    BOOST_TEST(told(*this, first, "since") == other.value("SELECT changed FROM queue_changes"));
}

BOOST_FIXTURE_TEST_CASE(why_tells_of_a_try_that_it_is_under_way_in_doubt_or_to_come, queue_fixture) {
    const auto first = insert(conversation_a, "expires_at", "1990000000000");
    const auto second = insert(conversation_a);
    bring_to(first, message_status::sending);
    BOOST_TEST(told(*this, first, "why") == "being sent");
    BOOST_TEST(told(*this, second, "why") == "behind " + std::to_string(first) + ", which is being sent");
    doubt unsure;
    unsure.message_id = first;
    unsure.attempts = 1;
    unsure.attempt = verdict_of(first, message_status::unconfirmed).attempt;
    unsure.attempt.error = errc::timeout;
    apply(unsure);
    BOOST_TEST(told(*this, first, "why") == "in doubt: timeout, it is read back");
    BOOST_TEST(told(*this, first, "since") ==
               other.value("SELECT datetime(finished_at / 1000, 'unixepoch') FROM attempts"));
    auto again = verdict_of(first, message_status::pending);
    again.due_at = wall_time(milliseconds(1890000000000));
    again.has_attempt = false;
    apply(again);
    BOOST_TEST(told(*this, first, "why") == "tried again at 2029-11-22 00:00:00: server_error");
    BOOST_TEST(told(*this, second, "why") ==
               "behind " + std::to_string(first) + ", which goes at 2029-11-22 00:00:00 (server_error)");
}

BOOST_FIXTURE_TEST_CASE(why_tells_how_a_row_ended_and_nothing_of_one_that_was_sent, queue_fixture) {
    const auto sent = insert(conversation_a);
    bring_to(sent, message_status::sent);
    const auto failed = insert(conversation_a);
    bring_to(failed, message_status::failed);
    const auto held = insert(conversation_b);
    bring_to(held, message_status::held);
    const auto strange = insert(conversation_c, "account", "'it''s gone'");
    BOOST_TEST(other.value("SELECT count(*) FROM queue_why") == "3");
    BOOST_TEST(told(*this, sent, "why") == "");
    BOOST_TEST(told(*this, failed, "why") == "failed: server_error");
    BOOST_TEST(told(*this, failed, "since") ==
               other.value("SELECT finished FROM queue_problems WHERE status = 'failed'"));
    BOOST_TEST(told(*this, held, "why") == "held by a person");
    BOOST_TEST(told(*this, held, "since") == other.value("SELECT changed FROM queue_changes"));
    BOOST_TEST(told(*this, strange, "why") == "its account is not configured");
    other.run(told(*this, held, "substr(what_to_do, instr(what_to_do, 'UPDATE'))"));
    BOOST_TEST(field(held, "status") == "pending");
    other.run(told(*this, strange, "substr(what_to_do, instr(what_to_do, 'UPDATE'))"));
    BOOST_TEST(field(strange, "account") == "default");
}

BOOST_FIXTURE_TEST_CASE(eta_is_what_is_really_sent_at_most_the_rate_and_nothing_while_paused, queue_fixture) {
    const auto eta = [&](const std::string& columns) {
        return other.value("SELECT " + columns + " FROM queue_eta");
    };
    const auto backlog = [&](int rows, wall_time since) {
        for (int i = 0; i < rows; ++i)
            insert(conversation_a, "created_at", at(since));
    };
    const auto lasts = [&](std::int64_t expected) { // the clock goes on meanwhile
        return std::abs(std::stoll(eta("seconds")) - expected) <= 1;
    };
    backlog(30, wall_now() - seconds(10));
    BOOST_TEST(eta("pending, sent_per_minute, at_most_per_minute, seconds, note") ==
               "30|0.0|300|6|at the soonest: nothing was sent yet");
    // Ten sent in the ten seconds that are looked at, at the least: 60 a minute.
    now = wall_now() + seconds(2);
    for (int i = 0; i < 10; ++i)
        bring_to(insert(conversation_b), message_status::sent);
    BOOST_TEST(eta("sent_per_minute BETWEEN 50 AND 60") == "1"); // on a busy machine it goes on for longer
    BOOST_TEST(lasts(30));
    other.run("UPDATE accounts SET paused = 1");
    BOOST_TEST(eta("seconds, empty_at, note") == "NULL|NULL|paused: no time can be told");
    other.run("UPDATE accounts SET paused = 0");
    insert(conversation_c, "not_before, expires_at", at(wall_now() + minutes(10)) + ", 1990000000000");
    BOOST_TEST(lasts(30));
    const auto last =
        "the last for " + other.value("SELECT datetime(max(not_before) / 1000, 'unixepoch') FROM messages");
    BOOST_TEST(eta("note").starts_with("1 more is planned, for 20"), eta("note"));
    insert(conversation_c, "not_before, expires_at", at(wall_now() + minutes(9)) + ", 1990000000000");
    BOOST_TEST(eta("note") == "2 more are planned, " + last);
    insert(conversation_c, "not_before, expires_at",
           at(wall_now() + minutes(90)) + ", " + at(wall_now() + minutes(80)));
    BOOST_TEST(eta("note") == "2 more are planned, " + last); // one that expires first does not count
    bring_to(30, message_status::cancelled);
    bring_to(1, message_status::sending);
    BOOST_TEST(eta("pending") == "31"); // 28 due, one on its way
    BOOST_TEST(lasts(29));
    backlog(1, wall_now() - minutes(2));
    BOOST_TEST(std::stod(eta("sent_per_minute")) < 6); // over two minutes now
}

// Of three rows one is tried again in ten minutes.
BOOST_FIXTURE_TEST_CASE(eta_promises_nothing_for_an_api_that_fails, queue_fixture) {
    const auto eta = [&](const std::string& columns) {
        return other.value("SELECT " + columns + " FROM queue_eta");
    };
    insert(conversation_a);
    insert(conversation_b);
    const auto again = insert(conversation_c);
    bring_to(again, message_status::sending);
    auto later = verdict_of(again, message_status::pending);
    later.due_at = wall_now() + minutes(10);
    apply(later);
    BOOST_TEST(eta("note").starts_with("at the soonest: nothing was sent yet; 1 more is planned, for 20"));
    BOOST_TEST(eta("note").ends_with(" (tried again: server_error)"), eta("note"));
    other.run("UPDATE messages SET status = 'held' WHERE attempts = 0");
    BOOST_TEST(eta("note") == "at the soonest: the last one is tried again at that time (server_error)");
    other.run("UPDATE messages SET status = 'pending' WHERE status = 'held'");
    account_memory memory;
    memory.account = "default";
    memory.balance = 5;
    memory.breaker = "open";
    memory.breaker_until = wall_time(milliseconds(1890000000000));
    apply(memory);
    BOOST_TEST(
        eta("seconds, empty_at, note") ==
        "NULL|NULL|API or network failed, one request tries them at 2029-11-22 00:00:00: no time can be "
        "told before it is answered");
    memory.breaker = "half_open";
    memory.breaker_until = wall_now();
    apply(memory);
    BOOST_TEST(
        eta("seconds, empty_at, note") ==
        "NULL|NULL|API or network failed, one request tries them now: no time can be told before it is "
        "answered");
    memory.breaker = "closed";
    apply(memory);
    BOOST_TEST(eta("empty_at") != "NULL");
}

BOOST_FIXTURE_TEST_CASE(eta_begins_to_count_when_the_api_lets_requests_pass_again, queue_fixture) {
    for (int i = 0; i < 300; ++i)
        insert(conversation_a);
    account_memory memory;
    memory.account = "default";
    memory.balance = 5;
    memory.blocked_until = wall_now() + minutes(10);
    apply(memory);
    BOOST_TEST(std::abs(std::stoi(other.value("SELECT seconds FROM queue_eta")) - 660) <= 5);
    BOOST_TEST(other.value("SELECT note FROM queue_eta").find("at the soonest: the API lets nothing pass") ==
               0U);
    insert(conversation_b, "created_at", at(wall_now() - minutes(2)));
    BOOST_TEST(
        other.value("SELECT seconds IS NULL AND note LIKE 'the API lets nothing pass before 20%: no time "
                    "can be told' FROM queue_eta") == "1");
}

BOOST_FIXTURE_TEST_CASE(why_promises_no_retry_to_a_row_that_expires_first, queue_fixture) {
    const auto first = insert(conversation_a, "expires_at", "1889999999000");
    const auto second = insert(conversation_a, "expires_at", "1990000000000");
    bring_to(first, message_status::sending);
    auto again = verdict_of(first, message_status::pending);
    again.due_at = wall_time(milliseconds(1890000000000));
    apply(again);
    BOOST_TEST(told(*this, first, "why") ==
               "it expires at 2029-11-21 23:59:59, before it would be tried again: server_error");
    BOOST_TEST(told(*this, second, "why") ==
               "behind " + std::to_string(first) + ", which expires at 2029-11-21 23:59:59 (server_error)");
    other.run(told(*this, first, "substr(what_to_do, instr(what_to_do, 'UPDATE'))"));
    BOOST_TEST(told(*this, first, "why") == "tried again at 2029-11-22 00:00:00: server_error");
    BOOST_TEST(told(*this, second, "why") ==
               "behind " + std::to_string(first) + ", which goes at 2029-11-22 00:00:00 (server_error)");
}

BOOST_FIXTURE_TEST_CASE(why_tells_of_a_retry_before_it_tells_of_the_rate, queue_fixture) {
    const auto id = insert(conversation_a, "expires_at", "1990000000000");
    bring_to(id, message_status::sending);
    auto again = verdict_of(id, message_status::pending);
    again.due_at = wall_time(milliseconds(1890000000000));
    again.detail = "The API failed.";
    apply(again);
    account_memory memory;
    memory.account = "default";
    memory.balance = 0.5;
    memory.blocked_until = wall_now() + minutes(3);
    apply(memory);
    BOOST_TEST(told(*this, id, "why") == "tried again at 2029-11-22 00:00:00: server_error");
    BOOST_TEST(told(*this, id, "detail") ==
               other.value("SELECT 'last try ' || datetime(finished_at / 1000, 'unixepoch') FROM attempts") +
                   ": The API failed.");
    memory.blocked_until = wall_time(milliseconds(1890000060000));
    apply(memory);
    BOOST_TEST(told(*this, id, "why") ==
               "tried again at 2029-11-22 00:00:00: server_error; nothing leaves before 2029-11-22 00:01:00");
    const auto due = insert(conversation_b);
    bring_to(due, message_status::sending);
    again = verdict_of(due, message_status::pending);
    again.due_at = wall_now() - seconds(1);
    apply(again);
    const auto since = other.value("SELECT datetime(due_at / 1000, 'unixepoch') FROM messages WHERE id = " +
                                   std::to_string(due));
    const auto begin = "to be tried again since " + since + " (server_error); rate: ";
    BOOST_TEST(told(*this, due, "why") == begin + "nothing leaves before 2029-11-22 00:01:00");
    memory.blocked_until.reset();
    apply(memory);
    BOOST_TEST(told(*this, due, "why") == begin + "the budget is spent and comes back all the time");
}

BOOST_FIXTURE_TEST_CASE(a_row_that_could_not_be_read_back_for_want_of_a_permission_names_it, queue_fixture) {
    const auto id = insert(conversation_a);
    bring_to(id, message_status::sending);
    auto given_up = verdict_of(id, message_status::unconfirmed);
    given_up.error = errc::unconfirmed;
    given_up.detail = "it cannot be read back (forbidden): no.";
    apply(given_up);
    BOOST_TEST(told(*this, id, "why") == "unconfirmed: nobody can tell whether it was delivered");
    const auto words = told(*this, id, "what_to_do");
    BOOST_TEST(words.starts_with("give the role conversation:message:view, or what else"), words);
    BOOST_TEST(words.find("It is there: UPDATE") != std::string::npos, words);
    BOOST_TEST(other.value("SELECT what_to_do FROM queue_problems") == words);
}

// The list of what is hopeless stands once: both views tell what it says.
BOOST_FIXTURE_TEST_CASE(why_and_problems_say_the_same_of_what_to_do, queue_fixture) {
    int told_hopeless = 0;
    for (int code = 0; code <= static_cast<int>(errc::sent_elsewhere); ++code) {
        const auto id = insert(conversation_a);
        bring_to(id, message_status::sending);
        auto ended = verdict_of(id, message_status::failed);
        ended.error = static_cast<errc>(code);
        apply(ended);
        const auto words = told(*this, id, "what_to_do");
        const auto where = " FROM queue_problems WHERE id = " + std::to_string(id);
        BOOST_TEST(other.value("SELECT what_to_do" + where) == words);
        const bool is_over = static_cast<errc>(code) == errc::conversation_ended;
        BOOST_TEST((words == "nothing: the conversation is over; a new one has another id") == is_over);
        const bool hopeless = is_over || words.find("a replay would end the same way") == 0;
        told_hopeless += hopeless ? 1 : 0;
        const bool by_hand = hopeless || static_cast<errc>(code) == errc::missing_variable;
        BOOST_TEST((other.value("SELECT replay" + where) == "NULL") == by_hand, words);
    }
    BOOST_TEST(told_hopeless == 9);
}

BOOST_FIXTURE_TEST_CASE(eta_never_promises_more_than_the_rate, queue_fixture) {
    store
        ->register_accounts(std::vector<account_registration>{
            {.account = "default", .expire_after = std::chrono::hours(1), .requests_per_minute = 12}})
        .value();
    now = wall_now() + seconds(2);
    for (int i = 0; i < 10; ++i)
        bring_to(insert(conversation_b), message_status::sent);
    for (int i = 0; i < 12; ++i)
        insert(conversation_a);
    BOOST_TEST(other.value("SELECT seconds FROM queue_eta") == "60");
}

BOOST_FIXTURE_TEST_CASE(changes_tells_what_operators_did_and_nothing_of_the_daemons_work, queue_fixture) {
    const auto id = insert(conversation_a);
    bring_to(insert(conversation_b), message_status::sent);
    other.run("UPDATE messages SET status = 'held' WHERE status = 'pending'");
    other.run("UPDATE messages SET status = 'pending' WHERE status = 'held'");
    other.run("UPDATE accounts SET paused = 1, paused_reason = 'lunch'");
    other.run("UPDATE accounts SET paused = 1");
    other.run("UPDATE accounts SET paused = 0");
    account_memory memory;
    memory.account = "default";
    memory.pause_reason = "refused";
    apply(memory);
    const auto row = std::to_string(id);
    const std::vector<std::string> expected{
        "cannedd|default|NULL|paused|0|1|refused", "operator|default|NULL|paused|1|0|NULL",
        "operator|default|NULL|paused|0|1|lunch", "operator|default|" + row + "|status|held|pending|NULL",
        "operator|default|" + row + "|status|pending|held|NULL"};
    BOOST_TEST(
        other.rows("SELECT by_whom, account, message_id, what, before, after, reason FROM queue_changes") ==
            expected,
        boost::test_tools::per_element());
    BOOST_TEST(other.attempt("DELETE FROM changes") ==
               "changes is kept by triggers, and deleted by cannedd after retention.attempts");
    BOOST_TEST(other.attempt("UPDATE changes SET by_whom = 'nobody'") ==
               "what was changed stays written: changes is kept by triggers");
}

BOOST_FIXTURE_TEST_CASE(shape_tells_the_same_of_buckets_that_it_does_not_count, queue_fixture) {
    const auto fill = [&](int rows, std::chrono::minutes age) {
        const auto created = std::to_string((wall_now() - age).time_since_epoch().count());
        other.run("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
                  std::to_string(rows) +
                  ") INSERT INTO messages (conversation_id, text, created_at) SELECT printf('" +
                  conversation_a.substr(0, 24) + "%012d', i / 100), 'x', " + created + " FROM n");
    };
    fill(50'001, std::chrono::minutes(2));
    fill(3, std::chrono::minutes(30));
    BOOST_TEST(other.value("SELECT * FROM queue_shape") == "default|50004|0|50001|0|3|0|0|0");
    fill(50'002, std::chrono::hours(2));
    BOOST_TEST(other.value("SELECT * FROM queue_shape") == "default|100006|0|50001|0|3|50002|0|0");
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

// A stopped daemon leaves nothing in the file that says so: only that nobody takes what is due.
BOOST_FIXTURE_TEST_CASE(what_nobody_has_taken_for_a_minute_sends_the_operator_to_the_service, queue_fixture) {
    const auto old = insert(conversation_a, "created_at", at(wall_now() - minutes(2)));
    const auto young = insert(conversation_b);
    const std::string silent =
        "nothing has been sent for 2 min although it is due: see systemctl status cannedd";
    BOOST_TEST(told(*this, old, "why") == silent);
    BOOST_TEST(told(*this, old, "what_to_do").find("systemctl start cannedd") != std::string::npos);
    account_memory memory; // a spent budget explains nothing when nobody has counted for two minutes
    memory.account = "default";
    memory.balance = 0.5;
    memory.saved_at = wall_now() - minutes(2) - seconds(5);
    apply(memory);
    BOOST_TEST(told(*this, old, "why") == silent);
    BOOST_TEST(
        other.value("SELECT seconds, empty_at, note FROM queue_eta") ==
        "NULL|NULL|nothing has been sent for 2 min although rows are due: see systemctl status cannedd");
    memory.saved_at = wall_now() - seconds(20);
    apply(memory);
    BOOST_TEST(told(*this, old, "why") == "rate: the budget is spent and comes back all the time");
    BOOST_TEST(other.value("SELECT note FROM queue_eta").find("nothing was sent lately") == 0U);
    memory.balance = 5;
    apply(memory);
    BOOST_TEST(told(*this, old, "why").starts_with("due, and not taken for 12"), told(*this, old, "why"));
    BOOST_TEST(told(*this, young, "why") == "due");
    BOOST_TEST(told(*this, young, "what_to_do").starts_with("nothing"));
    now = wall_now() - minutes(2);
    bring_to(old, message_status::sending);
    BOOST_TEST(told(*this, old, "why").starts_with("being sent, and no end of it was recorded"));
    BOOST_TEST(told(*this, old, "what_to_do").find("systemctl start cannedd") != std::string::npos);
    now = wall_now();
    bring_to(young, message_status::sending);
    BOOST_TEST(told(*this, young, "why") == "being sent");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
