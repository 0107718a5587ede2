// Neighbours that hold the database's lock, or its write-ahead log: the network goes on, no result is lost,
// and the log stays bounded or is reported.
#include "health_probe.hpp"
#include "service.hpp"

#include <fstream>

#include <sys/stat.h>

namespace {

using namespace cannedd;
using namespace std::chrono_literals;

// A service and its probe.
struct probed_service {
    probed_service(simulator& genesys, int number)
        : one(genesys, number, std::string(fast_delivery) + "metrics: {listen: '127.0.0.1:0'}\n")
        , probe(one.files().directory() / "notify") {
        one.set("NOTIFY_SOCKET", (one.files().directory() / "notify").string());
        one.set("WATCHDOG_USEC", "800000");
        one.start();
    }
    void begin(const std::filesystem::path& synced = {}) { probe.begin(metrics_port(), synced); }
    std::uint16_t metrics_port() {
        const auto log = one.process().errors();
        const std::string host = "127.0.0.1:";
        const auto at = log.find(host, log.find("metrics are served"));
        BOOST_REQUIRE_MESSAGE(at != std::string::npos, log);
        return static_cast<std::uint16_t>(std::stoul(log.substr(at + host.size())));
    }

    service one;
    health_probe probe;
};

// One that its neighbours trouble, beside one that is left alone: what the machine does to both is nobody's
// fault.
class watched_service {
public:
    watched_service() : troubled_(genesys, 0), idle_(genesys, 1), one(troubled_.one) {
        troubled_.begin();
        idle_.begin(idle_.one.files().directory() / "page");
    }
    void check_it_lived() {
        auto &probe = troubled_.probe, &machine = idle_.probe;
        for (const auto* each : {&probe, &machine})
            eventually([&] { return each->answers() > 20 && each->watchdogs() > 1; }, "signs of life");
        probe.end();
        machine.end();
        const auto a_second = 1s + 10 * std::max(machine.slowest_answer(), 1ms);
        BOOST_TEST(probe.unanswered() == 0);
        BOOST_TEST((probe.slowest_answer() < a_second), told(probe) << "; idle: " << told(machine));
        BOOST_TEST((probe.longest_without_watchdog() < a_second), told(probe) << "; idle: " << told(machine));
        BOOST_TEST_MESSAGE(told(probe) << "; idle: " << told(machine));
    }
    std::int64_t wal_bytes() const {
        struct stat found {};
        return ::stat((one.database().string() + "-wal").c_str(), &found) == 0 ? found.st_size : 0;
    }

    simulator genesys;

private:
    static std::string told(const health_probe& by) {
        return "slowest /healthz " + std::to_string(by.slowest_answer().count()) + " ms of " +
               std::to_string(by.answers()) + ", longest without watchdog " +
               std::to_string(by.longest_without_watchdog().count()) + " ms";
    }
    probed_service troubled_, idle_;

public:
    service& one;
};

} // namespace

BOOST_AUTO_TEST_SUITE(neighbours_locks_)

BOOST_AUTO_TEST_CASE(a_lock_of_five_seconds_stops_neither_the_network_nor_the_watchdog_and_loses_no_result) {
    watched_service world;
    auto& one = world.one;
    world.genesys.faults(R"json([{"match": {"operation": "send"}, "do": "process_then_hold"}])json");
    one.insert(5);
    one.wait_for("SELECT count(*) FROM messages WHERE status = 'sending'", "5");
    one.files().sql("BEGIN IMMEDIATE");
    const auto locked_since = std::chrono::steady_clock::now();
    world.genesys.faults("[]");
    // The network goes on: the answers arrive, and cannot be recorded.
    one.process().wait_for_error_line("another process holds the database's lock");
    eventually([&] { return std::chrono::steady_clock::now() - locked_since > 5s; }, "a lock of 5 s");
    BOOST_TEST(one.files().value("SELECT count(*) FROM messages WHERE status = 'sending'") == "5");
    one.files().sql("COMMIT");
    one.process().wait_for_error_line("the database works again");
    one.insert(5);
    one.wait_for("SELECT count(*) FROM messages WHERE status = 'sent'", "10");
    BOOST_TEST(one.files().value("SELECT count(*) FROM messages WHERE attempts <> 1 OR verified") == "0");
    world.check_it_lived();
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
    // In rounds, each of which the daemon ends: what producers commit while the machine gives it no turn is
    // not its doing. A round is 30 commits of some 10 pages; all of them would be more than four
    // thousand pages.
    constexpr int rounds = 15, producers = 3, rows = 10;
    watched_service world;
    auto& one = world.one;
    std::int64_t longest = 0;
    const auto until = [&](auto&& it_is_so, const char* what) {
        const auto look = [&] {
            longest = std::max(longest, world.wal_bytes());
            return it_is_so();
        };
        eventually(look, what);
    };
    for (int round = 1; round <= rounds; ++round) {
        std::vector<std::unique_ptr<child_process>> running;
        for (int producer = 0; producer < producers; ++producer) {
            process_options how;
            how.arguments = {"-batch", "-bail", "-cmd", ".timeout 120000", one.database().string()};
            std::vector<std::string> texts;
            for (int row = 0; row < rows; ++row)
                how.input += one.insert_words(1, texts) + "\n";
            running.push_back(std::make_unique<child_process>("/usr/bin/sqlite3", std::move(how)));
        }
        until([&] { return std::ranges::none_of(running, [](const auto& p) { return p->running(); }); },
              "the producers have ended");
        for (const auto& producer : running)
            BOOST_TEST(producer->wait() == (exit_status{0, {}}), producer->errors());
        const auto all = std::to_string(round * producers * rows);
        until([&] { return one.files().value("SELECT count(*) FROM messages WHERE status = 'sent'") == all; },
              "all sent");
    }
    BOOST_TEST(longest < 1000 * 4120, "the log grew to " << longest << " bytes");
    BOOST_TEST_MESSAGE("longest log " << longest << " bytes");
    world.check_it_lived();
    BOOST_TEST(one.stop() == (exit_status{0, {}}));
    one.check_all_sent_once();
}

BOOST_AUTO_TEST_SUITE_END()
