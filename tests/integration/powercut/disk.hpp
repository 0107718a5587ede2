// A disk that remembers what was synced and what was not, fed with the write log; and the images that a power
// cut could leave on it now. What is not synced may be there or not: none of it, all of it, all up to some
// moment, or each sector of 512 bytes as it was at some moment of its own. A file's name is as unsynced as
// its bytes until its directory is synced.
#pragma once

#include "record.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace cannedd {

enum class survivors { none, all, prefix, sectors };

// The files that are found after the power cut: name -> bytes.
using disk_image = std::map<std::string, std::string>;

class unsynced_disk {
public:
    explicit unsynced_disk(std::uint64_t directory) : directory_(directory) {}
    void add_synced(const std::string& name, std::uint64_t file, std::string bytes);
    void take(const record_head& head, const std::string& bytes);
    disk_image cut_power(survivors which, std::mt19937& chance) const;
    std::size_t unsynced_operations() const;

private:
    struct operation {
        std::size_t number = 0; // in the log
        bool truncates = false;
        std::size_t at = 0;
        std::string bytes;
    };
    struct stored_file {
        std::string synced;
        std::vector<operation> pending;
        bool unlinked = false;
    };
    struct renaming {
        std::size_t number = 0;
        std::string name;
        std::shared_ptr<stored_file> to; // null: unlinked
    };
    using names = std::map<std::string, std::shared_ptr<stored_file>>;

    static void apply(const operation& what, std::string& bytes);
    static void apply(const renaming& what, names& to);
    static std::string with_some_sectors(const stored_file& file, std::mt19937& chance);
    std::string surviving(const stored_file& file, survivors which, std::size_t moment,
                          std::mt19937& chance) const;
    std::size_t first_pending() const;
    void name(const record_head& head, const std::string& name);
    void end_sync(const record_head& head);

    std::uint64_t directory_;
    std::size_t number_ = 0;
    std::map<std::uint64_t, std::shared_ptr<stored_file>> files_; // by inode
    names synced_names_, names_;
    std::vector<renaming> pending_names_;
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> syncs_; // process, inode -> began at
};

} // namespace cannedd
