// Refusals of one conversation, one row or one operation: what they hold up, and what goes on.
#include "integration/genesys/credentials.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cannedd;
namespace json = boost::json;

// Conversations a and b, and the daemon on them.
struct counter {
    explicit counter(const std::string& plan = "", const std::string& more = "")
        : genesys(files.org(plan))
        , daemon(genesys, std::string(brisk) + more, files.account(genesys, files.by_secret())) {}

    void converse(const std::string& id, json::object more = {}) {
        more["id"] = id;
        more["agent"] = uuid('a', 1);
        more["messenger"] = "open";
        genesys.add_conversation(more);
    }
    void add(const std::string& conversation, const std::string& text) {
        daemon.sql(insert("conversation_id, text", quoted(conversation) + "," + quoted(text)));
    }
    void expect(const std::string& text, const std::string& becomes) {
        daemon.wait_for("SELECT status||coalesce(' '||error, '') FROM messages WHERE text = " + quoted(text),
                        becomes);
    }
    std::string detail(const std::string& text) {
        return daemon.value("SELECT error_detail FROM messages WHERE text = " + quoted(text));
    }

    credentials files;
    simulator genesys;
    running_daemon daemon;
    const std::string a = uuid('c', 1), b = uuid('c', 2);
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(genesys_refusals_)

BOOST_AUTO_TEST_CASE(a_foreign_division_holds_its_conversation_and_names_what_the_role_needs) {
    counter at("    divisions: [Sales]\n"); // of the client
    at.converse(at.a, {{"division", "Legal"}});
    at.converse(at.b, {{"division", "Sales"}});
    for (const auto* text : {"a1", "a2", "a3"})
        at.add(at.a, text);
    for (const auto* text : {"b1", "b2"})
        at.add(at.b, text);
    at.daemon.start();
    for (const auto* text : {"b1", "b2"})
        at.expect(text, "sent");
    for (const auto* text : {"a1", "a2", "a3"}) {
        at.expect(text, "held forbidden");
        BOOST_TEST(has(at.detail(text), "needs conversation:communication:view in the division Legal"),
                   at.detail(text));
        BOOST_TEST(has(at.detail(text), "the scope, where the org enforces scopes"));
    }
    BOOST_TEST(at.daemon.value("SELECT paused FROM accounts") == "0");
    BOOST_TEST(at.genesys.requests("get_conversation") == 2);
}

BOOST_AUTO_TEST_CASE(a_lasting_500_for_one_row_keeps_nobody_waiting) {
    counter at;
    at.converse(at.a);
    at.converse(at.b);
    at.genesys.faults(R"json([{"match": {"operation": "send", "text": "a1"}, "do": {"status": 500}}])json");
    for (const auto* text : {"a1", "a2", "a3"})
        at.add(at.a, text);
    for (int n = 1; n <= 20; ++n)
        at.add(at.b, "b" + std::to_string(n));
    at.daemon.start();
    at.daemon.wait_for("SELECT count(*) FROM messages WHERE status = 'sent'", "22");
    at.expect("a1", "failed server_error");
    BOOST_TEST(at.daemon.value("SELECT attempts FROM messages WHERE text = 'a1'") == "2");
    BOOST_TEST(at.daemon.value("SELECT count(*) FROM attempts WHERE http_status = 500") == "2");
    BOOST_TEST(at.genesys.violations().empty());
}

BOOST_AUTO_TEST_CASE(a_conflict_is_tried_three_times_and_then_told) {
    counter at;
    at.converse(at.a);
    at.genesys.faults(R"json([{"match": {"operation": "send", "text": "a1"}, "do": {"status": 409}}])json");
    at.add(at.a, "a1");
    at.add(at.a, "a2");
    at.daemon.start();
    at.expect("a1", "failed conflict");
    at.expect("a2", "sent");
    BOOST_TEST(at.daemon.value("SELECT count(*) FROM attempts WHERE http_status = 409") == "3");
}

BOOST_AUTO_TEST_CASE(cached_conversations_go_on_while_look_ups_wait) {
    counter at;
    at.converse(at.a);
    at.converse(at.b);
    at.add(at.a, "a1");
    at.daemon.start();
    at.expect("a1", "sent");
    at.genesys.faults(
        R"json([{"match": {"operation": "get_conversation"}, "do": {"status": 429, "retry_after": 1}}])json");
    at.add(at.b, "b1");
    at.expect("b1", "pending throttled");
    at.add(at.a, "a2");
    at.expect("a2", "sent");
    BOOST_TEST(at.daemon.value("SELECT status FROM messages WHERE text = 'b1'") == "pending");
    at.genesys.faults("[]");
    at.expect("b1", "sent");
    BOOST_TEST(at.daemon.value("SELECT attempts FROM messages WHERE text = 'b1'") == "1");
}

BOOST_AUTO_TEST_CASE(a_401_of_a_gateway_pauses_no_account_wherever_it_comes) {
    for (const auto* operation : {"token", "get_conversation", "send"}) {
        counter at;
        at.converse(at.a);
        at.genesys.faults(R"([{"match": {"operation": ")" + std::string(operation) +
                          R"(", "times": 2}, "do": {"status": 401, "body": "html"}}])");
        at.add(at.a, "a1");
        at.daemon.start();
        at.expect("a1", "sent");
        BOOST_TEST(at.daemon.value("SELECT count(*) FROM changes WHERE message_id IS NULL") == "0",
                   operation);
    }
}

BOOST_AUTO_TEST_CASE(a_login_that_says_wait_is_asked_once_for_all_rows_and_again_by_the_operators_word) {
    counter at;
    at.converse(at.a);
    at.converse(at.b);
    at.genesys.faults(
        R"json([{"match": {"operation": "token"}, "do": {"status": 429, "retry_after": 3600}}])json");
    for (const auto* text : {"a1", "a2", "a3"})
        at.add(at.a, text);
    at.daemon.start();
    at.expect("a1", "pending throttled");
    BOOST_TEST(has(at.detail("a1"), "no access token: HTTP 429"), at.detail("a1"));
    for (const auto* text : {"b1", "b2", "b3"})
        at.add(at.b, text);
    at.daemon.wait_for("SELECT count(*) FROM queue_why WHERE why LIKE 'rate: nothing leaves before %'", "2");
    BOOST_TEST(at.genesys.requests("token") == 1);
    at.genesys.faults("[]");
    at.daemon.sql("UPDATE accounts SET paused = 1");
    at.daemon.process().wait_for_error_line("the account was paused by the operator");
    at.daemon.sql("UPDATE accounts SET paused = 0");
    for (const auto* text : {"a1", "b3"})
        at.expect(text, "sent");
    BOOST_TEST(at.genesys.requests("token") == 2);
}

BOOST_AUTO_TEST_CASE(an_end_is_told_with_its_reason) {
    counter at;
    at.converse(at.a);
    at.genesys.change(at.a, "customer_leave", json::object{{"type", "session.expired"}});
    at.add(at.a, "a1");
    at.daemon.start();
    at.expect("a1", "failed conversation_ended");
    BOOST_TEST(has(at.detail("a1"), "was left by its customer (session.expired); nothing can be sent"),
               at.detail("a1"));
}

BOOST_AUTO_TEST_SUITE_END()
