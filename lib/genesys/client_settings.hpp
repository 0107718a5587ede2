// What an account's client of Genesys is told. Plain values; clients of equal settings do the same.
#pragma once

#include "genesys/text_limits.hpp"
#include "time/instant.hpp"

#include <cstddef>
#include <map>
#include <string>

namespace cannedd {

// How route agentless speaks into a conversation.
struct agentless_settings {
    bool waits_for_bot = true; // a bot would take the message for the customer's
    // Messenger type -> the org's side: deployment id, integration id or number; else the conversation's.
    std::map<std::string, std::string, std::less<>> from_addresses;
    bool operator==(const agentless_settings&) const = default;
};

struct genesys_client_settings {
    milliseconds request_timeout = std::chrono::seconds(10);
    milliseconds resolve_cache = std::chrono::seconds(30);
    milliseconds response_cache = std::chrono::minutes(5);
    std::size_t cache_entries_max = 10'000; // of each cache
    agentless_settings agentless;
    text_limits limits;
    bool operator==(const genesys_client_settings&) const = default;
};

} // namespace cannedd
