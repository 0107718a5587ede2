// What an INSERT may say, and the sentence it gets when it may not.
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

namespace cannedd::test {
namespace {

struct refusal {
    std::string columns;
    std::string values;
    std::string sentence;
};

std::ostream& operator<<(std::ostream& out, const refusal& it) {
    return out << it.columns << " = " << it.values;
}

const std::string here = "'" + conversation_a + "'";
const std::string uuid_with_zero = "CAST('" + conversation_a + "' || char(0) || 'x' AS TEXT)";

const std::vector<refusal> refusals{
    {"conversation_id, text", "'42', 'x'", "CHECK constraint failed: conversation_id must be a UUID"},
    {"conversation_id, text", "'aaaaaaaa-0000-4000-8000-00000000000g', 'x'",
     "CHECK constraint failed: conversation_id must be a UUID"},
    {"conversation_id, text", "'aaaaaaaa-0000-4000-8000-00000000-001', 'x'",
     "CHECK constraint failed: conversation_id must be a UUID"},
    {"conversation_id, text", uuid_with_zero + ", 'x'",
     "CHECK constraint failed: conversation_id must be a UUID"},
    {"conversation_id, text", "x'61', 'x'", "CHECK constraint failed: conversation_id must be a UUID"},
    {"agent_id, text", "'Ann', 'x'", "CHECK constraint failed: agent_id must be a UUID"},
    {"conversation_id, text, customer_id", here + ", 'x', 'Bob'",
     "CHECK constraint failed: customer_id must be a UUID"},
    {"text", "'x'", "CHECK constraint failed: name a conversation_id or an agent_id"},
    {"conversation_id", here, "CHECK constraint failed: give either text or response, exactly one of them"},
    {"conversation_id, text, response", here + ", 'x', 'y'",
     "CHECK constraint failed: give either text or response, exactly one of them"},
    {"conversation_id, text", here + ", ''", "CHECK constraint failed: text must be 1 to 4000 characters"},
    {"conversation_id, text", here + ", replace(hex(zeroblob(2001)), '0', 'x')",
     "CHECK constraint failed: text must be 1 to 4000 characters"},
    {"conversation_id, text", here + ", 'x' || char(0) || hex(zeroblob(9000))",
     "CHECK constraint failed: text must be 1 to 4000 characters"},
    {"conversation_id, text", here + ", x'00'", "CHECK constraint failed: text must be 1 to 4000 characters"},
    {"conversation_id, response", here + ", ''",
     "CHECK constraint failed: response must be the name of a canned response, 1 to 400 bytes"},
    {"conversation_id, text, account", here + ", 'x', ''",
     "CHECK constraint failed: account must be a name of 1 to 128 bytes"},
    {"conversation_id, text, account", here + ", 'x', NULL",
     "CHECK constraint failed: account must be a name of 1 to 128 bytes"},
    {"conversation_id, text, route", here + ", 'x', 'post'",
     "route must be message, agentless, chat or tutorial, or left out"},
    {"conversation_id, text, variables", here + ", 'x', NULL",
     "CHECK constraint failed: variables must be a JSON object as text, at most 65536 bytes, {} when there "
     "are none"},
    {"conversation_id, text, variables", here + ", 'x', '{' || hex(zeroblob(33000)) || '}'",
     "CHECK constraint failed: variables must be a JSON object as text, at most 65536 bytes, {} when there "
     "are none"},
    {"conversation_id, text, priority", here + ", 'x', 101",
     "CHECK constraint failed: priority must be a whole number from -100 to 100"},
    {"conversation_id, text, priority", here + ", 'x', 1.5",
     "CHECK constraint failed: priority must be a whole number from -100 to 100"},
    {"conversation_id, text, priority", here + ", 'x', 'high'",
     "CHECK constraint failed: priority must be a whole number from -100 to 100"},
    {"conversation_id, text, not_before", here + ", 'x', '2030-01-01'",
     "CHECK constraint failed: not_before must be Unix milliseconds"},
    {"conversation_id, text, not_before", here + ", 'x', 1764322537",
     "CHECK constraint failed: not_before must be Unix milliseconds, this looks like seconds"},
    {"conversation_id, text, expires_at", here + ", 'x', 99999999999",
     "CHECK constraint failed: expires_at must be Unix milliseconds, this looks like seconds"},
    {"conversation_id, text, expires_at", here + ", 'x', 100000000000",
     "CHECK constraint failed: expires_at lies before created_at, so it would never be sent: give a later "
     "one or "
     "leave it out"},
    {"conversation_id, text, expires_at", here + ", 'x', -1",
     "CHECK constraint failed: expires_at must be Unix milliseconds"},
    {"conversation_id, text, dedup_key", here + ", 'x', ''",
     "CHECK constraint failed: dedup_key must be 1 to 400 bytes of text"},
    {"conversation_id, text, tag", here + ", 'x', hex(zeroblob(3000))",
     "CHECK constraint failed: tag must be text of at most 4000 bytes"},
    {"conversation_id, text, created_at", here + ", 'x', 1790000000",
     "CHECK constraint failed: created_at must be Unix milliseconds, this looks like seconds: leave it out, "
     "and "
     "it is now"},
    {"conversation_id, text, created_at", here + ", 'x', NULL",
     "CHECK constraint failed: created_at must be Unix milliseconds: leave it out, and it is now"},
    {"conversation_id, text, status", here + ", 'x', 'new'",
     "CHECK constraint failed: status must be pending, sending, sent, failed, expired, cancelled, held or "
     "unconfirmed"},
    {"conversation_id, text, status", here + ", 'x', NULL",
     "CHECK constraint failed: status must be pending, sending, sent, failed, expired, cancelled, held or "
     "unconfirmed"},
    {"conversation_id, text, id", here + ", 'x', -1",
     "CHECK constraint failed: id is given by the queue: leave it out"},
    {"conversation_id, text, status", here + ", 'x', 'sent'",
     "a new row is pending or held: the other states are the result of sending it"},
    {"conversation_id, text, attempts", here + ", 'x', 1",
     "due_at, attempts, sent_text, sent_template, sent_at, finished_at, remote_message_id, remote_status, "
     "verified, error, "
     "error_detail, deferrals, sent_to and said_before are written by the daemon: leave them out"},
    {"conversation_id, text, remote_message_id", here + ", 'x', 'r'",
     "due_at, attempts, sent_text, sent_template, sent_at, finished_at, remote_message_id, remote_status, "
     "verified, error, "
     "error_detail, deferrals, sent_to and said_before are written by the daemon: leave them out"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(insert_)

BOOST_DATA_TEST_CASE(a_row_that_cannot_be_sent_is_refused_in_words, boost::unit_test::data::make(refusals),
                     it) {
    queue_fixture queue;
    BOOST_TEST(queue.other.attempt("INSERT INTO messages (" + it.columns + ") VALUES (" + it.values + ")") ==
               it.sentence);
    BOOST_TEST(queue.other.value("SELECT count(*) FROM messages") == "0");
    BOOST_TEST(bookkeeping_fault(queue.other) == "");
}

BOOST_FIXTURE_TEST_CASE(an_update_and_the_other_tables_refuse_in_words_too, queue_fixture) {
    insert(conversation_a);
    const std::vector<std::pair<std::string, std::string>> refused{
        {"UPDATE messages SET priority = 101", "priority must be a whole number from -100 to 100"},
        {"UPDATE messages SET conversation_id = NULL", "name a conversation_id or an agent_id"},
        {"UPDATE messages SET response = 'x'", "give either text or response, exactly one of them"},
        {"UPDATE messages SET not_before = 'tomorrow'", "not_before must be Unix milliseconds"},
        {"INSERT INTO responses (name, text) VALUES ('', 'x')", "name must be 1 to 400 bytes of text"},
        {"INSERT INTO responses (text) VALUES ('x')", "name must be 1 to 400 bytes of text"},
        {"INSERT INTO responses (name) VALUES ('x')",
         "text must be the response as text, at most 65536 bytes"},
        {"INSERT INTO responses (name, text) VALUES ('x', hex(zeroblob(40000)))",
         "text must be the response as text, at most 65536 bytes"},
        {"INSERT INTO responses (name, text, description) VALUES ('x', 'y', hex(zeroblob(3000)))",
         "description must be text of at most 4000 bytes"},
        {"UPDATE accounts SET paused = 'yes'", "paused must be 0 or 1"},
        {"UPDATE accounts SET paused_reason = hex(zeroblob(3000))",
         "paused_reason must be text of at most 4000 bytes"},
    };
    for (const auto& [statement, sentence] : refused)
        BOOST_TEST(other.attempt(statement) == "CHECK constraint failed: " + sentence, statement);
}

BOOST_FIXTURE_TEST_CASE(the_longest_text_of_the_widest_characters_is_taken, queue_fixture) {
    other.run("INSERT INTO messages (conversation_id, text) VALUES ('" + conversation_a +
              "', replace(hex(zeroblob(2000)), '0', char(128512)))");
    BOOST_TEST(other.value("SELECT length(text) FROM messages") == "4000");
}

BOOST_FIXTURE_TEST_CASE(a_uuid_may_be_in_capitals_and_means_the_same_lane, queue_fixture) {
    insert(conversation_a);
    insert("AAAAAAAA-0000-4000-8000-000000000001");
    BOOST_TEST(other.value("SELECT count(*) FROM lanes") == "1");
    BOOST_TEST(other.value("SELECT lane FROM lanes") == conversation_a);
}

BOOST_FIXTURE_TEST_CASE(defaults_are_those_of_the_contract, queue_fixture) {
    const auto before = wall_now();
    const auto id = insert(conversation_a);
    const auto after = wall_now();
    BOOST_TEST(
        field(id,
              "account || ',' || status || ',' || variables || ',' || priority || ',' || attempts || ',' || "
              "verified") == "default,pending,{},0,0,0");
    const wall_time created{milliseconds(std::stoll(field(id, "created_at")))};
    BOOST_TEST((created >= before - milliseconds(1) && created <= after + milliseconds(1)));
    BOOST_TEST(field(id, "due_at - created_at") == "0");
    BOOST_TEST(field(id, "expires_at - created_at") == "3600000");
    BOOST_TEST(field(insert(conversation_a, "not_before", "1900000000000"), "due_at") == "1900000000000");
    BOOST_TEST(field(insert(conversation_a, "expires_at", "1900000000000"), "expires_at") == "1900000000000");
}

BOOST_FIXTURE_TEST_CASE(an_update_is_held_to_the_same_rules_as_an_insert, queue_fixture) {
    const auto id = insert(conversation_a, "not_before", "0");
    BOOST_TEST(field(id, "due_at") == "0");
    BOOST_TEST(other.attempt("UPDATE messages SET not_before = 1764322537") ==
               "CHECK constraint failed: not_before must be Unix milliseconds, this looks like seconds");
    BOOST_TEST(other.attempt("UPDATE messages SET expires_at = 1") ==
               "CHECK constraint failed: expires_at must be Unix milliseconds, this looks like seconds");
    BOOST_TEST(
        other.attempt("UPDATE messages SET expires_at = created_at - 1").find("lies before created_at") !=
        std::string::npos);
    BOOST_TEST(other.attempt("UPDATE messages SET route = 'post'") ==
               "route must be message, agentless, chat or tutorial, or left out");
}

BOOST_FIXTURE_TEST_CASE(a_row_whose_account_nobody_knows_gets_its_expiry_when_the_account_comes,
                        queue_fixture) {
    const auto id = insert(conversation_a, "account", "'later'");
    BOOST_TEST(field(id, "expires_at") == "NULL");
    configure({"default", "later"});
    store->fill_expiries(100).value();
    BOOST_TEST(field(id, "expires_at - created_at") == "3600000");
}

BOOST_FIXTURE_TEST_CASE(a_duplicate_key_is_refused_and_on_conflict_makes_it_a_no_op, queue_fixture) {
    insert(conversation_a, "dedup_key", "'k'");
    const std::string again =
        "INSERT INTO messages (conversation_id, text, dedup_key) VALUES ('" + conversation_b + "', 'x', 'k')";
    BOOST_TEST(other.attempt(again) == "UNIQUE constraint failed: messages.dedup_key");
    other.run(again + " ON CONFLICT (dedup_key) DO NOTHING");
    other.run(again + " ON CONFLICT (dedup_key) DO NOTHING");
    BOOST_TEST(other.value("SELECT count(*) FROM messages") == "1");
    BOOST_TEST(bookkeeping_fault(other) == "");
    insert(conversation_b, "dedup_key", "'k2'"); // what the no-op left behind stops nobody
    BOOST_TEST(other.attempt("INSERT INTO messages (conversation_id, text, dedup_key) VALUES ('" +
                             conversation_b + "', 'x', 'k'), ('" + conversation_b +
                             "', 'y', 'k3') ON CONFLICT (dedup_key) DO NOTHING") == "");
    BOOST_TEST(other.value("SELECT count(*) FROM messages") == "3");
}

BOOST_FIXTURE_TEST_CASE(or_replace_never_deletes_a_row_behind_the_triggers, queue_fixture) {
    const auto id = insert(conversation_a, "dedup_key", "'k'");
    insert(conversation_a, "dedup_key", "'k2'");
    for (const auto* const recursive : {"OFF", "ON"}) {
        other.run(std::string("PRAGMA recursive_triggers = ") + recursive);
        BOOST_TEST(
            other.attempt("INSERT OR REPLACE INTO messages (conversation_id, text, dedup_key) VALUES ('" +
                          conversation_b + "', 'x', 'k')") ==
            "OR REPLACE would delete a row of the queue: use ON CONFLICT(dedup_key) DO NOTHING");
        BOOST_TEST(other.attempt("INSERT OR REPLACE INTO messages (id, conversation_id, text) VALUES (" +
                                 std::to_string(id) + ", '" + conversation_b + "', 'x')") ==
                   "id was used before: leave it out, the queue gives one");
        BOOST_TEST(other.attempt("UPDATE OR REPLACE messages SET dedup_key = 'k2' WHERE id = " +
                                 std::to_string(id)) == "dedup_key belongs to another row");
        BOOST_TEST(other.attempt("UPDATE OR REPLACE messages SET rowid = 2 WHERE id = " +
                                 std::to_string(id)) == "id never changes");
    }
    BOOST_TEST(other.value("SELECT count(*) FROM messages") == "2");
    BOOST_TEST(bookkeeping_fault(other) == "");
}

BOOST_FIXTURE_TEST_CASE(an_id_is_never_used_twice, queue_fixture) {
    const auto id = insert(conversation_a);
    other.run("DELETE FROM messages");
    BOOST_TEST(insert(conversation_a) > id);
    BOOST_TEST(other.attempt("INSERT INTO messages (id, conversation_id, text) VALUES (" +
                             std::to_string(id) + ", '" + conversation_a + "', 'x')") ==
               "id was used before: leave it out, the queue gives one");
    other.run("INSERT INTO messages (id, conversation_id, text) VALUES (1000, '" + conversation_a +
              "', 'x')");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
