#include "acting_owner.hpp"

#include <stdexcept>
#include <string>

#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cannedd {
namespace {

bool becomes(uid_t user, gid_t group) {
    const auto* const known = ::getpwuid(user);
    const bool in_groups =
        known != nullptr ? ::initgroups(known->pw_name, known->pw_gid) == 0 : ::setgroups(0, nullptr) == 0;
    return in_groups && ::setegid(known != nullptr ? known->pw_gid : group) == 0 && ::seteuid(user) == 0;
}

} // namespace

acting_owner::acting_owner(const std::filesystem::path& directory) {
    struct stat found {};
    if (::geteuid() != 0 || ::stat(directory.empty() ? "." : directory.c_str(), &found) != 0 ||
        found.st_uid == 0)
        return;
    if (!becomes(found.st_uid, found.st_gid))
        throw std::runtime_error("root may not act as the owner of " + directory.string() + " (user " +
                                 std::to_string(found.st_uid) + "): run cannedd as that user (runuser -u)");
    ::prctl(PR_SET_DUMPABLE, 1); // else what /proc tells of the process itself is root's
}

acting_owner::~acting_owner() {
    if (::geteuid() != ::getuid() && ::seteuid(::getuid()) != 0) ::_exit(1); // never: the right is kept
}

as_who_started::as_who_started() : acting_(::geteuid()) {
    if (acting_ != ::getuid() && ::seteuid(::getuid()) != 0) acting_ = ::geteuid(); // then it stays who it is
}

as_who_started::~as_who_started() {
    if (acting_ != ::geteuid() && ::seteuid(acting_) == 0) ::prctl(PR_SET_DUMPABLE, 1);
}

} // namespace cannedd
