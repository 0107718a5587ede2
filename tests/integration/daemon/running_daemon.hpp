// The real daemon on a database of the test's own, against a simulator: configured, started, stopped, killed;
// and the plain SQL of a producer or operator beside it.
#pragma once

#include "support/process.hpp"
#include "support/simulator.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

struct sqlite3;

namespace cannedd {

// Short pauses: what waits is not time.
extern const char* const fast_delivery;
// Of an account, so wide that something else decides how fast it goes.
extern const char* const wide_rates;
// An org whose own limit is as wide.
simulator_options unlimited_org();

class running_daemon {
public:
    // `more`: further lines of cannedd.yaml (delivery:, retention: ...); `accounts`: what stands under
    // accounts:, empty: one, `default`, on the simulator.
    explicit running_daemon(simulator& genesys, const std::string& more = "",
                            const std::string& accounts = "");
    ~running_daemon();

    // Lines of an account that reaches the simulator with client credentials, at `indent` spaces.
    static std::string account(const simulator& genesys, const std::string& name,
                               const std::string& more = "",
                               const std::string& secret_file = "client_secret");

    void begin(process_options options = {});                 // returns when it runs
    void start(process_options options = {});                 // returns when it is ready
    finished_process run(std::vector<std::string> arguments); // a task that ends by itself
    child_process& process() { return *process_; }
    exit_status stop();
    void kill();

    void sql(const std::string& statement);      // throws with SQLite's sentence
    std::string value(const std::string& query); // first column of the first row
    std::vector<std::string> column(const std::string& query);
    // Waits until the query answers so.
    void wait_for(const std::string& query, const std::string& answer,
                  std::chrono::milliseconds within = patience);
    std::string errors() { return process_->errors(); }

    const temp_directory& directory() const { return directory_; }
    std::filesystem::path database() const { return directory_ / "queue.db"; }
    std::filesystem::path config() const { return directory_ / "cannedd.yaml"; }

private:
    temp_directory directory_;
    std::unique_ptr<child_process> process_;
    sqlite3* producer_ = nullptr;
};

// "0000000N-...": UUIDs that a reader can tell apart. kind: one hex digit.
std::string uuid(char kind, int number);

} // namespace cannedd
