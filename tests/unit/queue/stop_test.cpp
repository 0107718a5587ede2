// `stop`: one statement cancels or holds a campaign, also what is being sent, if that has not arrived.
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd::test {
namespace {

using enum message_status;

void stop(queue_fixture& queue, const std::string& as, const std::string& which) {
    queue.other.run("UPDATE messages SET stop = " + as + " WHERE " + which);
}

std::string id_is(std::int64_t id) {
    return "id = " + std::to_string(id);
}

} // namespace

BOOST_AUTO_TEST_SUITE(stop_)

BOOST_FIXTURE_TEST_CASE(what_waits_is_stopped_at_once_and_counted, queue_fixture) {
    const auto waits = insert(conversation_a, "tag", "'c'");
    const auto is_held = insert(conversation_a, "tag", "'c'");
    bring_to(is_held, held);
    const auto flies = insert(conversation_b, "tag", "'c'");
    bring_to(flies, sending);
    other.run("UPDATE messages SET stop = 'cancelled' WHERE tag = 'c' AND status IN ('pending', 'held', "
              "'sending')");
    BOOST_TEST(other.value("SELECT changes()") == "3");
    for (const auto id : {waits, is_held}) {
        BOOST_TEST(field(id, "status") == "cancelled");
        BOOST_TEST(field(id, "stop") == "NULL");
        BOOST_TEST(field(id, "finished_at") != "NULL");
    }
    BOOST_TEST(field(flies, "status || stop") == "sendingcancelled");
    BOOST_TEST(other.value("SELECT group_concat(before || '-' || after) FROM changes WHERE message_id = " +
                           std::to_string(flies)) == "sending-cancelled");
    BOOST_TEST(bookkeeping_fault(other) == "");
}

BOOST_FIXTURE_TEST_CASE(what_did_not_arrive_is_not_sent_again, queue_fixture) {
    for (const auto* const as : {"cancelled", "held"})
        for (const auto end : {pending, held}) {
            const auto id = insert(conversation_a);
            bring_to(id, sending);
            stop(*this, std::string("'") + as + "'", id_is(id));
            BOOST_TEST(apply(verdict_of(id, end)));
            BOOST_TEST(field(id, "status") == as);
            BOOST_TEST(field(id, "stop") == "NULL");
            BOOST_TEST(field(id, "error") == "NULL");
            BOOST_TEST(field(id, "error_detail") == "a person stopped it while it was being sent");
            BOOST_TEST((field(id, "finished_at") == "NULL") == (std::string(as) == "held"));
            BOOST_TEST(bookkeeping_fault(other) == "");
            const auto told = store->take_set_aside();
            BOOST_REQUIRE(told.size() == (as == name_of(end) ? 0U : 1U));
            other.run("DELETE FROM messages");
        }
}

BOOST_FIXTURE_TEST_CASE(what_did_arrive_or_perhaps_did_is_told_as_it_is, queue_fixture) {
    for (const auto end : {sent, failed, unconfirmed}) {
        const auto id = insert(conversation_a);
        bring_to(id, sending);
        stop(*this, "'cancelled'", id_is(id));
        BOOST_TEST(apply(verdict_of(id, end)));
        BOOST_TEST(field(id, "status") == name_of(end));
        BOOST_TEST(field(id, "stop") ==
                   (end == unconfirmed ? "cancelled" : "NULL")); // until a person has looked
        if (end != unconfirmed) continue;
        const auto words = other.value("SELECT what_to_do FROM queue_why WHERE status = 'unconfirmed'");
        BOOST_TEST(words.find("'pending'") == std::string::npos, words);
        other.run(words.substr(words.rfind("UPDATE")));
        BOOST_TEST(field(id, "status || coalesce(stop, '-')") == "failed-");
        other.run("UPDATE messages SET status = 'pending' WHERE " + id_is(id)); // who wants it all the same
        BOOST_TEST(field(id, "status || coalesce(stop, '-')") == "pending-");
    }
    BOOST_TEST(bookkeeping_fault(other) == "");
}

BOOST_FIXTURE_TEST_CASE(what_is_read_back_after_a_restore_is_not_sent_again_either, queue_fixture) {
    const auto id = insert(conversation_a);
    bring_to(id, sending);
    stop(*this, "'cancelled'", id_is(id));
    proven shown;
    shown.message_id = id;
    shown.from = sending;
    shown.to = pending;
    shown.now = now;
    BOOST_TEST(apply(shown));
    BOOST_TEST(field(id, "status") == "cancelled");
    BOOST_TEST(field(id, "finished_at") != "NULL");
    BOOST_TEST(bookkeeping_fault(other) == "");
}

BOOST_FIXTURE_TEST_CASE(what_was_unconfirmed_before_is_not_offered_for_sending, queue_fixture) {
    const auto id = insert(conversation_a);
    bring_to(id, sending);
    auto unsure = verdict_of(id, unconfirmed);
    unsure.detail = "It may be there: look, then set status = 'sent', 'failed' or 'pending'.";
    apply(unsure);
    stop(*this, "'cancelled'", id_is(id));
    BOOST_TEST(other.value("SELECT changes()") == "1");
    BOOST_TEST(field(id, "status || stop") == "unconfirmedcancelled");
    const auto words = other.value("SELECT what_to_do FROM queue_problems");
    BOOST_TEST(words.find("'pending'") == std::string::npos, words);
    for (const auto* const view : {"queue_problems", "queue_why"}) {
        const auto detail = other.value(std::string("SELECT detail FROM ") + view);
        BOOST_TEST(detail.find("'sent' or 'failed', for a person has stopped it") != std::string::npos,
                   detail);
        BOOST_TEST(detail.find("pending") == std::string::npos, detail);
    }
    other.run("UPDATE messages SET status = 'sent' WHERE " + id_is(id));
    BOOST_TEST(field(id, "status || coalesce(stop, '-')") == "sent-");
    BOOST_TEST(other.value("SELECT times FROM queue_told") == "once");
    BOOST_TEST(bookkeeping_fault(other) == "");
}

BOOST_FIXTURE_TEST_CASE(who_changes_his_mind_sets_it_to_null, queue_fixture) {
    const auto id = insert(conversation_a);
    bring_to(id, sending);
    stop(*this, "'cancelled'", id_is(id));
    stop(*this, "NULL", id_is(id));
    BOOST_TEST(apply(verdict_of(id, pending)));
    BOOST_TEST(field(id, "status") == "pending");
    BOOST_TEST(other.value("SELECT group_concat(after) FROM changes") == "cancelled,sending");
}

BOOST_FIXTURE_TEST_CASE(what_is_over_or_new_cannot_be_stopped, queue_fixture) {
    for (const auto status : {sent, failed, expired, cancelled}) {
        const auto id = insert(conversation_a);
        bring_to(id, status);
        BOOST_TEST(other.attempt("UPDATE messages SET stop = 'held' WHERE " + id_is(id))
                       .find("only what is pending, held, being sent or unconfirmed") != std::string::npos);
    }
    const auto waits = insert(conversation_b);
    BOOST_TEST(other.attempt("UPDATE messages SET stop = 'failed' WHERE " + id_is(waits)) ==
               "CHECK constraint failed: stop must be cancelled or held");
    BOOST_TEST(other.attempt("INSERT INTO messages (conversation_id, text, stop) VALUES ('" + conversation_a +
                             "', 'x', 'held')") ==
               "stop is for a row that is there: a new one that must not go is held");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
