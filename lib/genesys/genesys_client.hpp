// conversation_api over HTTPS: builds requests (requests.hpp), sends them through the account's gate and a
// transport, reads replies (replies.hpp), keeps the resolve cache, the token and the response cache of one
// account.
#pragma once

#include "genesys/conversation_api.hpp"
#include "genesys/request_gate.hpp"
#include "net/http_transport.hpp"
#include "oauth/token_provider.hpp"
#include "time/time_source.hpp"

#include <memory>

namespace cannedd {

class logger;

struct genesys_client_settings {
    milliseconds request_timeout = std::chrono::seconds(10);
    milliseconds resolve_cache = std::chrono::seconds(30);
    milliseconds response_cache = std::chrono::minutes(5);
    std::size_t cache_entries_max = 10'000; // of each cache
    bool operator==(const genesys_client_settings&) const = default;
};

// All references outlive the client.
std::unique_ptr<conversation_api> make_genesys_client(http_transport& api, token_provider& tokens,
                                                      request_gate& gate, time_source& time, logger& log,
                                                      genesys_client_settings settings);

} // namespace cannedd
