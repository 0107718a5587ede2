#include "queue/disk_room.hpp"

#include <sys/statvfs.h>
#include <unistd.h>

namespace cannedd {
namespace {

// Many times what one commit takes.
constexpr std::int64_t scarce_bytes = 1024 * 1024;

} // namespace

std::optional<disk_room> room_in(const std::filesystem::path& directory) {
    struct statvfs seen {};
    if (::statvfs(directory.c_str(), &seen) != 0 || seen.f_blocks == 0) return std::nullopt;
    const bool reserve_is_ours = ::geteuid() == 0;
    const auto blocks = reserve_is_ours ? seen.f_bfree : seen.f_bavail;
    disk_room left;
    left.bytes = static_cast<std::int64_t>(blocks * seen.f_frsize);
    if (seen.f_files > 0)
        left.inodes = static_cast<std::int64_t>(reserve_is_ours ? seen.f_ffree : seen.f_favail);
    return left;
}

bool is_scarce(const disk_room& left) {
    return left.bytes < scarce_bytes;
}

} // namespace cannedd
