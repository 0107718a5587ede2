// The real engine over the real store, in virtual time, with a scripted API for each account and a database
// in a temporary folder.
#pragma once

#include "delivery/engine.hpp"
#include "queue/sqlite_store.hpp"
#include "scripted_api.hpp"
#include "time/virtual_time.hpp"

#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

struct sqlite3;

namespace cannedd::test {

struct world_options {
    world_options() {
        pace.messages_per_minute = 60'000;
        pace.burst = 1000;
    }
    rate_settings rate;
    pace_settings pace; // so fast that it does not matter
    decision_limits limits;
    breaker_settings breaker;
    std::size_t connections = 8;
    bool follow_status = false;
    bool waits_for_ended = false;
    milliseconds retention = std::chrono::hours(24);
    std::vector<std::string> accounts{"default"};
};

struct counting_observer final : delivery_observer {
    void ended(const std::string& account, row_end how, std::size_t rows) override {
        ends[how] += rows;
        last_account = account;
    }
    void committed(steady_duration /*took*/, std::size_t /*changes*/) override { ++commits; }
    std::map<row_end, std::size_t> ends;
    std::string last_account;
    int commits = 0;
};

class delivery_world {
public:
    explicit delivery_world(world_options chosen = world_options());
    ~delivery_world();

    // As a producer would, over a connection of its own.
    void sql(const std::string& statement);
    std::string
    value(const std::string& query); // first column of the first row; NULL: "NULL", no row: "none"
    void insert(const std::string& conversation, const std::string& text,
                const std::string& more_columns = "", const std::string& more_values = "");

    void start();                    // the daemon's engine begins
    void prove();                    // likewise, as --requeue-unproven has it
    void run_for(milliseconds span); // virtual
    void stop();                     // drains to the end
    void restart();                  // stop() and a new life on the same file
    // The process is gone with whatever was under way: engine and frames, in either order.
    void crash(bool engine_first);
    // At the next start.
    void serve(std::vector<std::string> accounts) { options_.accounts = std::move(accounts); }
    // A reload: these accounts, of these versions of their settings (another version: another API).
    void reload(const std::vector<std::string>& accounts, int version = 1);
    int reloads_in_force = 0;

    std::filesystem::path database() const;
    std::vector<log_record> lines;
    counting_observer seen;
    attempt_hook at_step;
    std::set<std::string> broken_accounts; // whose API cannot be made

    asio::io_context context;
    virtual_time time{context};
    engine& machine();
    std::optional<engine::ending> ending; // once the engine has ended
    scripted_api& api(const std::string& account = "default");
    std::size_t apis_alive() const; // of all accounts and all reloads
    const account_gate& gate(const std::string& account = "default");
    message_store& store();

private:
    struct life;
    class scripted_factory;
    std::vector<account_plan> plans(const std::vector<std::string>& accounts, int version);
    delivery_options delivery() const;
    std::shared_ptr<conversation_api> make_api(const std::string& account, request_gate& gate);
    void begin(bool proves);
    asio::awaitable<void> await_the_end();

    world_options options_;
    std::filesystem::path folder_;
    std::map<std::string, std::shared_ptr<scripted_api>> apis_; // the latest of each account
    std::vector<std::weak_ptr<void>> used_apis_;                // as long as the engine holds one
    std::unique_ptr<life> life_;
    sqlite3* producer_ = nullptr;
};

std::string status_of(delivery_world& world, int id);
// What customers read, one after the other.
std::string texts(const std::vector<delivered_text>& seen);

// UUIDs that a reader can tell apart.
inline const std::string conversation_a = "aaaaaaaa-0000-4000-8000-000000000001";
inline const std::string conversation_b = "bbbbbbbb-0000-4000-8000-000000000002";
inline const std::string agent_one = "11111111-0000-4000-8000-000000000003";

} // namespace cannedd::test
