#include "oauth/token_request.hpp"
#include "text/encoding.hpp"
#include "unit/oauth/keys.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;
using namespace cannedd::testing;

namespace {

constexpr wall_time now(milliseconds(1715934600000));

std::string header_of(const http_request& request, std::string_view name) {
    for (const auto& header : request.headers)
        if (header.name == name) return header.value;
    return {};
}

template<typename Grant>
Grant with_client() {
    Grant grant;
    grant.client_id = "id";
    if constexpr (requires { grant.client_secret; }) grant.client_secret = secret("hush");
    return grant;
}

} // namespace

BOOST_AUTO_TEST_SUITE(oauth_grant_)

BOOST_AUTO_TEST_CASE(client_credentials_are_a_form_with_basic_authentication) {
    const auto request = token_request(with_client<client_credentials_grant>(), secret(), now, "x").value();
    BOOST_TEST(request.method == "POST");
    BOOST_TEST(request.target == "/oauth/token");
    BOOST_TEST(request.body == "grant_type=client_credentials");
    BOOST_TEST(header_of(request, "Content-Type") == "application/x-www-form-urlencoded");
    BOOST_TEST(header_of(request, "Authorization") == "Basic " + to_base64("id:hush"));
}

BOOST_AUTO_TEST_CASE(a_refresh_token_goes_into_the_form) {
    const auto request = token_request(with_client<refresh_token_grant>(), secret("r/1"), now, "x").value();
    BOOST_TEST(request.body == "grant_type=refresh_token&refresh_token=r%2F1");
    BOOST_TEST(assertion_in(request).empty());
    BOOST_TEST(header_of(request, "Authorization") == "Basic " + to_base64("id:hush"));
}

BOOST_AUTO_TEST_CASE(a_saml_assertion_goes_into_the_form_in_base64) {
    auto grant = with_client<saml2_bearer_grant>();
    grant.org = "my org";
    grant.user = "ada@example.com";
    grant.private_key_pem = secret(signing_identity_of_tests().key_pem);
    grant.certificate_pem = signing_identity_of_tests().certificate_pem;
    const auto request = token_request(grant, secret(), now, "x").value();
    BOOST_TEST(request.body.starts_with("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Asaml2-bearer&"
                                        "orgName=my%20org&assertion=PD94bWwg"));
    const auto assertion = assertion_in(request).reveal(); // is hidden, should the server echo it
    BOOST_TEST(assertion.starts_with("PD94bWwg"));
    BOOST_TEST(request.body.ends_with(percent_encoded(assertion)));
    BOOST_TEST(header_of(request, "Authorization") == "Basic " + to_base64("id:hush"));
}

BOOST_AUTO_TEST_CASE(a_client_assertion_takes_the_place_of_the_secret) {
    auto grant = with_client<private_key_jwt_grant>();
    grant.audience = "aud";
    grant.private_key_pem = secret(signing_identity_of_tests().key_pem);
    const auto request = token_request(grant, secret(), now, "x").value();
    BOOST_TEST(request.body.starts_with(
        "grant_type=client_credentials&client_id=id&client_assertion_type="
        "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion="));
    BOOST_TEST(request.body.ends_with("client_assertion=" + assertion_in(request).reveal()));
    BOOST_TEST(header_of(request, "Authorization") == "");
}

BOOST_AUTO_TEST_CASE(two_grants_give_a_users_token_and_two_a_clients) {
    BOOST_TEST(!is_users_grant(client_credentials_grant()));
    BOOST_TEST(is_users_grant(refresh_token_grant()));
    BOOST_TEST(is_users_grant(saml2_bearer_grant()));
    BOOST_TEST(!is_users_grant(private_key_jwt_grant()));
}

BOOST_AUTO_TEST_SUITE_END()
