// One life of the daemon: the product's engine over the simulated machine. It ends by itself after stop(), or
// is ended: then its objects outlive its frames.
#pragma once

#include "delivery/engine.hpp"
#include "genesys_client_model.hpp"
#include "machine.hpp"
#include "mutations.hpp"
#include "plan.hpp"
#include "witness.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>

namespace cannedd::simulation {

// The configuration file, as it is now.
struct configuration {
    std::set<std::size_t> accounts; // of the plan's
    int version = 1;                // of their settings: another one makes another API
};

class daemon_life {
public:
    struct surroundings {
        surroundings(const plan& chosen_, mutation how_, asio::any_io_executor executor_, time_source& time_,
                     disk_vfs& vfs_, genesys_server& server_, witness& sees_, journal& notes_)
            : chosen(chosen_)
            , how(how_)
            , executor(std::move(executor_))
            , time(time_)
            , vfs(vfs_)
            , server(server_)
            , sees(sees_)
            , notes(notes_) {}
        const plan& chosen;
        mutation how;
        asio::any_io_executor executor;
        time_source& time;
        disk_vfs& vfs;
        genesys_server& server;
        witness& sees;
        journal& notes;
        std::function<connection*()> tamper;
    };

    // Throws std::runtime_error when the database cannot be opened now.
    daemon_life(const surroundings& around, const configuration& file, dice chance);
    ~daemon_life();

    void stop();                             // SIGTERM
    void reload(const configuration& file);  // SIGHUP
    void drop_engine() { machine_.reset(); } // its frames may be there yet
    bool ended() const { return end_.has_value(); }
    // With nothing left to do; else the process ends without more ado.
    bool ended_well() const { return end_ && end_->all_ended && !gave_up(); }
    bool gave_up() const { return end_ && end_->how == engine::ending::kind::gave_up; }
    // Whether a frame still holds the engine's parts: to be asked when the engine has been dropped.
    bool parts_alive() const { return !parts_alive_.expired(); }
    std::size_t apis_alive() const;
    std::set<std::string> accounts() const; // that it serves
    std::string gates() const;              // for people
    // A hint that the file has changed.
    void look() { machine_->hint(); }

private:
    class model_factory;
    engine::surroundings engine_surroundings();
    delivery_options options() const;
    std::vector<account_plan> plans(const configuration& file);
    std::shared_ptr<conversation_api> make_api(const std::string& account, request_gate& gate);
    asio::awaitable<void> await_the_end();

    surroundings around_;
    dice dice_;
    std::shared_ptr<process> process_;
    logger log_;
    delivery_observer observer_;
    std::vector<std::weak_ptr<conversation_api>> apis_;
    std::vector<std::shared_ptr<conversation_api>> kept_; // by a mutation
    std::weak_ptr<void> parts_alive_;
    std::optional<engine> machine_;
    std::optional<engine::ending> end_;
};

} // namespace cannedd::simulation
