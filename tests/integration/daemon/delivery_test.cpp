// The main job, end to end: rows in, each customer reads each text once and in order, under faults.
#include "running_daemon.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

namespace {

using namespace cannedd;
using namespace std::chrono_literals;

constexpr int conversations = 100;
constexpr int texts_each = 5;

// One message in ten meets something; every kind of it is among them.
constexpr auto faults = R"json([
 {"match": {"operation": "send", "probability": 0.02}, "do": "process_then_close"},
 {"match": {"operation": "send", "probability": 0.02}, "do": "close_before_processing"},
 {"match": {"operation": "send", "probability": 0.01}, "do": {"process_then_status": 503}},
 {"match": {"operation": "send", "probability": 0.01}, "do": {"status": 502}},
 {"match": {"operation": "send", "probability": 0.01}, "do": "accept_202"},
 {"match": {"operation": "send", "probability": 0.01}, "do": "process_then_truncate"},
 {"match": {"operation": "send", "probability": 0.01}, "do": "process_then_reset"},
 {"match": {"operation": "send", "probability": 0.01, "times": 3}, "do": {"status": 429, "retry_after": 1}}])json";

const std::vector<std::string> routes{"message", "agentless", "chat", "tutorial"};

std::string route_of(int conversation) {
    return routes[static_cast<std::size_t>(conversation) % routes.size()];
}

simulator_options open_org() {
    simulator_options options;
    options.plan = "rate: {limit: 100000}\nclient_may_speak: true\nlegacy_chat: true\ntutorial: true\n";
    return options;
}

void add_conversations(simulator& genesys) {
    for (int c = 0; c < conversations; ++c) {
        boost::json::object description{{"id", uuid('c', c)}, {"agent", uuid('a', c)}};
        description["media"] = route_of(c) == "chat" ? "chat" : "message";
        genesys.add_conversation(description);
    }
}

void insert_rows(running_daemon& daemon) {
    std::string rows;
    for (int n = 0; n < texts_each; ++n)
        for (int c = 0; c < conversations; ++c)
            rows += std::string(rows.empty() ? "" : ",") + "('" + uuid('c', c) + "','" + uuid('a', c) +
                    "','" + route_of(c) + "','text " + std::to_string(n) + "')";
    daemon.sql("INSERT INTO messages (conversation_id, agent_id, route, text) VALUES " + rows);
}

void check_transcripts(simulator& genesys) {
    std::map<std::string, std::string> seen;
    for (const auto& m : genesys.transcript())
        seen[m.conversation] += m.text + ';';
    std::string expected;
    for (int n = 0; n < texts_each; ++n)
        expected += "text " + std::to_string(n) + ';';
    for (int c = 0; c < conversations; ++c)
        BOOST_TEST(seen[uuid('c', c)] == expected, route_of(c) << ": " << seen[uuid('c', c)]);
}

constexpr auto fast =
    "delivery: {settle: 200ms, backoff: {base: 50ms, max: 1s}, breaker: {failures: 50, cool_off: 100ms}}\n";
// 50 a second after a burst of 50: the limiter decides when each request leaves.
constexpr auto scarce = "    rate: {requests_per_minute: 3000, burst: 50}\n    connections: 8\n"
                        "    conversation_rate: {messages_per_minute: 6000, burst: 100}\n";

} // namespace

BOOST_AUTO_TEST_SUITE(daemon_delivery_)

BOOST_AUTO_TEST_CASE(five_hundred_rows_over_four_routes_under_faults_arrive_once_and_in_order) {
    simulator genesys(open_org());
    add_conversations(genesys);
    genesys.faults(faults);
    running_daemon daemon(genesys, fast, running_daemon::account(genesys, "default", scarce));
    insert_rows(daemon);
    daemon.start();
    daemon.wait_for("SELECT count(*) FROM messages WHERE status = 'sent'", "500");
    check_transcripts(genesys);
    BOOST_TEST(genesys.violations().empty());
    // What a bucket lets leave in 2 s; those on their way in 8 connections may arrive late, and so together.
    BOOST_TEST(genesys.max_in_window(2s) <= 50 + 2 * 50 + 8);
    BOOST_TEST(genesys.max_in_window(60s) <= 3000);
    BOOST_TEST_MESSAGE(
        "verified " << daemon.value("SELECT sum(verified) FROM messages") << ", attempts "
                    << daemon.value("SELECT count(*) FROM attempts") << ", outcomes "
                    << daemon.value("SELECT group_concat(o) FROM (SELECT outcome||' '||count(*) AS o FROM "
                                    "attempts GROUP BY outcome)"));
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_CASE(sigterm_in_mid_traffic_loses_nothing) {
    simulator genesys(open_org());
    add_conversations(genesys);
    running_daemon daemon(genesys, fast, running_daemon::account(genesys, "default", wide_rates));
    genesys.faults(R"json([{"match": {"operation": "send"}, "do": {"process_then_delay": 20}}])json");
    insert_rows(daemon);
    for (int life = 0; life < 4; ++life) {
        daemon.start();
        const auto goal = std::to_string((life + 1) * 40);
        eventually(
            [&] {
                return std::stoi(daemon.value("SELECT count(*) FROM messages WHERE status = 'sent'")) >=
                       std::stoi(goal);
            },
            "some are sent");
        BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
        BOOST_TEST(daemon.value("SELECT count(*) FROM messages WHERE status = 'sending'") == "0");
    }
    const auto drained = daemon.run({"--drain"});
    BOOST_TEST(drained.status == (exit_status{0, {}}), drained.errors);
    BOOST_TEST(daemon.value("SELECT count(*) FROM messages WHERE status = 'sent' AND attempts = 1") == "500");
    check_transcripts(genesys);
}

BOOST_AUTO_TEST_SUITE_END()
