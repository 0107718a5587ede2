// Many conversations of one user are looked up by one list, and nothing of it is worse than a look-up each.
#include "integration/genesys/credentials.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cannedd;

const auto agent = uuid('a', 1);

// The account speaks as agent 1, unless its auth says otherwise.
struct busy_agent {
    explicit busy_agent(const std::string& own_list = "{most: 100}", const std::string& auth = {})
        : genesys(files.org("own_list: " + own_list + "\n"))
        , daemon(genesys, brisk,
                 files.account(genesys, auth.empty() ? files.by_refresh_token(1) : auth,
                               "    route: message\n    connections: 2\n")) {}

    void serves(int first, int last) {
        for (int n = first; n <= last; ++n)
            genesys.add_conversation({{"id", uuid('c', n)}, {"agent", agent}});
    }
    static std::string text_for(int number) { return "to " + std::to_string(number); }
    void add(int number, const std::string& agent_id = "NULL") {
        daemon.sql(insert("conversation_id, agent_id, text",
                          quoted(uuid('c', number)) + "," + agent_id + "," + quoted(text_for(number))));
    }
    void add_all(int first, int last, const std::string& agent_id = "NULL") {
        for (int n = first; n <= last; ++n)
            add(n, agent_id);
    }
    void wait_until_sent(int messages) {
        daemon.wait_for("SELECT count(*) FROM messages WHERE status = 'sent'", std::to_string(messages));
    }
    // Each customer has read his own text once.
    void check_heard(int first, int last) {
        for (int n = first; n <= last; ++n)
            BOOST_TEST(genesys.texts_seen(uuid('c', n)) == (std::vector<std::string>{text_for(n)}),
                       boost::test_tools::per_element());
        BOOST_TEST(genesys.violations().empty());
    }
    std::int64_t looks() { return genesys.requests("get_conversation"); }
    std::int64_t lists() { return genesys.requests("list_message_conversations"); }

    credentials files;
    simulator genesys;
    running_daemon daemon;
};

} // namespace

BOOST_AUTO_TEST_SUITE(genesys_list_)

BOOST_AUTO_TEST_CASE(forty_conversations_cost_a_few_look_ups) {
    busy_agent at;
    at.serves(1, 40);
    at.daemon.start();
    at.add_all(1, 40);
    at.wait_until_sent(40);
    at.check_heard(1, 40);
    BOOST_TEST(at.lists() == 1);
    BOOST_TEST(at.looks() <= 4);
}

BOOST_AUTO_TEST_CASE(what_the_list_lacks_is_looked_up_by_itself) {
    busy_agent at("{most: 10}");
    at.serves(1, 30);
    at.daemon.start();
    at.add_all(1, 30);
    at.wait_until_sent(30);
    at.check_heard(1, 30);
    BOOST_TEST(at.lists() == 1);
    BOOST_TEST(at.looks() >= 20);
    BOOST_TEST(at.looks() <= 24);
}

BOOST_AUTO_TEST_CASE(a_list_without_peers_is_asked_for_once) {
    busy_agent at("{most: 100, peer: false}");
    at.serves(1, 12);
    at.daemon.start();
    at.add_all(1, 12);
    at.wait_until_sent(12);
    at.check_heard(1, 12);
    BOOST_TEST(at.lists() == 1);
    BOOST_TEST(at.looks() == 12);
}

BOOST_AUTO_TEST_CASE(a_list_that_fails_is_not_repeated_and_every_row_goes) {
    for (const std::string fault :
         {R"({"status": 403, "code": "not.authorized"})", R"({"status": 400, "code": "not.a.user"})",
          R"({"status": 503, "body": "html"})", R"({"status": 429, "retry_after": 1})",
          R"("close_before_processing")", R"("process_then_truncate")",
          R"({"status": 200, "body": "malformed"})", R"({"oversized_body": 9000000})"}) {
        busy_agent at;
        at.genesys.faults(R"([{"match": {"operation": "list_message_conversations"}, "do": )" + fault + "}]");
        at.serves(1, 12);
        at.daemon.start();
        at.add_all(1, 12);
        at.wait_until_sent(12);
        at.check_heard(1, 12);
        BOOST_TEST(at.lists() == 1, fault);
        BOOST_TEST(at.looks() == 12, fault);
        BOOST_TEST(at.daemon.value("SELECT paused FROM accounts") == "0", fault);
    }
}

BOOST_AUTO_TEST_CASE(one_that_has_moved_since_the_list_is_refused_looked_up_and_sent_once) {
    busy_agent at;
    at.serves(1, 5);
    at.daemon.start();
    at.add_all(1, 4);
    at.wait_until_sent(4);
    BOOST_TEST(at.lists() == 1);
    const auto looks = at.looks();
    at.genesys.change(uuid('c', 5), "reconnect");
    at.add(5);
    at.wait_until_sent(5);
    at.check_heard(1, 5);
    BOOST_TEST(at.looks() == looks + 1);
    BOOST_TEST(at.genesys.answers("send_message", "404") == 1);
    BOOST_TEST(at.lists() == 1);
}

BOOST_AUTO_TEST_CASE(one_that_has_ended_since_the_list_costs_a_send_and_a_look_up) {
    busy_agent at;
    at.serves(1, 5);
    at.daemon.start();
    at.add_all(1, 4);
    at.wait_until_sent(4);
    const auto looks = at.looks();
    at.genesys.change(uuid('c', 5), "end");
    at.add(5);
    at.daemon.wait_for("SELECT error FROM messages WHERE status = 'failed'", "conversation_ended");
    BOOST_TEST(at.looks() == looks + 1);
    BOOST_TEST(at.lists() == 1);
}

BOOST_AUTO_TEST_CASE(an_ended_conversation_costs_one_request_and_no_list) {
    busy_agent at;
    at.serves(1, 1);
    at.genesys.change(uuid('c', 1), "end");
    for (int row = 0; row < 5; ++row)
        at.add(1);
    at.daemon.start();
    at.daemon.wait_for("SELECT count(*) FROM messages WHERE error = 'conversation_ended'", "5");
    BOOST_TEST(at.looks() == 1);
    BOOST_TEST(at.lists() == 0);
}

BOOST_AUTO_TEST_CASE(an_agents_own_token_lists_and_the_clients_never_does) {
    const credentials files;
    busy_agent at("{most: 100}", files.by_secret_with_users(agent + ": " + files.by_refresh_token(1)));
    at.serves(1, 24);
    at.daemon.start();
    at.add_all(1, 12);
    at.wait_until_sent(12);
    BOOST_TEST(at.lists() == 0); // which token would list them is not known before
    BOOST_TEST(at.looks() == 12);
    at.add_all(13, 24, quoted(agent));
    at.wait_until_sent(24);
    at.check_heard(1, 24);
    BOOST_TEST(at.lists() == 1);
    BOOST_TEST(at.looks() <= 16);
    BOOST_TEST(at.genesys.answers("list_message_conversations", "200") == 1);
}

BOOST_AUTO_TEST_CASE(a_response_is_filled_in_with_what_the_conversation_itself_tells) {
    for (const bool told : {false, true}) { // by the list
        busy_agent at(told ? "{most: 100, attributes: true}" : "{most: 100}");
        for (int n = 1; n <= 8; ++n)
            at.genesys.add_conversation(
                {{"id", uuid('c', n)}, {"agent", agent}, {"customer", {{"attributes", {{"city", "Ulm"}}}}}});
        at.daemon.start();
        at.daemon.sql("INSERT INTO responses (name, text) VALUES ('greeting', 'Hello from {{city}}')");
        for (int n = 1; n <= 8; ++n)
            at.daemon.sql(insert("conversation_id, response", quoted(uuid('c', n)) + ",'greeting'"));
        at.wait_until_sent(8);
        for (int n = 1; n <= 8; ++n)
            BOOST_TEST(at.genesys.texts_seen(uuid('c', n)) == (std::vector<std::string>{"Hello from Ulm"}),
                       boost::test_tools::per_element());
        BOOST_TEST(at.lists() == 1);
        BOOST_TEST((at.looks() < 8) == told);
    }
}

BOOST_AUTO_TEST_SUITE_END()
