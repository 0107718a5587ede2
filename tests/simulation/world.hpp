// A whole run of one seed: the machine with its daemon, neighbours and disk, Genesys outside, and time that
// goes from event to event. First the active phase, in which everything goes wrong that the plan has; then
// calm, in which all that waits must come to its end within a bound; then judgement.
#pragma once

#include "agenda.hpp"
#include "daemon_life.hpp"
#include "genesys_server.hpp"
#include "journal.hpp"
#include "machine.hpp"
#include "mutations.hpp"
#include "neighbours.hpp"
#include "plan.hpp"
#include "time/virtual_time.hpp"
#include "witness.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>

namespace cannedd::simulation {

// What a run has come to, for the summary.
struct run_figures {
    int rows = 0;
    int sent = 0;
    int heard = 0;
    int requests = 0;
    int kills = 0;
    int power_cuts = 0;
    int drains = 0;
    int give_ups = 0;
    int lists = 0;
    int found_by_list = 0;
};

class world {
public:
    world(std::uint64_t seed, mutation how, bool traced);
    ~world();

    void run();
    const journal& notes() const { return notes_; }
    const run_figures& figures() const { return figures_; }

private:
    void plan_events();
    void plan_trouble(const planned_trouble& one);
    void step_clock(const planned_clock_step& one);
    void write_configuration(const planned_reload& one);
    void serve_all_accounts();
    void run_until(steady_time end);
    void advance(steady_time moment);
    void calm_down();
    void await_the_end();
    std::int64_t unfinished();
    milliseconds bound_ms() const;

    void start_daemon();
    void choose_stop();
    void on_effect();
    void on_lock();
    void strike(const planned_stop& how);
    void end_process(bool with_power);
    void take_down_what_ended();
    void bury();
    void restart_in(milliseconds span);
    void check_accounts();
    void finish();
    steady_time since_begin(milliseconds span) const { return began_ + span; }

    plan plan_;
    mutation how_;
    boost::asio::io_context context_;
    virtual_time time_{context_};
    steady_time began_;
    journal notes_;
    agenda agenda_;
    machine machine_;
    disk_vfs daemon_vfs_;
    disk_vfs witness_vfs_;
    neighbours neighbours_;
    genesys_server server_;
    witness witness_;
    std::shared_ptr<process> daemon_process_;
    std::shared_ptr<process> witness_process_;
    std::unique_ptr<daemon_life> daemon_;
    configuration file_;
    std::optional<planned_stop> next_stop_;
    std::size_t stops_taken_ = 0;
    int effects_ = 0;
    steady_time locked_at_{};
    int locks_ = 0; // that the daemon asked for at this moment
    int lives_ = 0;
    std::map<std::string, int> pause_turns_; // of each account's switch
    disk_trouble trouble_ = disk_trouble::none;
    milliseconds stepped_{0};
    bool calm_ = false;
    bool finishing_ = false;
    bool dead_ = false; // the process has ended, its remains are still there
    run_figures figures_;
};

// What every run begins with: a database as --init leaves it, with the responses that rows name.
const std::string& template_database();

} // namespace cannedd::simulation
