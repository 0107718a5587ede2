// The inside of engine.hpp: nobody else includes it. What is declared first goes last.
#pragma once

#include "delivery/account_line.hpp"
#include "delivery/change_watch.hpp"
#include "delivery/context.hpp"
#include "delivery/engine.hpp"
#include "delivery/task_group.hpp"
#include "delivery/upkeep.hpp"

#include <map>
#include <optional>

namespace cannedd {

struct engine::parts {
    // What a start or a reload wants, built and checked, and not yet in force.
    struct change_of_accounts {
        struct one {
            account_plan plan;
            std::unique_ptr<account_line> fresh; // of an account that is new
            std::shared_ptr<conversation_api>
                api; // of one that is served and gets another; null: it does not
        };
        std::vector<one> accounts;
        std::optional<delivery_options> options;
        std::function<void()> applied;
    };

    parts(surroundings around, delivery_options options);
    void own(const std::shared_ptr<parts>& self);

    // engine_accounts.cpp: what is served
    change_of_accounts prepare(std::vector<account_plan> plans);
    bool put_in_force();
    void swap(change_of_accounts& fresh, const std::vector<account_row>& remembered);
    void look_after(const std::vector<interrupted_message>& left);
    bool attended(const std::string& lane) const;
    asio::awaitable<void> give_up_orphan(interrupted_message unsure);
    void let_go_of_retired();

    // engine_proof.cpp: instead of delivery
    void look_for_unproven();
    asio::awaitable<void> look_for(unproven& of);
    void end_proof();

    // engine.cpp: its life
    void begin();
    asio::awaitable<void> supervise();
    asio::awaitable<void> finish();
    std::optional<milliseconds> look_again_after() const;
    std::size_t doubts_of_paused() const;
    void look_at_drain();
    void end_drain(const rest_of_work& left);
    void give_up(const std::string& why);
    void stop(steady_time deadline);
    void file_changed();
    void committed();
    void wake_claimers();

    std::unique_ptr<message_store> store;
    asio::any_io_executor executor;
    time_source& time;
    logger& log;
    delivery_observer& observer;
    delivery_options options;
    store_health health;
    recorder recording;
    conversation_book book;
    delivery_context context;
    task_group deliveries; // attempts and verifications
    task_group followings; // beside delivery: nothing waits for it but the end
    task_group runners;    // recorder, upkeep, watch, claimers, this
    std::map<std::string, std::unique_ptr<account_line>> lines;
    upkeep keeping;
    change_watch watch;
    std::unique_ptr<alarm> wake;
    std::unique_ptr<alarm> ended;
    std::optional<change_of_accounts> wanted;
    std::function<void()> delivering;
    std::vector<std::unique_ptr<unproven>> proofs;
    std::size_t proofs_left = 0;
    std::optional<milliseconds> drain_horizon;
    std::optional<steady_time> stop_deadline;
    ending end;
    bool proves = false; // and delivers nothing
    bool is_delivering = false;
    bool says_it_waits = false;
    bool has_ended = false;
};

} // namespace cannedd
