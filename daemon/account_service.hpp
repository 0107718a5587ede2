// Everything below the delivery loop that belongs to one account: transports, tokens, client. The gate lives
// outside: it outlasts a reload that replaces the rest. Destroying it is safe as soon as nobody waits for one
// of its answers.
#pragma once

#include "config/settings.hpp"
#include "genesys/conversation_api.hpp"
#include "genesys/request_gate.hpp"
#include "net/http_transport.hpp"
#include "oauth/token_provider.hpp"
#include "time/time_source.hpp"

#include <filesystem>
#include <memory>

namespace cannedd {

class logger;

class account_service {
public:
    // private_directory: where the newest refresh tokens are kept (0700). Throws std::runtime_error with a
    // sentence.
    account_service(asio::any_io_executor executor, time_source& time, logger& log, request_gate& gate,
                    const account_settings& account, const std::filesystem::path& private_directory);

    conversation_api& api() { return *client_; }
    token_provider& tokens() { return *tokens_; }
    http_transport& transport() { return *api_transport_; }

private:
    std::unique_ptr<http_transport> api_transport_;
    std::unique_ptr<http_transport> login_transport_;
    std::unique_ptr<token_provider> tokens_;
    std::unique_ptr<conversation_api> client_;
};

// The same as an API that keeps all of it alive: what a reload replaces lives until its last user has gone.
std::shared_ptr<conversation_api> make_account_api(asio::any_io_executor executor, time_source& time,
                                                   logger& log, request_gate& gate,
                                                   const account_settings& account,
                                                   const std::filesystem::path& private_directory);

} // namespace cannedd
