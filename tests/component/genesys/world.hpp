// A small world for the client under test: time that the test owns, an API that answers what the test has
// scripted, a gate that counts. A request that was not scripted is an error of the test, and says which it
// was.
#pragma once

#include "genesys/genesys_client.hpp"
#include "log/logger.hpp"
#include "oauth/oauth_token_provider.hpp"
#include "time/virtual_time.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace cannedd::testing {

http_exchange answer(int status, std::string body = {}, std::vector<http_header> headers = {});
http_exchange broken(phase reached, transport_fault fault, std::string detail = "the network failed");

// Answers by "METHOD path" (no query): each in the order scripted, the last one for ever.
class scripted_api final : public http_transport {
public:
    explicit scripted_api(time_source& time) : time_(time) {}

    void on(const std::string& call, http_exchange reply) { script_[call].push_back(std::move(reply)); }
    void on(const std::string& call, int status, std::string body = {}) {
        on(call, answer(status, std::move(body)));
    }
    void forget(const std::string& call) { script_.erase(call); }
    // All requests to come end like this one, whatever they ask for.
    void break_request(std::size_t number, http_exchange how) { broken_[number] = std::move(how); }

    asio::awaitable<http_exchange> exchange(http_request request, steady_time deadline) override;
    void close() override {}

    std::vector<http_request> seen;
    std::vector<steady_time> deadlines;
    steady_duration latency{};

    std::vector<std::string> calls() const;
    std::size_t count(const std::string& call) const;
    const http_request& last(const std::string& call) const;

private:
    time_source& time_;
    std::map<std::string, std::deque<http_exchange>> script_;
    std::map<std::size_t, http_exchange> broken_;
};

std::string call_of(const http_request& request);

class counting_gate final : public request_gate {
public:
    asio::awaitable<admission> admit(std::string_view operation) override;
    void answered(std::string_view operation, const request_facts& facts, const rate_headers& seen,
                  steady_duration took) override;
    void login_throttled(const request_facts& facts) override { told_to_wait.push_back(facts); }

    admission says = admission::granted;
    int refuse_from = -1; // the number of the first request that is not admitted; -1: none
    std::vector<std::string> admitted;
    std::vector<request_facts> answers;
    std::vector<rate_headers> headers;
    std::vector<request_facts> told_to_wait; // by the token service
};

// A token that is always there.
class fixed_tokens final : public token_provider {
public:
    asio::awaitable<api_result<secret>> token(std::string agent_id) override;
    void refused(const secret& token) override;
    bool is_users(const std::string&) const override { return users; }
    void hide_in(scrubber& hidden) const override { hidden.hide(secret("client-secret-0001")); }
    bool is_agents_own(const std::string&) const override { return agents_own; }

    bool users = false;
    bool agents_own = false;
    int issued = 1;
    std::vector<std::string> asked_for;
    std::vector<std::string> refusals;
    std::map<std::string, setback> missing; // by agent
};

struct world {
    world()
        : time(context)
        , api(time)
        , login(time)
        , log(log_level::debug, [this](const log_record& r) { logged.push_back(r); }) {}

    // The value of one coroutine, with time running no further than it has to.
    template<typename T>
    T run(asio::awaitable<T> work) {
        std::optional<T> value;
        std::exception_ptr failed;
        asio::co_spawn(context, std::move(work), [&](std::exception_ptr e, T result) {
            failed = e;
            if (!e) value = std::move(result);
        });
        time.run_until(time.steady());
        while (!value && !failed && time.next_event() != steady_time::max())
            time.run_until(time.next_event());
        if (failed) std::rethrow_exception(failed);
        if (!value) throw std::logic_error("the coroutine has not ended");
        return std::move(*value);
    }

    std::string all_logs() const;

    asio::io_context context;
    virtual_time time;
    scripted_api api;
    scripted_api login;
    counting_gate gate;
    fixed_tokens tokens;
    std::vector<log_record> logged;
    logger log;
};

} // namespace cannedd::testing
