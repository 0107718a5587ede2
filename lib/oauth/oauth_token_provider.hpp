// token_provider over OAuth: the token service of one account (login.<domain>/oauth/token), in any of the
// four grants. Requests for tokens do not pass the account's gate, but each has a deadline.
#pragma once

#include "net/http_transport.hpp"
#include "oauth/oauth_grant.hpp"
#include "oauth/refresh_token_store.hpp"
#include "oauth/token_provider.hpp"
#include "time/time_source.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace cannedd {

class logger;

struct token_settings {
    oauth_grant grant;
    std::string account; // for the log
    milliseconds request_timeout = std::chrono::seconds(10);
    std::function<void(const request_facts&)> answered = {}; // told of each request; empty: nobody
};

// store: for refresh_token only, else none. All references outlive the provider.
std::unique_ptr<token_provider>
make_oauth_token_provider(http_transport& login, time_source& time, logger& log, token_settings settings,
                          std::unique_ptr<refresh_token_store> store = nullptr);

// Each agent by the provider of that agent (keys: agent UUIDs in lower case), everybody else by the account's
// own. An agent who is not among them is not_a_user, unless the account's own token is a user's.
std::unique_ptr<token_provider>
make_agents_token_provider(std::string account, std::unique_ptr<token_provider> own,
                           std::map<std::string, std::unique_ptr<token_provider>> agents);

} // namespace cannedd
