// One request to the API, from admission to facts: the token in its header, its deadline, what the gate and
// the log are told, and the one retry with a new token that a look-up has after a 401. Knows nothing of what
// it asks for.
#pragma once

#include "genesys/conversation_api.hpp"
#include "genesys/request_gate.hpp"
#include "genesys/requests.hpp"
#include "genesys/server_clock.hpp"
#include "net/http_transport.hpp"
#include "oauth/reply_facts.hpp"
#include "oauth/token_provider.hpp"
#include "time/time_source.hpp"

#include <optional>
#include <string>

namespace cannedd {

class logger;

struct api_answer {
    request_facts facts;
    std::optional<errc> reason; // why there was no token; then nothing left
    json_answer body;
};

// A setback for an answer whose body does not say what it should.
setback not_understood(request_facts facts);
// Whether the API answered 404.
bool is_not_found(const setback& why);

class api_caller {
public:
    api_caller(http_transport& api, token_provider& tokens, request_gate& gate, time_source& time,
               logger& log, milliseconds request_timeout)
        : api_(api)
        , tokens_(tokens)
        , gate_(gate)
        , time_(time)
        , log_(log)
        , request_timeout_(request_timeout) {}

    // Asks with the token of agent_id (empty: the account's). A value is an answer of 200 with a JSON object.
    asio::awaitable<api_result<api_answer>> look_up(api_request request, std::string agent_id);
    // For a request that was admitted already. text: what is said, to be hidden in whatever the server
    // echoes; it outlives the call.
    asio::awaitable<api_answer> send(api_request request, std::string agent_id, std::string_view text);
    // Fetches the token now if it is not there, so that a send does not fail for want of it; nothing: it is
    // there.
    asio::awaitable<std::optional<setback>> want_token(std::string agent_id);

    // With every secret of the account.
    scrubber hidden() const;
    bool speaks_as_user(const std::string& agent_id) const { return tokens_.is_users(agent_id); }
    bool is_agents_own(const std::string& agent_id) const { return tokens_.is_agents_own(agent_id); }
    // The API's clock, at the least (server_clock.hpp).
    std::optional<wall_time> server_time() const { return clock_.at(time_.uptime()); }
    wall_time wall() const { return time_.wall(); }
    steady_time steady() const { return time_.steady(); }
    time_source& time() { return time_; }

private:
    request_facts without_token(const setback& no_token);
    asio::awaitable<api_answer> exchange(api_request request, const secret& token, due_body due,
                                         std::string_view text);
    void report(std::string_view operation, const request_facts& facts, const rate_headers& seen,
                steady_duration took);

    http_transport& api_;
    token_provider& tokens_;
    request_gate& gate_;
    time_source& time_;
    logger& log_;
    milliseconds request_timeout_;
    server_clock clock_;
};

} // namespace cannedd
