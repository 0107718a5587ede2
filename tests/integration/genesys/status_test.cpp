// After acceptance: what became of a message at the customer's.
#include "integration/genesys/credentials.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>

namespace {

using namespace cannedd;

constexpr auto following =
    "delivery: {follow_status: true, settle: 100ms, backoff: {base: 50ms, max: 200ms}}\n";

std::string remote_status(const std::string& text) {
    return "SELECT remote_status FROM messages WHERE text = " + quoted(text);
}

// The operations that were asked for, in the order in which they were answered.
std::vector<std::string> operations(const simulator& genesys) {
    std::vector<std::string> asked;
    std::ifstream log(genesys.directory() / "requests.jsonl");
    for (std::string line; std::getline(log, line);)
        asked.emplace_back(boost::json::parse(line).at("operation").as_string());
    return asked;
}

} // namespace

BOOST_AUTO_TEST_SUITE(genesys_status_)

BOOST_AUTO_TEST_CASE(an_accepted_message_is_followed_to_success_or_to_failure_with_its_reason) {
    const credentials files;
    simulator genesys(files.org("delivery: {sent_after_ms: 50, final_after_ms: 200}\n"));
    genesys.add_conversation({{"id", uuid('c', 1)}, {"agent", uuid('a', 1)}});
    genesys.faults(R"json([{"match": {"operation": "send", "text": "unlucky"},
        "do": {"delivery_failed": {"code": "recipient.unreachable", "message": "The phone is off"}}}])json");
    running_daemon daemon(genesys, following, files.account(genesys, files.by_secret()));
    daemon.start();
    for (const auto* text : {"lucky", "unlucky"})
        daemon.sql(insert("conversation_id, text", quoted(uuid('c', 1)) + "," + quoted(text)));
    daemon.wait_for(remote_status("lucky"), "delivery-success");
    daemon.wait_for(remote_status("unlucky"), "delivery-failed");
    // Accepted stays accepted: whether to write again is for people to decide.
    BOOST_TEST(daemon.value("SELECT group_concat(status) FROM messages") == "sent,sent");
    const auto reason = daemon.value("SELECT error_detail FROM messages WHERE text = 'unlucky'");
    BOOST_TEST(reason.find("The phone is off") != std::string::npos, reason);
    const auto asked = genesys.requests("read_back");
    BOOST_TEST(asked >= 1);
    BOOST_TEST(asked <= 4); // one request for both rows, not one for each
    BOOST_TEST(genesys.violations().empty());
}

BOOST_AUTO_TEST_CASE(no_status_is_asked_for_while_rows_are_due) {
    constexpr int rows = 12;
    const credentials files;
    simulator genesys(files.org("delivery: {sent_after_ms: 10, final_after_ms: 20}\n"));
    // Two requests for each row and three a second: due rows for longer than two looks of the follower.
    const auto slow = "  default:\n    api_url: " + genesys.url() + "\n    login_url: " + genesys.url() +
                      "\n    ca_file: " + genesys.ca_file() + "\n    auth: " + files.by_secret() +
                      "\n    rate: {requests_per_minute: 180, burst: 4}\n";
    running_daemon daemon(genesys, following, slow);
    for (int n = 0; n < rows; ++n) {
        genesys.add_conversation({{"id", uuid('c', n)}, {"agent", uuid('a', 1)}});
        daemon.sql(insert("conversation_id, text", quoted(uuid('c', n)) + ",'x'"));
    }
    daemon.start();
    daemon.wait_for("SELECT count(*) FROM messages WHERE remote_status = 'delivery-success'",
                    std::to_string(rows));
    daemon.stop();
    const auto asked = operations(genesys);
    const auto first_look = std::find(asked.begin(), asked.end(), "read_back");
    BOOST_TEST(std::count(asked.begin(), first_look, "send_agentless") == rows);
    BOOST_TEST((first_look != asked.end()));
}

BOOST_AUTO_TEST_SUITE_END()
