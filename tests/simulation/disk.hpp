// A machine's disk. What a process writes is seen by every process at once, but it is on the platter only
// after a sync of its file: a power cut keeps or drops each sector that was not synced, as the dice say. The
// creation of a file is durable with its first sync, a removal at once.
// After a sync that failed, what it was to write is seen as before and will never reach the platter unless it
// is written again (as Linux does it); each who has the file open is told once, at their own next sync.
#pragma once

#include "dice.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cannedd::simulation {

class disk_file {
public:
    explicit disk_file(std::string content = {}) : seen_(content), durable_(std::move(content)) {}

    std::size_t size() const { return seen_.size(); }
    // What is beyond the end is missing.
    std::string_view read(std::size_t offset, std::size_t bytes) const;
    void write(std::size_t offset, std::string_view bytes);
    void truncate(std::size_t size);
    void sync();
    void fail_sync() {
        unsynced_.clear();
        ++failures_;
    }
    int failures() const { return failures_; } // of a sync, so far
    bool dirty() const { return !unsynced_.empty(); }
    // What is seen will not reach the platter, although every sync since said yes.
    bool has_a_hole() const { return unsynced_.empty() && seen_ != durable_; }

    // What is left of it; false: not even its name.
    bool power_cut(dice& fate);
    const std::string& content() const { return seen_; }

private:
    struct change {
        bool truncates = false;
        std::size_t offset = 0; // or the new size
        std::string bytes;
    };
    static void carry_out(const change& what, std::string& on);

    std::string seen_;
    std::string durable_;
    std::vector<change> unsynced_;
    bool named_durably_ = true;
    int failures_ = 0;
    friend class disk;
};

class disk {
public:
    std::shared_ptr<disk_file> find(const std::string& name) const;
    std::shared_ptr<disk_file> create(const std::string& name);
    void put(const std::string& name, std::string content); // durable, as if it had always been there
    void remove(const std::string& name) { files_.erase(name); }
    void power_cut(dice& fate);

private:
    std::map<std::string, std::shared_ptr<disk_file>> files_;
};

} // namespace cannedd::simulation
