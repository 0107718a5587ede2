// The four ways to get an access token, as plain values. What they ask for: token_request.hpp.
#pragma once

#include "log/secret.hpp"

#include <string>
#include <variant>

namespace cannedd {

struct client_credentials_grant {
    std::string client_id;
    secret client_secret;
    bool operator==(const client_credentials_grant&) const = default;
};

// A user's token. Each answer may bring a new refresh token that takes the place of the old one.
struct refresh_token_grant {
    std::string client_id;
    secret client_secret;
    secret first_refresh_token; // as configured; newer ones are in the store
    bool operator==(const refresh_token_grant&) const = default;
};

// A user's token for an assertion that we sign as an identity provider (RFC 7522).
struct saml2_bearer_grant {
    std::string client_id;
    secret client_secret;
    std::string org;
    std::string user; // the user's e-mail address
    std::string audience;
    std::string
        issuer; // empty: urn:cannedd:<client_id>; what the org's single sign-on settings call issuer URI
    std::string recipient; // the token service's URL
    secret private_key_pem;
    std::string certificate_pem;
    bool operator==(const saml2_bearer_grant&) const = default;
};

// A client's token for an assertion in place of a secret (RFC 7523): for gateways, Genesys itself has none.
struct private_key_jwt_grant {
    std::string client_id;
    std::string audience;
    std::string key_id;
    secret private_key_pem;
    bool operator==(const private_key_jwt_grant&) const = default;
};

using oauth_grant =
    std::variant<client_credentials_grant, refresh_token_grant, saml2_bearer_grant, private_key_jwt_grant>;

// Whether the grant's tokens are a user's.
inline bool is_users_grant(const oauth_grant& grant) noexcept {
    return std::holds_alternative<refresh_token_grant>(grant) ||
           std::holds_alternative<saml2_bearer_grant>(grant);
}

} // namespace cannedd
