// How messages are delivered, as the configuration says it: of all accounts, and of one. Plain values; two
// that are equal need no rebuilding.
#pragma once

#include "genesys/route.hpp"
#include "policy/conversation_pace.hpp"
#include "policy/decision_limits.hpp"
#include "queue/retention_limits.hpp"
#include "time/instant.hpp"

#include <cstddef>
#include <map>
#include <string>

namespace cannedd {

struct delivery_options {
    decision_limits limits;
    milliseconds settle = seconds(2); // before a conversation is read back
    int reads_before_absent = 3;      // one after `settle`, the others each half of it later
    milliseconds drain = seconds(25); // how long attempts in flight may take after SIGTERM
    bool follow_status = true;
    std::map<std::string, std::string> file_responses; // of responses_file; the table comes first
    retention_limits retention;
    bool operator==(const delivery_options&) const = default;
};

struct account_options {
    route default_route = route::agentless; // for rows that name none
    std::size_t connections = 8;            // messages in flight at most, 1..256
    int burst = 20;                         // of the account's bucket, in requests
    pace_settings pace;                     // of each conversation
    bool waits_for_ended = false;           // an ended conversation may come back; else its rows end with it
    bool operator==(const account_options&) const = default;
};

} // namespace cannedd
