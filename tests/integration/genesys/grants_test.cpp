// The four ways to a token, and who speaks by it.
#include "integration/genesys/credentials.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

using namespace cannedd;

std::string content(const std::filesystem::path& file) {
    std::ifstream in(file);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

void send_and_wait(running_daemon& daemon, const std::string& text) {
    daemon.sql(insert("conversation_id, text", quoted(talk) + "," + quoted(text)));
    daemon.wait_for("SELECT status FROM messages WHERE text = " + quoted(text), "sent");
}

// One message by this grant: the customer's view of it.
seen_message spoken_by(const credentials& files, const std::string& auth) {
    simulator genesys(files.org());
    genesys.add_conversation({{"id", talk}, {"agent", uuid('a', 1)}});
    running_daemon daemon(genesys, brisk, files.account(genesys, auth));
    daemon.start();
    send_and_wait(daemon, "hello");
    eventually([&] { return !genesys.transcript().empty(); }, "the customer reads it");
    BOOST_TEST(genesys.violations().empty());
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
    return genesys.transcript().front();
}

void check_spoken(simulator& genesys, int number, const std::string& user) {
    const auto heard = genesys.transcript(uuid('c', number));
    BOOST_TEST_REQUIRE(heard.size() == 1U);
    BOOST_TEST(heard.front().user_id == user);
    BOOST_TEST(heard.front().operation == "send_message");
}

} // namespace

BOOST_AUTO_TEST_SUITE(genesys_grants_)

BOOST_AUTO_TEST_CASE(client_credentials_speak_on_route_agentless_without_a_user) {
    const credentials files;
    const auto heard = spoken_by(files, files.by_secret());
    BOOST_TEST(heard.operation == "send_agentless");
    BOOST_TEST(heard.purpose == "api");
    BOOST_TEST(heard.user_id.empty());
}

BOOST_AUTO_TEST_CASE(a_signed_client_assertion_does_in_place_of_a_secret) {
    const credentials files;
    const auto heard = spoken_by(files, files.by_key());
    BOOST_TEST(heard.operation == "send_agentless");
    BOOST_TEST(heard.user_id.empty());
}

BOOST_AUTO_TEST_CASE(a_signed_saml_assertion_makes_the_account_speak_as_its_user) {
    const credentials files;
    const auto heard = spoken_by(files, files.by_saml(1));
    BOOST_TEST(heard.operation == "send_message");
    BOOST_TEST(heard.user_id == uuid('a', 1));
}

BOOST_AUTO_TEST_CASE(each_refresh_token_works_once_and_the_newest_survives_restart_and_kill) {
    const credentials files;
    simulator genesys(files.org());
    genesys.add_conversation({{"id", talk}, {"agent", uuid('a', 1)}});
    running_daemon daemon(genesys, brisk, files.account(genesys, files.by_refresh_token(1)));
    const auto kept = daemon.directory() / "private" / "default.refresh_token";
    std::string last = "first_1";
    for (int life = 1; life <= 4; ++life) {
        daemon.start();
        send_and_wait(daemon, "life " + std::to_string(life));
        const auto newest = content(kept);
        BOOST_TEST(newest != last);
        last = newest;
        if (life % 2 == 0)
            daemon.kill();
        else
            daemon.stop();
    }
    BOOST_TEST((std::filesystem::status(kept).permissions() == std::filesystem::perms(0600)));
    BOOST_TEST(genesys.texts_seen() == (std::vector<std::string>{"life 1", "life 2", "life 3", "life 4"}),
               boost::test_tools::per_element());
    BOOST_TEST(genesys.transcript().back().user_id == uuid('a', 1));
}

BOOST_AUTO_TEST_CASE(a_revoked_token_is_renewed_once_and_the_row_does_not_notice) {
    const credentials files;
    simulator genesys(files.org());
    genesys.add_conversation({{"id", talk}, {"agent", uuid('a', 1)}});
    running_daemon daemon(genesys, brisk, files.account(genesys, files.by_refresh_token(1)));
    daemon.start();
    send_and_wait(daemon, "before");
    genesys.remove("tokens");
    send_and_wait(daemon, "after");
    BOOST_TEST(daemon.value("SELECT attempts FROM messages WHERE text = 'after'") == "1");
    BOOST_TEST(daemon.value("SELECT paused FROM accounts") == "0");
}

BOOST_AUTO_TEST_CASE(each_agent_speaks_by_their_own_token_and_one_without_is_held) {
    const credentials files;
    simulator genesys(files.org());
    for (int n = 1; n <= 3; ++n)
        genesys.add_conversation({{"id", uuid('c', n)}, {"agent", uuid('a', n)}});
    const auto auth = files.by_secret_with_users(uuid('a', 1) + ": " + files.by_refresh_token(1) + ", " +
                                                 uuid('a', 2) + ": " + files.by_saml(2));
    running_daemon daemon(genesys, brisk, files.account(genesys, auth, "    route: message\n"));
    daemon.start();
    // With and without agent_id: the conversation's own agent speaks.
    daemon.sql(insert("conversation_id, agent_id, text",
                      quoted(uuid('c', 3)) + "," + quoted(uuid('a', 3)) + ",'three'"));
    daemon.sql(insert("conversation_id, text", quoted(uuid('c', 1)) + ",'one'"));
    daemon.sql(insert("conversation_id, agent_id, text",
                      quoted(uuid('c', 2)) + "," + quoted(uuid('a', 2)) + ",'two'"));
    daemon.wait_for("SELECT group_concat(status) FROM (SELECT status FROM messages ORDER BY id)",
                    "held,sent,sent");
    check_spoken(genesys, 1, uuid('a', 1));
    check_spoken(genesys, 2, uuid('a', 2));
    BOOST_TEST(genesys.transcript(uuid('c', 3)).empty());
    BOOST_TEST(daemon.value("SELECT error FROM messages WHERE text = 'three'") == "not_a_user");
    const auto sentence = daemon.value("SELECT error_detail FROM messages WHERE text = 'three'");
    BOOST_TEST(sentence.find("accounts.default.auth.users") != std::string::npos, sentence);
    BOOST_TEST(sentence.find(uuid('a', 3)) != std::string::npos, sentence);
    BOOST_TEST(daemon.value("SELECT paused FROM accounts") == "0");
}

BOOST_AUTO_TEST_CASE(an_agent_whose_refresh_token_was_revoked_is_held_and_nobody_else) {
    const credentials files;
    simulator genesys(files.org());
    for (int n = 1; n <= 2; ++n)
        genesys.add_conversation({{"id", uuid('c', n)}, {"agent", uuid('a', n)}});
    genesys.faults(R"([{"match": {"operation": "token", "text": "first_1"},
                        "do": {"status": 400, "code": "invalid_grant"}}])");
    const auto auth = files.by_secret_with_users(uuid('a', 1) + ": " + files.by_refresh_token(1) + ", " +
                                                 uuid('a', 2) + ": " + files.by_refresh_token(2));
    running_daemon daemon(genesys, brisk, files.account(genesys, auth, "    route: message\n"));
    daemon.sql(insert("conversation_id, text", quoted(uuid('c', 1)) + ",'one'"));
    daemon.sql(insert("conversation_id, text", quoted(uuid('c', 2)) + ",'two'"));
    daemon.start();
    daemon.wait_for("SELECT group_concat(status) FROM (SELECT status FROM messages ORDER BY id)",
                    "held,sent");
    BOOST_TEST(daemon.value("SELECT error FROM messages WHERE text = 'one'") == "invalid_client");
    BOOST_TEST(daemon.value("SELECT paused FROM accounts") == "0");
    BOOST_TEST(genesys.transcript(uuid('c', 1)).empty());
    check_spoken(genesys, 2, uuid('a', 2));
}

BOOST_AUTO_TEST_CASE(an_agent_whose_tokens_the_api_refuses_is_held_and_nobody_else) {
    const credentials files;
    simulator genesys(files.org());
    for (int n = 1; n <= 2; ++n)
        genesys.add_conversation({{"id", uuid('c', n)}, {"agent", uuid('a', n)}});
    genesys.faults(R"([{"match": {"operation": "send", "conversation": ")" + uuid('c', 1) +
                   R"("}, "do": {"status": 401}}])");
    const auto auth = files.by_secret_with_users(uuid('a', 1) + ": " + files.by_refresh_token(1) + ", " +
                                                 uuid('a', 2) + ": " + files.by_refresh_token(2));
    running_daemon daemon(genesys, brisk, files.account(genesys, auth, "    route: message\n"));
    daemon.sql(insert("conversation_id, text", quoted(uuid('c', 1)) + ",'one'"));
    daemon.sql(insert("conversation_id, text", quoted(uuid('c', 2)) + ",'two'"));
    daemon.start();
    daemon.wait_for("SELECT group_concat(status) FROM (SELECT status FROM messages ORDER BY id)",
                    "held,sent");
    BOOST_TEST(daemon.value("SELECT error FROM messages WHERE text = 'one'") == "unauthorized");
    BOOST_TEST(daemon.value("SELECT paused FROM accounts") == "0");
}

BOOST_AUTO_TEST_SUITE_END()
