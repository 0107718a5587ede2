// cost_per_message [ROWS]
// What one message costs: durable commits and requests to the API, without faults and with them, for rows
// that come all at once and for rows that come one by one. The daemon and the simulator are real; the figures
// are counted (the daemon's own metrics and the file), not timed.
#include "integration/daemon/running_daemon.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>

namespace {

using namespace cannedd;
using namespace std::chrono_literals;

constexpr int conversations = 50;

constexpr auto no_faults = "[]";
// One send in ten: half of them processed, half not; each leaves a doubt.
constexpr auto some_faults = R"json([
 {"match": {"operation": "send", "probability": 0.03}, "do": "process_then_close"},
 {"match": {"operation": "send", "probability": 0.03}, "do": "close_before_processing"},
 {"match": {"operation": "send", "probability": 0.02}, "do": {"process_then_status": 503}},
 {"match": {"operation": "send", "probability": 0.02}, "do": {"status": 503}}])json";

constexpr auto settings =
    "delivery: {settle: 200ms, backoff: {base: 20ms, max: 200ms}, breaker: {failures: 100, cool_off: 50ms}}\n"
    "metrics: {listen: '127.0.0.1:0'}\n";
class measured_run {
public:
    explicit measured_run(const char* faults)
        : genesys_(unlimited_org())
        , daemon_(genesys_, settings, running_daemon::account(genesys_, "default", wide_rates)) {
        for (int c = 0; c < conversations; ++c)
            genesys_.add_conversation({{"id", uuid('c', c)}, {"agent", uuid('a', c)}});
        genesys_.faults(faults);
        daemon_.start();
    }

    void all_at_once(int rows) {
        std::string values;
        for (int n = 0; n < rows; ++n)
            values += (n == 0 ? "" : ",") + row(n);
        insert(values);
        wait_until_sent(rows);
    }
    void one_by_one(int rows) {
        for (int n = 0; n < rows; ++n) {
            insert(row(n));
            wait_until_sent(n + 1);
        }
    }

    // One line of the table. False: a customer read something twice or not at all.
    bool tell(const char* what, int rows) {
        const auto commits = metric("cannedd_commit_seconds_count");
        const auto requests = metric("cannedd_requests_total");
        std::printf("%-28s %8d %14.2f %15.2f %9s %9s\n", what, rows, commits / rows, requests / rows,
                    daemon_.value("SELECT sum(attempts > 1 OR verified) FROM messages").c_str(),
                    daemon_.value("SELECT sum(verified) FROM messages").c_str());
        std::map<std::string, int> read;
        for (const auto& seen : genesys_.transcript())
            ++read[seen.text];
        for (const auto& [text, times] : read)
            if (times != 1) return false;
        return static_cast<int>(read.size()) == rows;
    }

private:
    static std::string row(int n) {
        return "('" + uuid('c', n % conversations) + "', 'text " + std::to_string(n) + "')";
    }
    void insert(const std::string& values) {
        daemon_.sql("INSERT INTO messages (conversation_id, text) VALUES " + values);
    }
    void wait_until_sent(int rows) {
        daemon_.wait_for("SELECT messages FROM counters WHERE status = 'sent'", std::to_string(rows), 120s);
    }
    // The sum over its labels.
    double metric(const std::string& name) {
        process_options how;
        how.arguments = {"--silent", "--show-error", "--fail", metrics_url()};
        std::istringstream lines(run_process("/usr/bin/curl", std::move(how)).output);
        double sum = 0;
        for (std::string line; std::getline(lines, line);)
            if (line.starts_with(name + "{") || line.starts_with(name + " "))
                sum += std::strtod(line.c_str() + line.rfind(' '), nullptr);
        return sum;
    }
    std::string metrics_url() {
        const auto told = daemon_.errors();
        const std::string before = "msg=\"metrics are served\" address=";
        const auto begin = told.find(before) + before.size();
        return "http://" + told.substr(begin, told.find_first_of(" \n", begin) - begin) + "/metrics";
    }

    simulator genesys_;
    running_daemon daemon_;
};

} // namespace

int main(int count, char** values) {
    const int rows = count > 1 ? std::atoi(values[1]) : 2000;
    if (rows < 1) {
        std::cerr << "usage: cost_per_message [ROWS]\n";
        return 64;
    }
    std::printf("%-28s %8s %14s %15s %9s %9s\n", "", "messages", "commits/msg", "requests/msg", "in doubt",
                "verified");
    bool right = true;
    for (const auto& [faults, words] :
         {std::pair{no_faults, "no faults"}, std::pair{some_faults, "10 % faults"}}) {
        measured_run bulk(faults);
        bulk.all_at_once(rows);
        right = bulk.tell((std::string(words) + ", all at once").c_str(), rows) && right;
        measured_run trickle(faults);
        trickle.one_by_one(rows / 4);
        right = trickle.tell((std::string(words) + ", one by one").c_str(), rows / 4) && right;
    }
    if (!right) std::cerr << "a customer did not read each text once\n";
    return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
