#include "simulator/oauth.hpp"

#include "simulator/assertion_check.hpp"
#include "simulator/encoding.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace cannedd::sim {
namespace {

constexpr auto saml_grant = "urn:ietf:params:oauth:grant-type:saml2-bearer";
constexpr auto jwt_assertion = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

reply refused(int status, const std::string& error, const std::string& description) {
    reply out(status,
              json::serialize(json::object{
                  {"error", error}, {"description", description}, {"error_description", description}}));
    out.headers.emplace_back("Content-Type", "application/json");
    return out;
}

std::string contents(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::invalid_argument("cannot read " + path);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

// The PEM itself under `key`, or the name of its file under `key`_file.
std::string pem_of(const json::value& from, const std::string& key) {
    if (find(from, key + "_file") != nullptr) return contents(text_or(from, key + "_file"));
    return text_or(from, key);
}

std::string grant_name(const std::string& wire) {
    return wire == saml_grant ? "saml2_bearer" : wire;
}

} // namespace

struct oauth::form {
    std::multimap<std::string, std::string> fields;
    std::string value(const std::string& name) const {
        const auto found = fields.find(name);
        return found == fields.end() ? std::string() : found->second;
    }
};

void oauth::add_user(const json::value& from) {
    only_keys(from, "user", {"id", "name", "email"});
    user who{text_or(from, "id", chance_.uuid()), text_or(from, "name", "Agent"), text_or(from, "email")};
    users_[who.id] = std::move(who);
}

void oauth::add_client(const json::value& from) {
    only_keys(from, "client",
              {"id", "secret", "name", "grants", "permissions", "token_seconds", "rotate", "refresh_tokens",
               "saml", "jwt", "divisions"});
    oauth_client c;
    c.id = text_or(from, "id");
    if (!is_uuid(c.id)) throw std::invalid_argument("a client's id must be a UUID");
    c.secret = text_or(from, "secret");
    c.name = text_or(from, "name", "client");
    auto grants = texts(from, "grants");
    if (grants.empty()) grants.emplace_back("client_credentials");
    c.grants = {grants.begin(), grants.end()};
    auto permissions = texts(from, "permissions");
    if (find(from, "permissions") == nullptr) permissions.emplace_back("*");
    c.permissions = {permissions.begin(), permissions.end()};
    const auto divisions = texts(from, "divisions");
    c.divisions = {divisions.begin(), divisions.end()};
    c.token_seconds = number_or(from, "token_seconds", 0);
    c.rotate = flag_or(from, "rotate", true);
    if (const auto* tokens = find(from, "refresh_tokens")) {
        if (!tokens->is_object()) throw std::invalid_argument("refresh_tokens must map tokens to user ids");
        for (const auto& member : tokens->get_object())
            c.refresh_tokens[std::string(member.key())] = member.value().as_string();
    }
    if (const auto* saml = find(from, "saml")) {
        only_keys(*saml, "saml", {"certificate", "certificate_file", "audience", "issuer"});
        c.saml =
            saml_trust{pem_of(*saml, "certificate"), text_or(*saml, "audience"), text_or(*saml, "issuer")};
    }
    if (const auto* jwt = find(from, "jwt")) {
        only_keys(*jwt, "jwt", {"key", "key_file", "key_id", "audience"});
        c.jwt = jwt_trust{pem_of(*jwt, "key"), text_or(*jwt, "key_id"), text_or(*jwt, "audience")};
    }
    clients_[c.id] = std::move(c);
}

oauth_client* oauth::find_client(const std::string& id) {
    const auto found = clients_.find(id);
    return found == clients_.end() ? nullptr : &found->second;
}

const user* oauth::find_user(const std::string& id_or_email) const {
    for (const auto& [id, who] : users_)
        if (id == id_or_email || (!who.email.empty() && boost::algorithm::iequals(who.email, id_or_email)))
            return &who;
    return nullptr;
}

access_token* oauth::find_token(const std::string& value) {
    const auto found = tokens_.find(value);
    return found == tokens_.end() ? nullptr : &found->second;
}

void oauth::revoke_all(const std::string& client_id) {
    for (auto& [value, token] : tokens_)
        if (client_id.empty() || token.client_id == client_id) token.revoked = true;
}

std::string oauth::mint(oauth_client& client, const std::string& user_id, const std::string& grant,
                        std::int64_t seconds) {
    auto value = chance_.uuid() + chance_.uuid();
    access_token token;
    token.client_id = client.id;
    token.user_id = user_id;
    token.grant = grant;
    token.expires = time_.wall() + std::chrono::seconds(seconds);
    tokens_[value] = std::move(token);
    return value;
}

reply oauth::granted(oauth_client& client, const std::string& user_id, const std::string& grant,
                     const std::string& refresh_token) {
    const auto seconds = client.token_seconds > 0 ? client.token_seconds : set_.token_seconds;
    json::object body{{"access_token", mint(client, user_id, grant, seconds)},
                      {"token_type", "bearer"},
                      {"expires_in", seconds}};
    if (!refresh_token.empty()) body["refresh_token"] = refresh_token;
    reply out(200, json::serialize(body));
    out.headers.emplace_back("Content-Type", "application/json");
    out.headers.emplace_back("Cache-Control", "no-store");
    return out;
}

// By Basic credentials, or by a signed assertion instead of a secret. Nothing: why not.
oauth_client* oauth::identify(const request& req, const form& fields, std::string& refusal) {
    if (fields.value("client_assertion_type") == jwt_assertion) {
        const auto verdict = check_client_assertion(fields.value("client_assertion"), time_.wall(), *this);
        if (verdict.client == nullptr) refusal = verdict.refusal;
        return verdict.client;
    }
    const auto authorization = req.header("authorization").value_or("");
    if (!boost::algorithm::istarts_with(authorization, "Basic ")) {
        refusal = "the request carries no client credentials";
        return nullptr;
    }
    const auto pair = base64_decoded(std::string_view(authorization).substr(6)).value_or("");
    const auto colon = pair.find(':');
    auto* client = find_client(percent_decoded(pair.substr(0, colon)));
    const bool right = client != nullptr && colon != std::string::npos && !client->secret.empty() &&
                       percent_decoded(pair.substr(colon + 1)) == client->secret;
    if (!right) refusal = "the client is unknown or its secret is wrong";
    return right ? client : nullptr;
}

reply oauth::by_refresh_token(oauth_client& client, const form& fields) {
    const auto old = client.refresh_tokens.find(fields.value("refresh_token"));
    if (old == client.refresh_tokens.end())
        return refused(400, "invalid_grant", "the refresh token is not valid");
    const auto user_id = old->second;
    if (!client.rotate) return granted(client, user_id, "refresh_token");
    client.refresh_tokens.erase(old);
    const auto fresh = chance_.uuid();
    client.refresh_tokens[fresh] = user_id;
    return granted(client, user_id, "refresh_token", fresh);
}

reply oauth::by_saml(oauth_client& client, const form& fields) {
    if (!client.saml)
        return refused(400, "invalid_grant", "the org trusts no identity provider for this client");
    if (fields.value("orgName") != set_.org_name)
        return refused(400, "invalid_grant", "orgName is not this org");
    const auto verdict = check_saml(fields.value("assertion"), *client.saml, set_.org_name, time_.wall());
    if (!verdict.refusal.empty()) return refused(400, "invalid_grant", verdict.refusal);
    const auto* who = find_user(verdict.subject);
    if (who == nullptr)
        return refused(400, "invalid_grant", "the assertion's subject is no user of this org");
    if (!client.spent_assertions.insert(verdict.id).second)
        return refused(400, "invalid_grant", "the assertion was used before");
    return granted(client, who->id, "saml2_bearer");
}

reply oauth::token(const request& req, std::vector<std::string>& violations) {
    static const std::set<std::string> known{
        "grant_type",       "refresh_token",         "orgName",   "assertion", "code", "redirect_uri",
        "client_assertion", "client_assertion_type", "client_id", "scope"};
    const form fields{form_fields(req.body)};
    const auto type = req.header("content-type").value_or("");
    if (!boost::algorithm::istarts_with(type, "application/x-www-form-urlencoded"))
        violations.emplace_back("content-type is not application/x-www-form-urlencoded");
    for (const auto& [name, value] : fields.fields)
        if (!known.contains(name)) violations.push_back("the form field '" + name + "' is unknown here");
    if (fields.value("grant_type").empty()) violations.emplace_back("grant_type is missing");
    if (!violations.empty()) return refused(400, "invalid_request", violations.front());

    std::string refusal;
    auto* client = identify(req, fields, refusal);
    if (client == nullptr) return refused(401, "invalid_client", refusal);
    const auto grant = grant_name(fields.value("grant_type"));
    const bool by_jwt = fields.fields.contains("client_assertion");
    if (!client->grants.contains(by_jwt ? "private_key_jwt" : grant))
        return refused(400, "unauthorized_client", "this client may not use the grant " + grant);
    if (grant == "client_credentials") return granted(*client, {}, grant);
    if (grant == "refresh_token") return by_refresh_token(*client, fields);
    if (grant == "saml2_bearer") return by_saml(*client, fields);
    return refused(400, "unsupported_grant_type", "the grant is not supported");
}

} // namespace cannedd::sim
