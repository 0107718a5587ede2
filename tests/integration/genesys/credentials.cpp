#include "integration/genesys/credentials.hpp"

#include "unit/oauth/keys.hpp"

#include <sys/stat.h>

namespace cannedd {
namespace {

constexpr auto saml_audience = "https://login.example/saml";
constexpr auto token_audience = "https://login.example/oauth/token";

std::string email(int agent) {
    return "agent_" + std::to_string(agent) + "@example.com";
}

} // namespace

credentials::credentials() {
    write_secret("secret", simulator::client_secret);
    const auto& signer = testing::signing_identity_of_tests();
    write_secret("key.pem", signer.key_pem);
    files_.write("certificate.pem", signer.certificate_pem);
    for (int agent = 1; agent <= 3; ++agent)
        write_secret("refresh_" + std::to_string(agent), "first_" + std::to_string(agent));
}

void credentials::write_secret(const std::string& name, const std::string& text) {
    ::chmod(files_.write(name, text).c_str(), 0600);
}

simulator_options credentials::org(const std::string& more) const {
    std::string users, tokens;
    for (int agent = 1; agent <= 3; ++agent) {
        users += "  - {id: " + uuid('a', agent) + ", email: " + email(agent) + "}\n";
        tokens += (agent == 1 ? "" : ", ") + ("first_" + std::to_string(agent)) + ": " + uuid('a', agent);
    }
    simulator_options options;
    options.plan = "org: {name: acme}\nusers:\n" + users + "clients:\n  - id: " + simulator::client_id +
                   "\n    secret: " + simulator::client_secret +
                   "\n    grants: [client_credentials, refresh_token, saml2_bearer, private_key_jwt]\n"
                   "    refresh_tokens: {" +
                   tokens + "}\n    saml: {certificate_file: " + path("certificate.pem") + ", audience: '" +
                   saml_audience + "'}\n    jwt: {key_file: " + path("certificate.pem") +
                   ", key_id: k1, audience: '" + token_audience + "'}\n" + more;
    return options;
}

std::string credentials::client() const {
    return std::string("client_id: ") + simulator::client_id + ", client_secret_file: " + path("secret");
}

std::string credentials::by_secret() const {
    return "{grant: client_credentials, " + client() + "}";
}

std::string credentials::by_refresh_token(int agent) const {
    return "{grant: refresh_token, " + client() +
           ", refresh_token_file: " + path("refresh_" + std::to_string(agent)) + "}";
}

std::string credentials::by_saml(int agent) const {
    return "{grant: saml2_bearer, " + client() + ", org: acme, user: " + email(agent) + ", audience: '" +
           saml_audience + "', private_key_file: " + path("key.pem") +
           ", certificate_file: " + path("certificate.pem") + "}";
}

std::string credentials::by_key() const {
    return std::string("{grant: private_key_jwt, client_id: ") + simulator::client_id +
           ", private_key_file: " + path("key.pem") + ", key_id: k1, audience: '" + token_audience + "'}";
}

std::string credentials::by_secret_with_users(const std::string& users) const {
    return "{grant: client_credentials, " + client() + ", users: {" + users + "}}";
}

std::string credentials::account(const simulator& genesys, const std::string& auth,
                                 const std::string& more) const {
    return "  default:\n    api_url: " + genesys.url() + "\n    login_url: " + genesys.url() +
           "\n    ca_file: " + genesys.ca_file() + "\n    auth: " + auth + "\n" + wide_rate + more;
}

std::string quoted(const std::string& text) {
    return "'" + text + "'";
}

std::string insert(const std::string& columns, const std::string& values) {
    return "INSERT INTO messages (" + columns + ") VALUES (" + values + ")";
}

} // namespace cannedd
