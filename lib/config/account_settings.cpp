#include "config/account_settings.hpp"

#include "config/auth_settings.hpp"
#include "config/channel_settings.hpp"
#include "config/proxy.hpp"
#include "config/region.hpp"
#include "text/url.hpp"

#include <algorithm>
#include <array>

namespace cannedd {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 4> routes{"message", "agentless", "chat", "tutorial"};

// What works in an org out of the box: agentless for a client's token, message for a user's.
route default_route(const oauth_grant& grant) {
    return is_users_grant(grant) ? route::message : route::agentless;
}

std::string read_url(section& from, std::string_view key) {
    const auto text = from.read_text(key);
    if (!text) return {};
    const auto url = parse_origin(*text);
    if (url) return url->url();
    from.fault(key, url.error().sentence);
    return {};
}

void read_hosts(section& from, account_settings& account) {
    const auto region_text = from.read_text("region");
    account.api.origin = read_url(from, "api_url");
    account.login.origin = read_url(from, "login_url");
    const bool api = from.has("api_url");
    const bool login = from.has("login_url");
    if (from.has("region")) {
        if (api || login)
            from.fault("region", "give either region or both api_url and login_url, not region and a URL");
    } else if (!api && !login) {
        from.fault("needs region, or api_url and login_url");
    } else if (!login) {
        from.fault("api_url", "needs login_url beside it");
    } else if (!api) {
        from.fault("login_url", "needs api_url beside it");
    }
    if (!region_text) return;
    if (const auto region = region_named(*region_text)) {
        account.api.origin = "https://" + std::string(region->api_host);
        account.login.origin = "https://" + std::string(region->login_host);
    } else {
        from.fault("region", unknown_region(*region_text));
    }
}

// HTTPS_PROXY is for https, and never for loopback.
bool takes_proxy_of(const environment_proxy& environment, const std::string& url) {
    const auto to = parse_origin(url);
    return to && to->tls && !to->loopback && !bypasses_proxy(environment.no_proxy, *to);
}

void take_environment_proxy(section& from, account_settings& account, const environment_proxy& environment) {
    const bool api = takes_proxy_of(environment, account.api.origin);
    const bool login = takes_proxy_of(environment, account.login.origin);
    if (!environment.fault.empty() && (api || login))
        from.fault("HTTPS_PROXY in the environment " + environment.fault +
                   "; or give the account a proxy of its own (proxy:)");
    if (api) account.api.proxy = environment.proxy;
    if (login) account.login.proxy = environment.proxy;
}

void read_proxy(section& from, account_settings& account, const environment_proxy& environment) {
    const auto text = from.read_text_or_empty("proxy");
    if (!from.has("proxy")) {
        take_environment_proxy(from, account, environment);
    } else if (text && !text->empty()) {
        const auto proxy = parse_proxy(*text);
        if (!proxy) from.fault("proxy", proxy.error().sentence);
        account.api.proxy = account.login.proxy = secret(*text);
    }
}

void read_ca_file(section& from, account_settings& account, named_files& files,
                  const setting_checks& checks) {
    if (const auto named = from.read_text("ca_file")) account.api.ca_file = files.beside(*named);
    account.login.ca_file = account.api.ca_file;
    const bool tls = account.api.origin.starts_with("https:") || account.login.origin.starts_with("https:");
    if (!tls) return;
    const auto content = files.read_public(from, "ca_file", account.api.ca_file);
    // Also BEGIN TRUSTED CERTIFICATE, OpenSSL's own.
    if (content && content->find("CERTIFICATE-----") == std::string::npos)
        from.fault("ca_file", account.api.ca_file.string() +
                                  " holds no certificate in PEM (-----BEGIN CERTIFICATE-----)");
    else if (content && checks.ca_file) {
        if (const auto fault = checks.ca_file(account.api.ca_file)) from.fault("ca_file", *fault);
    }
}

void read_rates(section& from, account_settings& account) {
    auto& own = account.rate;
    auto rate = from.child("rate");
    rate.read_number("requests_per_minute", own.requests_per_minute, 1, 100'000);
    own.burst = std::min(own.burst, own.requests_per_minute);
    rate.read_number("burst", own.burst, 1, own.requests_per_minute);
    rate.read_fraction("reserve", own.reserve);
    rate.refuse_unknown_keys();
    account.options.burst = own.burst;

    auto& pace = account.options.pace;
    auto conversation = from.child("conversation_rate");
    conversation.read_number("messages_per_minute", pace.messages_per_minute, 1, 100'000);
    pace.burst = std::min(pace.burst, pace.messages_per_minute);
    conversation.read_number("burst", pace.burst, 1, pace.messages_per_minute);
    conversation.refuse_unknown_keys();
}

void read_connections(section& from, account_settings& account) {
    constexpr std::size_t for_tokens = 2; // one at a time; users' tokens beside the account's
    auto connections = static_cast<int>(account.options.connections);
    from.read_number("connections", connections, 1, 256);
    account.options.connections = account.api.connections = static_cast<std::size_t>(connections);
    account.login.connections = for_tokens;
}

bool speaks_for_nobody(const account_settings& account) {
    const auto way = account.options.default_route;
    const bool as_agent = way == route::message || way == route::chat;
    const bool grant_is_read =
        std::visit([](const auto& grant) { return !grant.client_id.empty(); }, account.auth.grant);
    return as_agent && grant_is_read && !is_users_grant(account.auth.grant) && account.auth.users.empty();
}

} // namespace

account_settings read_account(section from, const std::string& name, const account_settings& common,
                              named_files& files, const environment_proxy& environment,
                              const setting_checks& checks) {
    auto account = common;
    account.name = name;
    read_hosts(from, account);
    read_proxy(from, account, environment);
    read_ca_file(from, account, files, checks);
    if (!from.has("auth")) from.fault("needs auth: how to get a token");
    auto auth = from.child("auth");
    if (from.has("auth"))
        account.auth = read_auth(std::move(auth), files, account.login.origin + "/oauth/token", checks);
    const auto chosen = from.read_choice("route", routes);
    account.options.default_route = chosen ? static_cast<route>(*chosen) : default_route(account.auth.grant);
    if (chosen && speaks_for_nobody(account))
        from.fault("route", "only an agent's own token may speak there, and a client's is all there is: use "
                            "route agentless, a user's grant (refresh_token, saml2_bearer) or auth.users");
    read_rates(from, account);
    read_connections(from, account);
    from.read_duration("expire_after", account.expire_after, milliseconds(1), std::chrono::days(365));
    from.read_duration("resolve_cache", account.client.resolve_cache, milliseconds(0), std::chrono::hours(1));
    account.client.agentless = read_agentless(from.child("agentless"));
    account.client.limits = read_text_limits(from.child("text_limits"));
    constexpr std::array<std::string_view, 2> ways{"fail", "wait"};
    if (const auto way = from.read_choice("conversation_ended", ways))
        account.options.waits_for_ended = *way == 1;
    from.refuse_unknown_keys();
    return account;
}

} // namespace cannedd
