#include "doctor/disk.hpp"

#include "queue/inspection.hpp"
#include "queue/sqlite_store.hpp"

#include <array>
#include <cstdio>
#include <cstring>

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
constexpr std::int64_t wal_bytes_suspicious = 16 * 1024 * 1024;

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

void examine_file(const std::filesystem::path& file, doctor_report& report) {
    struct stat seen {};
    if (::lstat(file.c_str(), &seen) != 0) {
        report.warn("database",
                    file.string() + " is not there yet: cannedd creates it at its start, or --init now");
        return;
    }
    const auto told = file.string() + " is " + mode_of(seen) + ' ' + owner_of(seen);
    if (::access(file.c_str(), R_OK | W_OK) != 0)
        report.fail("database", told + ": not writable for the user who asks; chown cannedd:cannedd " +
                                    file.string() + " && chmod 660 " + file.string());
    else if ((seen.st_mode & 0777U) != 0660)
        report.warn("database", told + ": it should be 0660; chmod 660 " + file.string());
    else
        report.ok("database", told);
    const auto inside = inspect_queue(file);
    if (!inside.opened)
        report.fail("schema", "cannot be read: " + inside.trouble);
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
    const auto wal = std::to_string(inside.wal_bytes) + " bytes";
    if (inside.wal_bytes > wal_bytes_suspicious)
        report.warn("wal", wal + ": a reader keeps it from being cut (fuser " + file.string() +
                               "), or the daemon does not run");
    else
        report.ok("wal", wal);
}

} // namespace

void examine_disk(const std::filesystem::path& database, doctor_report& report) {
    examine_sqlite(report);
    examine_directory(database.parent_path(), report);
    examine_file(database, report);
}

} // namespace cannedd
