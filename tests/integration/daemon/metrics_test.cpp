// What a scrape of a running daemon tells, and that alert rules and dashboard ask for nothing else.
#include "running_daemon.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

namespace {

using namespace cannedd;
using namespace std::chrono_literals;

const std::string listening = "metrics: {listen: '127.0.0.1:0'}\n";

std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

class scraper {
public:
    explicit scraper(running_daemon& daemon) {
        const std::string mark = "metrics are served\" address=127.0.0.1:";
        std::string said; // before or after "ready"
        const auto served = [&] { return (said = daemon.errors()).find(mark) != std::string::npos; };
        eventually(served, mark);
        port_ = static_cast<std::uint16_t>(std::stoi(said.substr(said.find(mark) + mark.size())));
    }
    std::string scrape(const std::string& path = "/metrics") const {
        namespace asio = boost::asio;
        asio::io_context context;
        asio::ip::tcp::socket socket(context);
        socket.connect({asio::ip::make_address("127.0.0.1"), port_});
        asio::write(socket, asio::buffer("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        std::string answer;
        boost::system::error_code end;
        asio::read(socket, asio::dynamic_buffer(answer), end);
        return answer;
    }
    // "none" where there is no such series.
    std::string value(const std::string& series) const {
        const auto page = scrape();
        const auto at = page.find('\n' + series + ' ');
        if (at == std::string::npos) return "none";
        const auto from = at + series.size() + 2;
        return page.substr(from, page.find('\n', from) - from);
    }
    void wait_for(const std::string& series, const std::function<bool(double)>& right) const {
        eventually(
            [&] {
                const auto now = value(series);
                return now != "none" && right(std::stod(now));
            },
            series);
    }

private:
    std::uint16_t port_ = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(metrics_)

BOOST_AUTO_TEST_CASE(every_series_of_an_account_is_there_before_anything_happens) {
    simulator genesys;
    running_daemon daemon(genesys, listening);
    daemon.start();
    const scraper prometheus(daemon);
    for (const std::string status : {"sent", "verified", "undelivered", "failed", "expired", "unconfirmed"})
        BOOST_TEST(prometheus.value("cannedd_results_total{account=\"default\",status=\"" + status + "\"}") ==
                   "0");
    for (const std::string status :
         {"pending", "sending", "sent", "failed", "expired", "cancelled", "held", "unconfirmed"})
        BOOST_TEST(prometheus.value("cannedd_messages{account=\"default\",status=\"" + status + "\"}") ==
                   "0");
    for (const std::string what : {"accepted", "throttled", "indeterminate", "not_sent"})
        BOOST_TEST(prometheus.value("cannedd_attempts_total{account=\"default\",outcome=\"" + what + "\"}") ==
                   "0");
    for (const std::string code : {"200", "400", "401"})
        BOOST_TEST(prometheus.value("cannedd_token_requests_total{account=\"default\",code=\"" + code +
                                    "\"}") == "0");
    for (const std::string name : {"oldest_due_seconds", "oldest_undelivered_seconds", "account_paused",
                                   "breaker_open", "rate_blocked", "in_flight", "in_doubt"})
        BOOST_TEST(prometheus.value("cannedd_" + name + "{account=\"default\"}") == "0");
    BOOST_TEST(prometheus.value("cannedd_delivery_seconds_count{account=\"default\"}") == "0");
    BOOST_TEST(prometheus.value("cannedd_store_up") == "1");
    BOOST_TEST(prometheus.value("cannedd_config_last_reload_successful") == "1");
    BOOST_TEST(std::stod(prometheus.value("cannedd_config_last_reload_success_timestamp_seconds")) > 1.7e9);
    BOOST_TEST(std::stod(prometheus.value("process_resident_memory_bytes")) > 1e6);
    BOOST_TEST(std::stod(prometheus.value("process_open_fds")) > 5);
    BOOST_TEST(std::stod(prometheus.value("process_start_time_seconds")) > 1.7e9);
}

BOOST_AUTO_TEST_CASE(a_delivery_is_counted_and_a_retried_row_ages) {
    simulator genesys;
    for (const int number : {1, 2})
        genesys.add_conversation({{"id", uuid('c', number)}, {"agent", uuid('a', number)}});
    running_daemon daemon(genesys, listening + "delivery: {settle: 60ms, backoff: {base: 4m, max: 5m}}\n");
    daemon.start();
    const scraper prometheus(daemon);
    daemon.sql("INSERT INTO messages (conversation_id, text) VALUES ('" + uuid('c', 1) + "', 'hello')");
    daemon.wait_for("SELECT status FROM messages", "sent");
    prometheus.wait_for("cannedd_results_total{account=\"default\",status=\"sent\"}",
                        [](double n) { return n == 1; });
    BOOST_TEST(prometheus.value("cannedd_token_requests_total{account=\"default\",code=\"200\"}") == "1");
    BOOST_TEST(prometheus.value("cannedd_delivery_seconds_count{account=\"default\"}") == "1");
    genesys.faults(R"json([{"match": {"operation": "send"}, "do": {"status": 503}}])json");
    daemon.sql("INSERT INTO messages (conversation_id, text) VALUES ('" + uuid('c', 2) + "', 'hello')");
    daemon.wait_for("SELECT count(*) FROM messages WHERE status = 'pending' AND deferrals + attempts > 0 "
                    "AND due_at > created_at + 30000",
                    "1");
    prometheus.wait_for("cannedd_oldest_undelivered_seconds{account=\"default\"}",
                        [](double s) { return s >= 1; });
    BOOST_TEST(prometheus.value("cannedd_oldest_due_seconds{account=\"default\"}") == "0");
}

// The disk lost it, and nobody wrote: it shows when it is read.
BOOST_AUTO_TEST_CASE(a_page_that_makes_no_sense_shows_until_the_daemon_ends) {
    simulator genesys;
    running_daemon daemon(genesys, listening);
    daemon.start();
    const scraper page(daemon);
    BOOST_TEST(page.scrape("/readyz").find(" 200 OK") != std::string::npos);
    const auto root = std::stoll(daemon.value("SELECT rootpage FROM sqlite_master WHERE name = 'accounts'"));
    daemon.sql("PRAGMA wal_checkpoint(TRUNCATE)");
    eventually([&] { return std::filesystem::file_size(daemon.database().string() + "-wal") == 0; },
               "an empty log");
    const auto written = std::filesystem::last_write_time(daemon.database());
    {
        std::fstream file(daemon.database(), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp((root - 1) * 4096);
        file << std::string(4096, '\x5a');
    }
    std::filesystem::last_write_time(daemon.database(), written);
    daemon.sql("INSERT INTO responses (name, text) VALUES ('any', 'commit')"); // what was read is read again
    eventually([&] { return page.scrape("/readyz").find(" 503 ") != std::string::npos; }, "not ready");
    BOOST_TEST(page.value("cannedd_store_up") == "0");
    BOOST_TEST(daemon.process().wait() == (exit_status{74, {}}));
}

BOOST_AUTO_TEST_CASE(a_reload_that_is_refused_shows_until_one_is_not) {
    simulator genesys;
    running_daemon daemon(genesys, listening);
    daemon.start();
    const scraper prometheus(daemon);
    const auto good = contents(daemon.config());
    std::ofstream(daemon.config()) << good << "no_such_key: 1\n";
    daemon.process().send_signal(SIGHUP);
    prometheus.wait_for("cannedd_config_last_reload_successful", [](double n) { return n == 0; });
    std::ofstream(daemon.config()) << good;
    daemon.process().send_signal(SIGHUP);
    prometheus.wait_for("cannedd_config_last_reload_successful", [](double n) { return n == 1; });
    BOOST_TEST(daemon.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_CASE(gauges_of_an_account_that_is_gone_go_with_it) {
    simulator genesys;
    running_daemon daemon(genesys, listening,
                          running_daemon::account(genesys, "default") +
                              running_daemon::account(genesys, "second"));
    daemon.start();
    const scraper prometheus(daemon);
    daemon.sql("UPDATE accounts SET paused = 1 WHERE account = 'second'");
    prometheus.wait_for("cannedd_account_paused{account=\"second\"}", [](double n) { return n == 1; });
    auto text = contents(daemon.config());
    const auto gone = running_daemon::account(genesys, "second");
    text.erase(text.find(gone), gone.size());
    std::ofstream(daemon.config()) << text;
    daemon.process().send_signal(SIGHUP);
    eventually([&] { return prometheus.value("cannedd_account_paused{account=\"second\"}") == "none"; },
               "no gauge");
    BOOST_TEST(prometheus.value("cannedd_account_paused{account=\"default\"}") == "0");
}

BOOST_AUTO_TEST_CASE(alert_rules_and_dashboard_ask_for_what_is_there) {
    simulator genesys;
    running_daemon daemon(genesys, listening);
    daemon.start();
    const auto page = scraper(daemon).scrape();
    const std::regex name("(cannedd|process)_[a-z_]+");
    std::set<std::string> asked;
    for (const std::string file : {"/etc/cannedd.rules.yml", "/etc/cannedd.dashboard.json"}) {
        const auto text = contents(CANNEDD_SOURCE + file);
        for (auto at = std::sregex_iterator(text.begin(), text.end(), name); at != std::sregex_iterator();
             ++at)
            asked.insert(at->str());
    }
    BOOST_TEST(asked.size() > 15U);
    asked.erase("cannedd_certificate_expiry_seconds"); // of an account that has one
    for (const auto& metric : asked)
        BOOST_TEST((page.find('\n' + metric + ' ') != std::string::npos ||
                    page.find('\n' + metric + '{') != std::string::npos),
                   metric);
}

BOOST_AUTO_TEST_SUITE_END()
