// Producers that insert rows and operators that change them, over plain connections to the same file. Who is
// refused by a lock or a failing disk tries again a little later, as a careful program does.
#pragma once

#include "agenda.hpp"
#include "connection.hpp"
#include "journal.hpp"
#include "machine.hpp"
#include "plan.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace cannedd::simulation {

extern const std::string database_file;

class neighbours {
public:
    neighbours(const plan& chosen, machine& on, time_source& time, agenda& later, journal& notes);

    void insert(std::size_t row);
    void intervene(planned_intervention::kind what);
    void lock_for(milliseconds span);
    void read_for(milliseconds span);
    void mend(); // accounts are resumed, rows that a wrong clock put far ahead are due
    void meet(disk_trouble trouble);
    // Called to learn whether a daemon runs.
    std::function<bool()> is_served;
    void power_cut();
    void power_back_if_down();
    // Called after the account's switch was set; the daemon notices a little later.
    std::function<void(const std::string& account, bool paused)> on_pause;

    const std::set<std::string>& acknowledged() const { return acknowledged_; } // dedup keys, durable
    const std::map<std::int64_t, int>& told_again() const {
        return told_again_;
    } // replayed while unconfirmed
    const std::set<std::int64_t>& replayed() const { return replayed_; }
    // Rows that were not to be sent again, with how often they had been by then.
    const std::map<std::int64_t, std::int64_t>& stopped() const { return stopped_; }
    const std::set<std::int64_t>& judged() const { return judged_; } // set to sent or failed by hand

private:
    bool commits_over_a_hole() const;
    connection* line(); // nothing: it cannot be opened now
    bool run(const std::string& statement, std::initializer_list<connection::value> values = {});
    void hang_up(bool failed);
    std::int64_t one_id_of(const std::string& statuses);
    void stop(std::int64_t id);
    void replay(std::int64_t id);
    void judge(std::int64_t id);
    void set_paused(const std::string& account, bool paused);

    const plan& plan_;
    machine& machine_;
    time_source& time_;
    agenda& later_;
    journal& notes_;
    dice dice_;
    disk_vfs vfs_;
    std::shared_ptr<process> process_;
    std::unique_ptr<connection> line_;
    steady_time healed_at_{}; // the disk
    std::uint64_t said_ = 0;  // statements
    std::unique_ptr<connection> locker_;
    std::unique_ptr<connection> reader_;
    std::map<std::size_t, milliseconds> patience_; // of each row's producer
    std::set<std::string> acknowledged_;
    std::map<std::int64_t, int> told_again_;
    std::set<std::int64_t> replayed_;
    std::map<std::int64_t, std::int64_t> stopped_;
    std::set<std::int64_t> judged_;
};

} // namespace cannedd::simulation
