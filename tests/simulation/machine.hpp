// One simulated machine: its disk, the processes that run on it, and what each of them may do to the disk.
// A process can be ended at any effect it is about to have. What it still does afterwards (its frames and
// connections have to be taken down) reaches nothing: no byte, no lock, no request.
#pragma once

#include "disk.hpp"
#include "file_locks.hpp"
#include "time/time_source.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace cannedd::simulation {

enum class disk_trouble : std::uint8_t { none, full, write_fails, sync_fails };

// What all connections to a file share; the WAL-index belongs to the database file.
struct shared_file {
    file_locks locks;
    shared_memory index;
};

struct open_file;

struct process {
    explicit process(std::string name_) : name(std::move(name_)) {}
    std::string name;
    bool alive = true;
    bool syncs = true;                         // a mutation: sync says yes and does nothing
    bool keeps_pages = true;                   // a mutation: the database file keeps its first only
    disk_trouble trouble = disk_trouble::none; // of the disk, as this process meets it
    std::function<void(std::string_view what)> on_effect; // before each: it may be the last
    std::function<void()> on_lock;                        // each time it asks for a lock of the WAL
    std::set<open_file*> files;

    // Whether the effect still happens.
    bool effect(std::string_view what) {
        if (alive && on_effect) on_effect(what);
        return alive;
    }
};

class machine {
public:
    machine(time_source& time, dice fate) : time_(time), fate_(fate) {}

    // SIGKILL: what was written stays seen by others, its locks are gone.
    void kill(process& victim);
    // Every process has ended already, or is ended by it.
    void cut_power();

    shared_file& shared(const std::string& name) { return shared_[name]; }
    disk& files() { return disk_; }
    wall_time wall() const { return time_.wall(); }

private:
    time_source& time_;
    dice fate_;
    disk disk_;
    std::map<std::string, shared_file> shared_;
};

// A SQLite VFS through which one process at a time sees the machine's disk. The VFS may serve another process
// later; files that are open stay those of the process that opened them.
class disk_vfs {
public:
    disk_vfs(std::string name, machine& on);
    ~disk_vfs();
    disk_vfs(const disk_vfs&) = delete;
    disk_vfs& operator=(const disk_vfs&) = delete;

    const char* name() const { return name_.c_str(); }
    void serve(std::shared_ptr<process> next) { serving_ = std::move(next); }
    const std::shared_ptr<process>& serving() const { return serving_; }
    machine& on() { return on_; }

private:
    struct registration;
    std::string name_;
    machine& on_;
    std::shared_ptr<process> serving_;
    std::unique_ptr<registration> registration_;
};

} // namespace cannedd::simulation
