// STATUS= of the service: the queue in one line, or what is wrong first, the worst of it first. Pure.
#pragma once

#include "time/instant.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cannedd {

struct service_facts {
    std::string store_trouble; // each of these: empty while there is none
    std::string refused_reload;
    std::string restart_needed;
    std::string metrics_trouble;
    bool reload_waits = false; // a good configuration, for a database that is busy
    struct account {
        std::string name;
        bool paused = false;
        std::string paused_reason;
        bool unreachable = false; // breaker open, or several failures in a row
        bool told_to_wait = false;
    };
    std::vector<account> accounts;
    std::int64_t pending = 0, sending = 0, held = 0, unconfirmed = 0; // of all accounts
    std::int64_t in_doubt = 0;
    std::optional<wall_time> next_at; // when all that is pending is planned for later: the first of it
};

std::string status_line(const service_facts& facts);
// The last one: systemctl shows it for as long as the service does not run.
std::string stopped_line(const service_facts& facts);

} // namespace cannedd
