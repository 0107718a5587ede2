#include "rooms_settings.hpp"

namespace cannedd {
namespace {

doubt_policy doubt_of(unconfirmed_policy policy) {
    switch (policy) {
    case unconfirmed_policy::hold: return doubt_policy::hold;
    case unconfirmed_policy::resend: return doubt_policy::resend;
    case unconfirmed_policy::verify: break;
    }
    return doubt_policy::verify;
}

} // namespace

delivery_options delivery_options_of(const settings& all) {
    delivery_options options;
    options.limits.attempts_max = all.delivery.attempts;
    options.limits.backoff.base = all.delivery.backoff_base;
    options.limits.backoff.max = all.delivery.backoff_max;
    options.limits.doubt = doubt_of(all.delivery.unconfirmed);
    options.settle = all.delivery.settle;
    options.drain = std::chrono::seconds(all.delivery.drain_seconds);
    options.follow_status = all.delivery.follow_status;
    options.file_responses = all.responses;
    options.retention.sent = all.retention.sent;
    options.retention.failed = all.retention.failed;
    options.retention.attempts = all.retention.attempts;
    return options;
}

rate_settings rate_of(const account_settings& account) {
    rate_settings rate;
    rate.requests_per_minute = account.requests_per_minute;
    rate.burst = account.burst;
    rate.reserve = account.reserve;
    return rate;
}

account_options account_options_of(const account_settings& account) {
    account_options options;
    options.default_route = route_named(account.route).value_or(route::agentless);
    options.connections = static_cast<std::size_t>(account.connections);
    options.burst = account.burst;
    options.pace.messages_per_minute = account.conversation_messages_per_minute;
    options.pace.burst = account.conversation_burst;
    return options;
}

breaker_settings breaker_of(const delivery_settings& delivery) {
    breaker_settings breaker;
    breaker.failures = delivery.breaker_failures;
    breaker.cool_off = delivery.breaker_cool_off;
    return breaker;
}

transport_settings transport_of(const account_settings& account, const std::string& origin,
                                const std::string& proxy, std::size_t connections) {
    transport_settings transport;
    transport.origin = origin;
    transport.ca_file = account.ca_file;
    transport.proxy = proxy;
    transport.connections = connections;
    transport.user_agent = "cannedd/" CANNEDD_VERSION;
    return transport;
}

genesys_client_settings client_of(const account_settings& account, milliseconds request_timeout) {
    genesys_client_settings client;
    client.request_timeout = request_timeout;
    client.resolve_cache = account.resolve_cache;
    return client;
}

oauth_grant grant_of(const auth_settings& auth, const std::string& login_url) {
    switch (auth.grant) {
    case auth_grant::refresh_token: {
        refresh_token_grant grant;
        grant.client_id = auth.client_id;
        grant.client_secret = auth.client_secret;
        grant.first_refresh_token = auth.refresh_token;
        return grant;
    }
    case auth_grant::saml2_bearer: {
        saml2_bearer_grant grant;
        grant.client_id = auth.client_id;
        grant.client_secret = auth.client_secret;
        grant.org = auth.org;
        grant.user = auth.user;
        grant.audience = auth.audience;
        grant.recipient = login_url + "/oauth/token";
        grant.private_key_pem = auth.private_key_pem;
        grant.certificate_pem = auth.certificate_pem;
        return grant;
    }
    case auth_grant::private_key_jwt: {
        private_key_jwt_grant grant;
        grant.client_id = auth.client_id;
        grant.audience = auth.audience;
        grant.key_id = auth.key_id;
        grant.private_key_pem = auth.private_key_pem;
        return grant;
    }
    case auth_grant::client_credentials: break;
    }
    client_credentials_grant grant;
    grant.client_id = auth.client_id;
    grant.client_secret = auth.client_secret;
    return grant;
}

} // namespace cannedd
