#include "doctor/account.hpp"

#include "doctor/inquiry.hpp"
#include "doctor/permissions.hpp"
#include "genesys/replies.hpp"
#include "oauth/certificate_facts.hpp"
#include "text/timestamps.hpp"

#include <boost/asio/this_coro.hpp>

#include <cstdlib>

namespace cannedd {
namespace {

constexpr milliseconds skew_tolerated{5000};
constexpr auto certificate_ends_soon = std::chrono::hours(24 * 30);

std::string kind_of(bool users) {
    return users ? "a user's token" : "a client's token";
}

// What has to be set up at Genesys before an assertion of ours is believed there.
void judge_certificate(const auth_settings& auth, const std::string& name, wall_time now,
                       doctor_report& report) {
    const auto* const grant = std::get_if<saml2_bearer_grant>(&auth.grant);
    if (grant == nullptr) return;
    const auto what = "saml " + name;
    const auto file = auth.certificate_file.string();
    const auto seen = read_certificate(grant->certificate_pem);
    if (!seen) {
        report.fail(what, file + " holds no certificate in PEM");
        return;
    }
    const auto set_up = "at Genesys, Admin > Integrations > Single Sign-on must have a provider with issuer "
                        "URI urn:cannedd:" +
                        grant->client_id + ", audience " + grant->audience + " and the certificate " + file +
                        " (SHA-256 " + seen->sha256 + "), and " + grant->user + " must be a user of org " +
                        grant->org;
    const auto renew = "make another one, register it at Genesys and put it into certificate_file; ";
    if (now >= seen->not_after)
        report.fail(what, file + " expired at " + to_timestamp(seen->not_after) + ": " + renew + set_up);
    else if (now < seen->not_before)
        report.fail(what, file + " is not valid before " + to_timestamp(seen->not_before) +
                              ": is the clock right? Else " + renew + set_up);
    else if (seen->not_after - now < certificate_ends_soon)
        report.warn(what, file + " expires at " + to_timestamp(seen->not_after) + ": " + renew + set_up);
    else
        report.ok(what, "valid until " + to_timestamp(seen->not_after) + "; " + set_up);
}

void judge_owner(const token_owner& owner, bool configured_as_users, const std::string& name,
                 doctor_report& report) {
    const auto whose = kind_of(owner.grant.empty() ? configured_as_users : owner.is_users()) +
                       (owner.grant.empty() ? "" : " (" + owner.grant + ")") + " of OAuth client '" +
                       owner.client + "' in org '" + owner.org + "'";
    const bool differs = configured_as_users ? owner.is_clients() : owner.is_users();
    if (differs)
        report.warn("token " + name, "it is " + whose + ", but auth.grant promises " +
                                         kind_of(configured_as_users) +
                                         ": is client_id that of the right OAuth client?");
    else
        report.ok("token " + name, "it is " + whose);
}

void judge_route(const account_settings& account, bool speaks_as_user, doctor_report& report) {
    const auto what = "route " + account.name;
    const auto way = account.options.default_route;
    const auto with = std::string(name_of(way)) + " with " + kind_of(speaks_as_user);
    if (way == route::agentless || way == route::message)
        report.ok(what, with + "; whether it may send (conversation:message:create" +
                            (way == route::message ? " or conversation:webmessaging:create" : "") +
                            ") cannot be asked without sending");
    else if (way == route::chat)
        report.warn(what, with + "; Genesys removed web chat from its API in 2026: expect not_found");
    else
        report.ok(what, with);
}

void judge_rate(const rate_headers& seen, const account_settings& account, doctor_report& report) {
    const auto what = "rate " + account.name;
    const auto ours = "requests_per_minute is " + std::to_string(account.rate.requests_per_minute);
    if (seen.allowed)
        report.ok(what, "the API allows " + std::to_string(*seen.allowed) + " in its window, " +
                            std::to_string(seen.count.value_or(0)) + " are used; " + ours);
    else
        report.warn(what, "the API tells no limit; " + ours + ", and no more is sent");
}

// The org may have limits of its own, which support at Genesys can change.
asio::awaitable<void> examine_limits(api_caller& caller, const account_settings& account, bool speaks_as_user,
                                     doctor_report& report) {
    const std::string key =
        speaks_as_user ? "token.rate.per.minute" : "client.credentials.token.rate.per.minute";
    const auto what = "limit " + account.name;
    auto request = limits_request("platform.api");
    const auto answer = co_await caller.look_up(std::move(request), "");
    if (!answer) {
        report.warn(what, "the org's limits could not be asked: " + words_of(answer.error()));
        co_return;
    }
    const auto limits = read_limits(answer->body);
    const auto found = limits ? limits->find(key) : std::map<std::string, std::int64_t>::const_iterator();
    if (!limits || found == limits->end()) {
        report.ok(what, "the org tells no limit of its own (" + key + ")");
        co_return;
    }
    const auto told = "the org's limit " + key + " is " + std::to_string(found->second);
    if (found->second < account.rate.requests_per_minute)
        report.warn(what, told + ", less than rate.requests_per_minute: set it to " +
                              std::to_string(found->second) + ", or requests will be refused with 429");
    else
        report.ok(what, told);
}

// server: cut to the second.
void judge_clock(wall_time server, wall_time ours, const std::string& name, doctor_report& report) {
    const auto skew = server + milliseconds(500) - ours;
    const auto told = "the API's clock is " + std::to_string(std::chrono::abs(skew).count()) + " ms " +
                      (skew.count() < 0 ? "behind" : "ahead of") + " ours";
    if (std::chrono::abs(skew) > skew_tolerated)
        report.warn("clock " + name, told + ": synchronise this machine (timedatectl)");
    else
        report.ok("clock " + name, told + " (its Date header tells whole seconds)");
}

// Whether the token of this agent (empty: the account's own) can be had, and whose it is.
asio::awaitable<bool> examine_token(api_caller& caller, const account_settings& account, std::string agent_id,
                                    doctor_report& report) {
    const auto name = agent_id.empty() ? account.name : account.name + " agent " + agent_id;
    const auto& auth = agent_id.empty() ? account.auth : account.auth.users.at(agent_id);
    judge_certificate(auth, name, caller.wall(), report);
    if (std::holds_alternative<refresh_token_grant>(auth.grant)) {
        report.warn("token " + name, "refresh_token: not asked, because each use may replace the token that "
                                     "the daemon keeps; the daemon's log says whether it is taken");
        co_return false;
    }
    const auto missing = co_await caller.want_token(agent_id);
    if (missing) {
        report.fail("token " + name, words_of(*missing));
        co_return false;
    }
    report.ok("token " + name, "obtained from " + account.login.origin);
    auto request = token_owner_request();
    const auto known = co_await caller.look_up(std::move(request), agent_id);
    if (!known && is_not_found(known.error())) {
        report.warn("api " + name, account.api.origin +
                                       " answers, but does not tell whose token it is (404 for "
                                       "/api/v2/tokens/me): a gateway?");
        co_return true;
    }
    const auto owner = known ? read_token_owner(known->body) : std::nullopt;
    if (owner) {
        report.ok("api " + name, account.api.origin + " answers and knows the token");
        judge_owner(*owner, caller.speaks_as_user(agent_id), name, report);
    } else {
        report.fail("api " + name, account.api.origin + ": " +
                                       (known ? "its answer is not understood" : words_of(known.error())));
    }
    co_return owner.has_value();
}

// Without a token of ours nothing but this can be asked: whether anybody is there. 401 is the right answer.
asio::awaitable<void> examine_door(http_transport& api, const account_settings& account, time_source& time,
                                   doctor_report& report) {
    auto request = token_owner_request();
    auto asked = std::move(request.http);
    asked.headers.emplace_back("Authorization", "Bearer none"); // the API's definition demands one
    const auto exchange =
        co_await api.exchange(std::move(asked), time.steady() + account.client.request_timeout);
    const auto facts =
        facts_of(exchange, parse_answer(exchange.reply.body), due_body::object, scrubber(), time.wall());
    if (facts.http_status == 401 && !facts.not_the_apis)
        report.ok("api " + account.name, account.api.origin + " answers, and wants a true token");
    else if (facts.http_status == 401)
        report.fail("api " + account.name, account.api.origin + ": " + facts.detail +
                                               ", which is not Genesys' answer: a gateway or a proxy on the "
                                               "way says so");
    else
        report.fail("api " + account.name,
                    account.api.origin + ": " +
                        (facts.http_status == 0 ? facts.detail
                                                : "it answered " + std::to_string(facts.http_status) +
                                                      " where 401 is due; is it the API's URL?"));
    if (const auto date = date_of(exchange.reply)) judge_clock(*date, time.wall(), account.name, report);
}

} // namespace

asio::awaitable<void> examine_account(account_settings account, time_source& time, logger& quiet,
                                      doctor_report& report) {
    const auto executor = co_await asio::this_coro::executor;
    inquiry asked(executor, account, time, quiet);
    auto& caller = asked.caller();
    const bool own = co_await examine_token(caller, account, "", report);
    for (const auto& [agent_id, auth] : account.auth.users) {
        std::string id = agent_id;
        const bool agents = co_await examine_token(caller, account, std::move(id), report);
        static_cast<void>(agents); // its lines say it all
    }
    const bool speaks_as_user = caller.speaks_as_user("");
    if (own) {
        co_await examine_permissions(caller, account, speaks_as_user, report);
        co_await examine_limits(caller, account, speaks_as_user, report);
        judge_rate(asked.rates(), account, report);
        if (const auto server = caller.server_time()) judge_clock(*server, time.wall(), account.name, report);
    } else {
        co_await examine_door(asked.transport(), account, time, report);
    }
    judge_route(account, speaks_as_user, report);
}

} // namespace cannedd
