// Neighbours that hold the database's lock, or its write-ahead log: the network goes on, no result is lost,
// and the log stays bounded or is reported.
#include "health_probe.hpp"
#include "service.hpp"

#include <fstream>

#include <sys/stat.h>

namespace {

using namespace cannedd;
using namespace std::chrono_literals;

class watched_service {
public:
    watched_service()
        : port_(free_port())
        , one(genesys, 0, fast_delivery + ("metrics: {listen: '127.0.0.1:" + std::to_string(port_) + "'}\n"))
        , probe(port_, one.files().directory() / "notify") {
        one.set("NOTIFY_SOCKET", (one.files().directory() / "notify").string());
        one.set("WATCHDOG_USEC", "800000");
        one.start();
        probe.begin();
    }
    void check_it_lived() {
        probe.end();
        BOOST_TEST(probe.answers() > 20);
        BOOST_TEST(probe.watchdogs() > 0);
        BOOST_TEST(probe.slowest_answer().count() < 1000);
        BOOST_TEST(probe.longest_without_watchdog().count() < 1000);
        BOOST_TEST_MESSAGE("slowest /healthz " << probe.slowest_answer().count() << " ms of "
                                               << probe.answers() << ", longest without watchdog "
                                               << probe.longest_without_watchdog().count() << " ms");
    }
    std::int64_t wal_bytes() const {
        struct stat found {};
        return ::stat((one.database().string() + "-wal").c_str(), &found) == 0 ? found.st_size : 0;
    }

private:
    std::uint16_t port_;

public:
    simulator genesys;
    service one;
    health_probe probe;
};

} // namespace

BOOST_AUTO_TEST_SUITE(neighbours_locks_)

BOOST_AUTO_TEST_CASE(a_lock_of_five_seconds_stops_neither_the_network_nor_the_watchdog_and_loses_no_result) {
    watched_service world;
    auto& one = world.one;
    world.genesys.faults(R"json([{"match": {"operation": "send"}, "do": {"process_then_delay": 700}}])json");
    const auto on_the_wire = one.insert(5);
    one.wait_for("SELECT count(*) FROM messages WHERE status = 'sending'", "5");
    one.files().sql("BEGIN IMMEDIATE");
    const auto locked_since = std::chrono::steady_clock::now();
    eventually([&] { return std::chrono::steady_clock::now() - locked_since > 5s; }, "a lock of 5 s");
    for (const auto& text : on_the_wire) // the network went on
        BOOST_TEST(world.genesys.answers("send_agentless", "200") +
                           world.genesys.answers("send_agentless", "202") >=
                       5,
                   text);
    BOOST_TEST(one.files().value("SELECT count(*) FROM messages WHERE status = 'sending'") == "5");
    one.files().sql("COMMIT");
    world.genesys.faults("[]");
    one.insert(5);
    one.wait_for("SELECT count(*) FROM messages WHERE status = 'sent'", "10");
    BOOST_TEST(one.files().value("SELECT count(*) FROM messages WHERE attempts <> 1 OR verified") == "0");
    world.check_it_lived();
    BOOST_TEST(says(one.process().errors(), "another process holds the database's lock"));
    BOOST_TEST(says(one.process().errors(), "the database works again"));
    BOOST_TEST(one.stop() == (exit_status{0, {}}));
    one.check_all_sent_once();
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_rows_in_one_transaction_are_taken_in_without_a_pause) {
    watched_service world;
    auto& one = world.one;
    one.insert(20);
    one.files().sql("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
                    "INSERT INTO messages (conversation_id, text, not_before) SELECT '" +
                    uuid('c', 1000) + "', 'later ' || i, 4000000000000 FROM n");
    const auto longest = world.wal_bytes();
    one.insert(20);
    one.wait_until_seen();
    eventually([&] { return world.wal_bytes() < 1000 * 4096; }, "the log is cut");
    world.check_it_lived();
    BOOST_TEST_MESSAGE("log " << longest << " bytes after the transaction");
    BOOST_TEST(one.stop() == (exit_status{0, {}}));
    one.check_all_sent_once();
}

BOOST_AUTO_TEST_CASE(a_reader_that_keeps_the_log_from_being_cut_is_reported_with_the_logs_size) {
    watched_service world;
    auto& one = world.one;
    one.insert(1);
    one.wait_for("SELECT count(*) FROM messages WHERE status = 'sent'", "1");
    one.files().sql("BEGIN");
    BOOST_TEST(one.files().value("SELECT count(*) FROM messages") == "1");
    std::vector<std::string> texts;
    std::string script;
    for (int commit = 0; commit < 25; ++commit)
        script +=
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400) INSERT INTO "
            "messages (conversation_id, text, not_before) SELECT '" +
            uuid('c', 1000) + "', 'later ' || i, 4000000000000 FROM n;";
    BOOST_TEST(one.shell(script + one.insert_words(20, texts)) == "");
    one.wait_until_seen(); // the reader is in nobody's way but the log's
    const auto line = one.process().wait_for_error_line("a reader keeps the write-ahead log from being cut");
    BOOST_TEST(says(line, "wal_bytes="), line);
    BOOST_TEST_MESSAGE(line);
    one.files().sql("COMMIT");
    eventually([&] { return world.wal_bytes() < 1000 * 4096; }, "the log is cut when the reader has ended");
    world.check_it_lived();
    BOOST_TEST(one.stop() == (exit_status{0, {}}));
    one.check_all_sent_once();
}

BOOST_AUTO_TEST_CASE(the_log_stays_under_a_thousand_pages_while_producers_commit_row_by_row) {
    watched_service world;
    auto& one = world.one;
    std::vector<std::string> texts;
    std::string script;
    for (int row = 0; row < 400; ++row)
        script += one.insert_words(1, texts) + "\n";
    std::vector<std::unique_ptr<child_process>> producers;
    for (int producer = 0; producer < 3; ++producer) {
        process_options how;
        how.arguments = {"-batch", "-bail", "-cmd", ".timeout 10000", one.database().string()};
        how.input = producer == 0 ? script : "";
        for (int row = 0; row < 400 && producer > 0; ++row)
            how.input += one.insert_words(1, texts) + "\n";
        producers.push_back(std::make_unique<child_process>("/usr/bin/sqlite3", std::move(how)));
    }
    std::int64_t longest = 0;
    const auto look = [&] {
        longest = std::max(longest, world.wal_bytes());
        return std::ranges::none_of(producers, [](const auto& p) { return p->running(); });
    };
    eventually(look, "the producers have ended", 60s);
    for (const auto& producer : producers)
        BOOST_TEST(producer->wait() == (exit_status{0, {}}), producer->errors());
    eventually(
        [&] {
            longest = std::max(longest, world.wal_bytes());
            return one.files().value("SELECT count(*) FROM messages WHERE status = 'sent'") == "1200";
        },
        "all sent", 60s);
    BOOST_TEST(longest < 1000 * 4120, "the log grew to " << longest << " bytes");
    BOOST_TEST_MESSAGE("longest log " << longest << " bytes");
    world.check_it_lived();
    BOOST_TEST(one.stop() == (exit_status{0, {}}));
    one.check_all_sent_once();
}

BOOST_AUTO_TEST_SUITE_END()
