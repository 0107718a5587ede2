#include "doctor/disk.hpp"

#include "queue/inspection.hpp"
#include "queue/opening.hpp"
#include "queue/sqlite_store.hpp"
#include "store_opening.hpp"
#include "text/utf8.hpp"

#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

namespace cannedd {
namespace {

// The first SQLite whose processes may checkpoint and write at one moment (sqlite.org, release log
// of 3.51.3).
constexpr std::array<int, 3> sqlite_sound{3, 51, 3};
constexpr std::int64_t mebibyte = 1024 * 1024;
constexpr std::int64_t wal_bytes_suspicious = 16 * mebibyte;
// Below the first a commit may fail at any moment; below the second somebody should look for what grows.
constexpr std::int64_t room_bytes_min = 16 * mebibyte;
constexpr std::int64_t room_bytes_comfortable = 256 * mebibyte;
constexpr std::size_t damage_bytes_max = 200;
constexpr std::int64_t inodes_min = 16; // the database, its -wal, -shm and lock, tokens

// Magic numbers of statfs(2).
std::string network_file_system(long type) {
    switch (static_cast<unsigned long>(type)) {
    case 0x6969: return "NFS";
    case 0xFE534D42: return "SMB";
    case 0xFF534D42: return "CIFS";
    case 0x65735546: return "FUSE";
    case 0x01021994: return "tmpfs";
    default: return {};
    }
}

std::string owner_of(const struct stat& seen) {
    const auto* user = getpwuid(seen.st_uid);
    const auto* group = getgrgid(seen.st_gid);
    return std::string(user != nullptr ? user->pw_name : std::to_string(seen.st_uid).c_str()) + ':' +
           (group != nullptr ? group->gr_name : std::to_string(seen.st_gid).c_str());
}

std::string mode_of(const struct stat& seen) {
    std::array<char, 8> octal{};
    std::snprintf(octal.data(), octal.size(), "%04o", seen.st_mode & 07777U);
    return octal.data();
}

void examine_sqlite(doctor_report& report) {
    const auto version = sqlite_library_version();
    std::array<int, 3> parts{};
    std::sscanf(version.c_str(), "%d.%d.%d", &parts[0], &parts[1], &parts[2]);
    if (parts >= sqlite_sound) {
        report.ok("sqlite", version);
        return;
    }
    report.warn(
        "sqlite",
        version + ": before 3.51.3 a file can be damaged when processes checkpoint and write at one moment; "
                  "cannedd alone checkpoints, so let no other program run PRAGMA wal_checkpoint on it");
}

void examine_directory(const std::filesystem::path& directory, doctor_report& report) {
    struct stat seen {};
    if (::stat(directory.c_str(), &seen) != 0) {
        report.fail("directory", directory.string() + ": " + std::strerror(errno) +
                                     "; create it: install -d -m 2770 -o cannedd "
                                     "-g cannedd " +
                                     directory.string());
        return;
    }
    const auto told = directory.string() + " is " + mode_of(seen) + ' ' + owner_of(seen);
    const bool shares_group = (seen.st_mode & S_ISGID) != 0 && (seen.st_mode & S_IWGRP) != 0;
    if (::access(directory.c_str(), W_OK | X_OK) != 0)
        report.fail("directory",
                    told + ": not writable for the user who asks; run as the daemon's user, or chown it");
    else if (!shares_group)
        report.warn("directory",
                    told + ": producers of the group cannot write; chmod 2770 " + directory.string());
    else if ((seen.st_mode & S_IRWXO) != 0)
        report.warn("directory", told + ": open to everybody; chmod 2770 " + directory.string());
    else
        report.ok("directory", told);
    struct statfs system {};
    if (::statfs(directory.c_str(), &system) != 0) return;
    const auto name = network_file_system(system.f_type);
    if (name == "tmpfs")
        report.warn("file system", "tmpfs: the queue is gone after a reboot; use a disk");
    else if (!name.empty())
        report.fail(
            "file system",
            name + ": the write-ahead log needs shared memory and locks of one machine; use a local disk");
    else
        report.ok("file system", "local");
}

std::string mebibytes(std::int64_t bytes) {
    return std::to_string(bytes / mebibyte) + " MiB";
}

void examine_room(const std::filesystem::path& directory, doctor_report& report) {
    if (const auto left = room_in(directory))
        judge_room(directory, *left, report);
    else
        report.warn("space", "the file system of " + directory.string() + " does not tell how much is left");
}

// The daemon's user is the directory's owner; a producer's log belongs to the producer, and to the group.
bool may_be_used_by(const struct stat& owner, const struct stat& file) {
    const bool by_user = file.st_uid == owner.st_uid && (file.st_mode & 0600U) == 0600U;
    const bool by_group = file.st_gid == owner.st_gid && (file.st_mode & 0060U) == 0060U;
    return by_user || by_group;
}

// Of the database, its -wal and -shm: what the daemon's user may not open, as arguments of chown.
std::string foreign_files(const std::filesystem::path& file) {
    struct stat directory {};
    if (::stat(file.parent_path().c_str(), &directory) != 0) return {};
    std::string foreign;
    for (const auto* end : {"", "-wal", "-shm"}) {
        struct stat seen {};
        const auto path = file.string() + end;
        if (::lstat(path.c_str(), &seen) == 0 && !may_be_used_by(directory, seen)) foreign += ' ' + path;
    }
    return foreign.empty() ? foreign : owner_of(directory) + foreign;
}

void judge_access(const std::filesystem::path& file, const struct stat& seen, doctor_report& report) {
    const auto told = file.string() + " is " + mode_of(seen) + ' ' + owner_of(seen);
    if (const auto foreign = foreign_files(file); !foreign.empty())
        report.fail("database",
                    told + ": not the daemon's to open, as the directory's owner is another; chown " +
                        foreign + " && chmod 660 " + file.string() + '*');
    else if (::access(file.c_str(), R_OK | W_OK) != 0)
        report.fail("database", told + ": not writable for the user who asks; chown cannedd:cannedd " +
                                    file.string() + " && chmod 660 " + file.string());
    else if ((seen.st_mode & 0777U) != 0660)
        report.warn("database", told + ": it should be 0660; chmod 660 " + file.string());
    else
        report.ok("database", told);
}

constexpr auto what_to_do_about_damage =
    "; look for a disk that fails (journalctl -k), then restore a backup or copy what can be read with "
    "--salvage: man cannedd, 'The file is damaged'";

void judge_schema(const std::filesystem::path& file, const inspection& inside, doctor_report& report) {
    if (!inside.opened)
        report.fail("schema", "cannot be read: " + inside.trouble + what_to_do_about_damage);
    else if (!inside.is_queue)
        report.fail("schema", file.string() + " is not a queue of cannedd");
    else if (inside.schema_version > newest_schema_version())
        report.fail("schema", "version " + std::to_string(inside.schema_version) +
                                  " is of a newer cannedd; install that one");
    else if (inside.schema_version < newest_schema_version())
        report.warn("schema", "version " + std::to_string(inside.schema_version) +
                                  " is migrated at the next start to " +
                                  std::to_string(newest_schema_version()));
    else
        report.ok("schema", "version " + std::to_string(inside.schema_version));
}

void judge_pages(const std::filesystem::path& file, const inspection& inside, doctor_report& report) {
    const auto size = mebibytes(inside.bytes);
    if (!inside.damage && inside.bytes <= quick_check_bytes_max)
        report.warn("pages", "not checked, for its schema cannot be read: see there");
    else if (!inside.damage)
        report.warn("pages", "not checked, the file has " + size +
                                 ", more than a check may take: ask a backup of " + file.string() +
                                 " (sqlite3 BACKUP 'PRAGMA quick_check(1)')");
    else if (inside.damage->empty())
        report.ok("pages", "all make sense (" + size + ')');
    else
        report.fail("pages", "the file is damaged: " + one_line(*inside.damage, damage_bytes_max) +
                                 what_to_do_about_damage);
}

void judge_wal(const std::filesystem::path& file, const inspection& inside, doctor_report& report) {
    const auto wal = std::to_string(inside.wal_bytes) + " bytes";
    if (inside.wal_bytes > wal_bytes_suspicious)
        report.warn("wal", wal + ": a reader keeps it from being cut (fuser " + file.string() +
                               "), or the daemon does not run");
    else
        report.ok("wal", wal);
}

void judge_pauses(const inspection& inside, const std::set<std::string>& configured, doctor_report& report) {
    for (const auto& it : inside.paused) {
        if (!configured.contains(it.name)) continue;
        const auto what = "account " + it.name;
        const auto go_on = "UPDATE accounts SET paused = 0 WHERE account = '" + it.name + "';";
        if (it.by_operator)
            report.warn(what, "an operator has paused it: " + it.reason + "; to go on: " + go_on);
        else
            report.fail(what,
                        "paused, nothing of it is sent: " + it.reason + "; when that is mended: " + go_on);
    }
}

void judge_absence(const std::filesystem::path& file, doctor_report& report) {
    std::error_code none;
    const auto lock_bytes = std::filesystem::file_size(file.string() + ".lock", none);
    if (!earlier_life_of(file, !none && lock_bytes > 0).empty())
        report.fail("database", file.string() +
                                    " is not there, and there was one: put it back, or a backup of it; to "
                                    "begin with an empty queue, cannedd --init");
    else
        report.warn("database",
                    file.string() + " is not there yet: cannedd creates it at its start, or --init now");
}

// By /proc/locks, so that a daemon which starts at this moment finds its lock free.
void judge_service(const std::filesystem::path& file, doctor_report& report) {
    struct stat lock {};
    std::ifstream locks("/proc/locks");
    if (!locks || ::stat((file.string() + ".lock").c_str(), &lock) != 0) return;
    const auto inode = ':' + std::to_string(lock.st_ino) + ' ';
    for (std::string line; std::getline(locks, line);)
        if (line.find(" FLOCK ") != std::string::npos && line.find(inode) != std::string::npos) {
            report.ok("service", "a daemon has this database");
            return;
        }
    report.warn("service", "no daemon has this database, so nothing is sent: systemctl status cannedd");
}

void examine_file(const std::filesystem::path& file, const std::set<std::string>& configured,
                  doctor_report& report) {
    struct stat seen {};
    if (::lstat(file.c_str(), &seen) != 0) {
        judge_absence(file, report);
        return;
    }
    judge_service(file, report);
    judge_access(file, seen, report);
    const auto inside = inspect_queue(file);
    judge_schema(file, inside, report);
    if (inside.is_queue) judge_pages(file, inside, report);
    judge_wal(file, inside, report);
    judge_pauses(inside, configured, report);
}

} // namespace

void judge_room(const std::filesystem::path& directory, const disk_room& left, doctor_report& report) {
    auto told = mebibytes(left.bytes);
    if (left.inodes) told += " and " + std::to_string(*left.inodes) + " inodes";
    told += " are free in " + directory.string();
    const auto look = "; df -h " + directory.string() + " && df -i " + directory.string();
    if (left.bytes < room_bytes_min || (left.inodes && *left.inodes < inodes_min))
        report.fail("space", told + ": a commit may fail at any moment, and then nothing is sent" + look);
    else if (left.bytes < room_bytes_comfortable)
        report.warn("space", told + ": soon the disk is full" + look);
    else
        report.ok("space", told);
}

void examine_disk(const std::filesystem::path& database, const std::set<std::string>& configured,
                  doctor_report& report) {
    examine_sqlite(report);
    examine_directory(database.parent_path(), report);
    examine_room(database.parent_path(), report);
    examine_file(database, configured, report);
}

} // namespace cannedd
