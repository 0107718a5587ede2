// Access tokens of one account: fetched when first needed, one request at a time however many ask (single
// flight), renewed before they expire, and once after a 401.
#pragma once

#include "log/secret.hpp"
#include "oauth/scrubber.hpp"
#include "policy/setback.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace cannedd {

namespace asio = boost::asio;

class token_provider {
public:
    virtual ~token_provider() = default;
    // The token that speaks for the agent, or for the account when no agent is named or no user is
    // configured. A setback's reason is invalid_client (any 4xx but 408 and 429) or not_a_user (users are
    // configured, this agent is not among them); else classify its facts.
    virtual asio::awaitable<api_result<secret>> token(std::string agent_id) = 0;
    // This token was refused with 401: fetch another when it is still the current one.
    virtual void refused(const secret& token) = 0;
    // Whether that token is a user's, which knows conversations of its own.
    virtual bool is_users(const std::string& agent_id) const = 0;
    // Every secret of the account, whatever echoes it: of its client, its users, and the tokens of now.
    virtual void hide_in(scrubber& hidden) const = 0;
    // Whether that token is one agent's own, so that its trouble is no one else's. A setback's facts say so
    // too.
    virtual bool is_agents_own(const std::string& agent_id) const = 0;
};

} // namespace cannedd
