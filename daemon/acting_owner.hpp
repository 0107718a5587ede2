// Whoever starts cannedd as root wants no file of root's in the service's directory: it acts as the
// directory's owner once the secrets are read (contract). The right to become root again is kept, for secrets
// are read again with a reload.
#pragma once

#include <filesystem>

#include <sys/types.h>

namespace cannedd {

// As long as it lives; for root alone, and only where the directory is another's.
class acting_owner {
public:
    explicit acting_owner(const std::filesystem::path& directory); // std::runtime_error: not allowed
    ~acting_owner();
    acting_owner(const acting_owner&) = delete;
    acting_owner& operator=(const acting_owner&) = delete;
};

// Acts as whoever started the process, as long as it lives.
class as_who_started {
public:
    as_who_started();
    ~as_who_started();
    as_who_started(const as_who_started&) = delete;
    as_who_started& operator=(const as_who_started&) = delete;

private:
    uid_t acting_;
};

} // namespace cannedd
