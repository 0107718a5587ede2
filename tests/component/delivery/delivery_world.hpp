// The real delivery room over the real store, in virtual time, with a scripted API: one account, one database
// in a temporary folder.
#pragma once

#include "delivery/delivery_loop.hpp"
#include "delivery/upkeep.hpp"
#include "queue/sqlite_store.hpp"
#include "scripted_api.hpp"
#include "time/virtual_time.hpp"

#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <functional>
#include <memory>
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

    void start();                    // the daemon's loop begins
    void run_for(milliseconds span); // virtual
    void stop();                     // drains to the end
    void restart();                  // stop() and a new life on the same file

    std::string gave_up;
    std::filesystem::path database() const;
    std::vector<log_record> lines;
    attempt_hook at_step;

    asio::io_context context;
    virtual_time time{context};
    scripted_api& api();
    account_gate& gate();
    delivery_options& delivery();
    message_store& store();

private:
    struct life;
    world_options options_;
    std::filesystem::path folder_;
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
