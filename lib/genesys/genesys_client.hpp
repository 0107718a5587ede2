// conversation_api over HTTPS: builds requests (requests.hpp), sends them through the account's gate and a
// transport, reads replies (replies.hpp), keeps the resolve cache, the token and the response cache of one
// account.
#pragma once

#include "genesys/client_settings.hpp"
#include "genesys/conversation_api.hpp"
#include "genesys/request_gate.hpp"
#include "net/http_transport.hpp"
#include "oauth/token_provider.hpp"
#include "time/time_source.hpp"

#include <memory>

namespace cannedd {

class logger;

// All references outlive the client.
std::unique_ptr<conversation_api> make_genesys_client(http_transport& api, token_provider& tokens,
                                                      request_gate& gate, time_source& time, logger& log,
                                                      genesys_client_settings settings);

} // namespace cannedd
