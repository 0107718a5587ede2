#include "doctor_account.hpp"

#include "account_service.hpp"
#include "genesys/api_caller.hpp"

#include <boost/asio/this_coro.hpp>

#include <cstdlib>
#include <vector>

namespace cannedd {
namespace {

// A conversation and an agent that no org has: 404 or an empty list shows that the question is allowed.
const std::string nobody = "00000000-0000-4000-8000-000000000000";
constexpr milliseconds skew_tolerated{5000};

// Lets everything pass and remembers what the headers told.
class open_gate final : public request_gate {
public:
    asio::awaitable<admission> admit(std::string_view /*operation*/) override {
        co_return admission::granted;
    }
    void answered(std::string_view /*operation*/, const request_facts& /*facts*/, const rate_headers& told,
                  steady_duration /*took*/) override {
        if (told.allowed) seen = told;
    }
    rate_headers seen;
};

struct question {
    question(api_request request_, std::string permission_, std::string needed_for_, bool essential_)
        : request(std::move(request_))
        , permission(std::move(permission_))
        , needed_for(std::move(needed_for_))
        , essential(essential_) {}
    api_request request;
    std::string permission;
    std::string needed_for;
    bool essential;
};

std::vector<question> questions(wall_time now) {
    std::vector<question> all;
    all.emplace_back(conversation_request(nobody), "conversation:communication:view", "every route", true);
    all.emplace_back(bulk_request(nobody, {nobody}), "conversation:message:view",
                     "finding out whether an unanswered message arrived", true);
    all.emplace_back(agents_conversations_request(nobody, route::message, now, 1),
                     "analytics:conversationDetail:view", "rows that name only an agent", false);
    all.emplace_back(libraries_request("cannedd", 1), "responses:library:view",
                     "responses named genesys:<library>/<name>", false);
    all.emplace_back(response_request(nobody), "responses:response:view", "responses named genesys:...",
                     false);
    return all;
}

std::string words_of(const setback& why) {
    return why.detail.empty() ? why.facts.detail : why.detail;
}

void judge(const question& asked, const api_result<api_answer>& answer, const std::string& name,
           doctor_report& report) {
    const auto what = "permission " + name;
    if (answer || is_not_found(answer.error())) {
        report.ok(what, asked.permission + ": " + asked.needed_for);
        return;
    }
    const auto& facts = answer.error().facts;
    const auto why = asked.permission + ", needed for " + asked.needed_for + ": " + words_of(answer.error());
    if (facts.http_status == 403 && asked.essential)
        report.fail(what, why + "; give it to the role of the OAuth client");
    else if (facts.http_status == 403)
        report.warn(what, why + "; give it to the role of the OAuth client if it is wanted");
    else
        report.warn(what, asked.permission + " could not be asked: " + words_of(answer.error()));
}

void judge_route(const account_settings& account, bool speaks_as_user, doctor_report& report) {
    const auto what = "route " + account.name;
    const bool wants_user = account.route == "message" || account.route == "chat";
    const auto kind = std::string(speaks_as_user ? "a user's token" : "a client's token");
    if (wants_user && !speaks_as_user && account.auth.users.empty())
        report.warn(what, account.route + " with " + kind +
                              ": Genesys documents that only the agent's own token may speak there; "
                              "use route agentless, a user's grant or auth.users");
    else
        report.ok(
            what,
            account.route + " with " + kind +
                (account.route == "agentless"
                     ? "; whether it may send (conversation:message:create) cannot be asked without sending"
                     : ""));
}

void judge_limits(const rate_headers& seen, const account_settings& account, doctor_report& report) {
    const auto what = "rate " + account.name;
    if (!seen.allowed) {
        report.warn(what, "the API tells no limit; requests_per_minute " +
                              std::to_string(account.requests_per_minute) + " is kept");
        return;
    }
    report.ok(what, "the API allows " + std::to_string(*seen.allowed) + " in its window, " +
                        std::to_string(seen.count.value_or(0)) + " are used; requests_per_minute is " +
                        std::to_string(account.requests_per_minute));
}

void judge_clock(milliseconds skew, const std::string& name, doctor_report& report) {
    const auto told = "the API's clock is " + std::to_string(skew.count()) + " ms ahead of ours";
    if (std::chrono::abs(skew) > skew_tolerated)
        report.warn("clock " + name, told + ": synchronise this machine (timedatectl)");
    else
        report.ok("clock " + name, told + " (its Date header tells whole seconds)");
}

} // namespace

asio::awaitable<void> examine_account(account_settings account, delivery_settings delivery, time_source& time,
                                      logger& quiet, doctor_report& report) {
    if (account.auth.grant == auth_grant::refresh_token) {
        report.warn("token " + account.name,
                    "refresh_token: not asked, because each use replaces the token that the daemon keeps");
        co_return;
    }
    const auto executor = co_await asio::this_coro::executor;
    open_gate gate;
    const std::filesystem::path unused; // only the grant refresh_token keeps files
    account_service service(executor, time, quiet, gate, account, delivery, unused);
    api_caller caller(service.transport(), service.tokens(), gate, time, quiet, delivery.request_timeout);
    const auto missing = co_await caller.want_token("");
    if (missing) {
        report.fail("token " + account.name, words_of(*missing));
        service.close();
        co_return;
    }
    report.ok("token " + account.name, "obtained from " + account.login_url);
    api_request me("tokens_me", "GET", "/api/v2/tokens/me");
    const auto known = co_await caller.look_up(std::move(me), "");
    if (known)
        report.ok("api " + account.name, account.api_url + " answers and knows the token");
    else
        report.fail("api " + account.name, account.api_url + ": " + words_of(known.error()));
    if (known) {
        for (auto& asked : questions(time.wall())) {
            auto request = asked.request;
            const auto answer = co_await caller.look_up(std::move(request), "");
            judge(asked, answer, account.name, report);
        }
    }
    judge_route(account, caller.speaks_as_user(""), report);
    judge_limits(gate.seen, account, report);
    judge_clock(caller.clock_skew(), account.name, report);
    service.close();
}

} // namespace cannedd
