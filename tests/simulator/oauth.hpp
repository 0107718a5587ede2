// OAuth clients, users and tokens of the simulated org, and POST /oauth/token: client credentials, refresh
// tokens that are replaced at each use, signed SAML2 assertions, signed JWT client assertions.
#pragma once

#include "simulator/clock.hpp"
#include "simulator/settings.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cannedd::sim {

struct user {
    std::string id;
    std::string name;
    std::string email;
};

// What a signed SAML2 assertion must say for this client.
struct saml_trust {
    std::string certificate_pem;
    std::string audience;
    std::string issuer; // empty: any
};

// What a signed JWT must say for this client.
struct jwt_trust {
    std::string key_pem; // public key or certificate
    std::string key_id;  // empty: any
    std::string audience;
};

struct oauth_client {
    std::string id;
    std::string secret;
    std::string name;
    std::set<std::string> grants;      // client_credentials refresh_token saml2_bearer private_key_jwt
    std::set<std::string> permissions; // "*": all
    std::set<std::string> divisions;   // empty: all
    std::int64_t token_seconds = 0;    // 0: the org's
    bool rotate = true;                // each use of a refresh token replaces it
    std::map<std::string, std::string> refresh_tokens; // valid ones -> user id
    std::set<std::string> spent_assertions;            // jti of JWTs, ids of SAML assertions: each works once
    std::optional<saml_trust> saml;
    std::optional<jwt_trust> jwt;

    bool may(const std::string& permission) const {
        return permissions.contains("*") || permissions.contains(permission);
    }
};

struct access_token {
    std::string client_id;
    std::string user_id; // empty: a client's token
    std::string grant;
    wall_time expires{};
    bool revoked = false;
};

class oauth {
public:
    oauth(const clock& time, dice& chance, const settings& set) : time_(time), chance_(chance), set_(set) {}

    // Throw std::invalid_argument with a sentence.
    void add_client(const json::value& description); // one with the id of an old one replaces it
    void add_user(const json::value& description);

    reply token(const request& req, std::vector<std::string>& violations);
    std::string mint(oauth_client& client, const std::string& user_id, const std::string& grant,
                     std::int64_t seconds);

    access_token* find_token(const std::string& value);
    oauth_client* find_client(const std::string& id);
    const user* find_user(const std::string& id_or_email) const;
    bool expired(const access_token& token) const { return time_.wall() >= token.expires; }
    void revoke_all(const std::string& client_id); // empty: of every client

private:
    struct form;
    oauth_client* identify(const request& req, const form& fields, std::string& refusal);
    reply by_refresh_token(oauth_client& client, const form& fields);
    reply by_saml(oauth_client& client, const form& fields);
    reply granted(oauth_client& client, const std::string& user_id, const std::string& grant,
                  const std::string& refresh_token = {});

    const clock& time_;
    dice& chance_;
    const settings& set_;
    std::map<std::string, oauth_client> clients_;
    std::map<std::string, user> users_;
    std::map<std::string, access_token> tokens_;
};

} // namespace cannedd::sim
