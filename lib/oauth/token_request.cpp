#include "oauth/token_request.hpp"

#include "oauth/signed_assertion.hpp"
#include "text/encoding.hpp"

namespace cannedd {
namespace {

using fields = std::vector<std::pair<std::string, std::string>>;

http_request form_request(const fields& form) {
    http_request request("POST", "/oauth/token");
    request.headers.emplace_back("Accept", "application/json");
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.body = to_form(form);
    return request;
}

http_request with_client(http_request request, const std::string& id, const secret& client_secret) {
    request.headers.emplace_back("Authorization", "Basic " + to_base64(id + ":" + client_secret.reveal()));
    return request;
}

struct request_builder {
    const secret& refresh_token;
    wall_time now;
    const std::string& unique_id;

    result<http_request> operator()(const client_credentials_grant& grant) const {
        return with_client(form_request(fields{{"grant_type", "client_credentials"}}), grant.client_id,
                           grant.client_secret);
    }
    result<http_request> operator()(const refresh_token_grant& grant) const {
        const fields form{{"grant_type", "refresh_token"}, {"refresh_token", refresh_token.reveal()}};
        return with_client(form_request(form), grant.client_id, grant.client_secret);
    }
    result<http_request> operator()(const saml2_bearer_grant& grant) const {
        const auto assertion = signed_saml_assertion(grant, now, unique_id);
        if (assertion.has_error()) return assertion.error();
        const fields form{{"grant_type", "urn:ietf:params:oauth:grant-type:saml2-bearer"},
                          {"orgName", grant.org},
                          {"assertion", to_base64(*assertion)}};
        return with_client(form_request(form), grant.client_id, grant.client_secret);
    }
    result<http_request> operator()(const private_key_jwt_grant& grant) const {
        const auto assertion = signed_jwt(grant, now, unique_id);
        if (assertion.has_error()) return assertion.error();
        const fields form{{"grant_type", "client_credentials"},
                          {"client_id", grant.client_id},
                          {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                          {"client_assertion", *assertion}};
        return form_request(form);
    }
};

} // namespace

const std::string& client_id_of(const oauth_grant& grant) noexcept {
    return std::visit([](const auto& one) -> const std::string& { return one.client_id; }, grant);
}

std::vector<secret> secrets_of(const oauth_grant& grant) {
    std::vector<secret> found;
    std::visit(
        [&](const auto& one) {
            if constexpr (requires { one.client_secret; }) {
                found.push_back(one.client_secret);
                found.emplace_back(one.client_id + ":" + one.client_secret.reveal());
            }
            if constexpr (requires { one.private_key_pem; }) found.push_back(one.private_key_pem);
            if constexpr (requires { one.first_refresh_token; }) found.push_back(one.first_refresh_token);
        },
        grant);
    return found;
}

secret assertion_in(const http_request& request) {
    constexpr std::string_view name = "assertion=";
    std::string_view body = request.body;
    for (auto at = body.find(name); at != body.npos; at = body.find(name, at + 1))
        if (at > 0 && (body[at - 1] == '&' || body[at - 1] == '_'))
            return secret(
                percent_decoded(body.substr(at + name.size(), body.find('&', at) - at - name.size())));
    return {};
}

result<http_request> token_request(const oauth_grant& grant, const secret& refresh_token, wall_time now,
                                   const std::string& unique_id) {
    return std::visit(request_builder{refresh_token, now, unique_id}, grant);
}

} // namespace cannedd
