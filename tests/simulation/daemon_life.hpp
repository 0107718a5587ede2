// One life of the daemon: the real rooms put together as the program does it, over the simulated machine. It
// ends by itself after stop(), or is ended: then its objects outlive its frames.
#pragma once

#include "delivery/delivery_loop.hpp"
#include "delivery/upkeep.hpp"
#include "genesys_client_model.hpp"
#include "machine.hpp"
#include "mutations.hpp"
#include "plan.hpp"
#include "witness.hpp"

#include <map>
#include <memory>
#include <string>

namespace cannedd::simulation {

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
    daemon_life(const surroundings& around, dice chance);

    void stop(); // SIGTERM
    bool ended() const { return ended_; }
    // With nothing left to do; else the process ends without more ado.
    bool ended_well() const { return ended_ && well_; }
    bool gave_up() const { return gave_up_; }
    std::size_t tasks_running() const { return tasks_.running(); }
    std::string gates() const; // for people
    // A hint that the file has changed.
    void look() { hinted_->ring(); }

private:
    void add_account(const planned_account& wanted, const std::vector<account_row>& remembered);
    asio::awaitable<void> supervise();
    asio::awaitable<void> watch();

    surroundings around_;
    dice dice_;
    std::shared_ptr<process> process_;
    logger log_;
    delivery_observer observer_;
    std::unique_ptr<message_store> store_;
    store_health health_;
    recorder recording_;
    std::map<std::string, std::unique_ptr<account_gate>> gates_;
    std::map<std::string, std::unique_ptr<genesys_client_model>> apis_;
    delivery_options options_;
    conversation_book book_;
    delivery_context delivery_;
    delivery_loop loop_;
    upkeep keeping_;
    std::unique_ptr<alarm> hinted_;
    std::int64_t version_ = 0;
    task_group tasks_;
    bool stopping_ = false;
    bool ended_ = false;
    bool well_ = false;
    bool gave_up_ = false;
};

} // namespace cannedd::simulation
