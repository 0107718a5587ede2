#include "integration/simulator/org.hpp"
#include "integration/simulator/signing.hpp"

#include <boost/test/unit_test.hpp>

#include <ctime>

using namespace cannedd;
namespace json = boost::json;

namespace {

std::string error_of(const http_answer& answer) {
    return text_at(json::parse(answer.body), "error");
}

} // namespace

BOOST_AUTO_TEST_SUITE(tokens_)

BOOST_AUTO_TEST_CASE(a_client_gets_a_token_for_its_secret_and_only_for_it) {
    org o("token_seconds: 600");
    const auto good = o.form("grant_type=client_credentials");
    BOOST_TEST(good.status == 200);
    BOOST_TEST(json::parse(good.body).at("expires_in") == 600);
    BOOST_TEST(o.ask_as(text_at(json::parse(good.body), "access_token"), "GET", "/api/v2/tokens/me").status ==
               200);
    const auto wrong =
        o.form("grant_type=client_credentials", "Basic MTExMTExMTEtMTExMS00MTExLTgxMTEtMTExMTExMTExMTExOng=");
    BOOST_TEST(wrong.status == 401);
    BOOST_TEST(error_of(wrong) == "invalid_client");
    BOOST_TEST(o.form("grant_type=client_credentials", "none").status == 401);
    BOOST_TEST(error_of(o.form("grant_type=refresh_token&refresh_token=x")) == "unauthorized_client");
    BOOST_TEST(o.world.violations().empty());
    BOOST_TEST(o.form("grant_type=client_credentials&colour=red").status == 400);
    BOOST_TEST(o.world.violations().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_token_expires_by_the_simulators_clock) {
    org o;
    BOOST_TEST(o.ask("GET", "/api/v2/tokens/me").status == 200);
    o.world.plan({{"clock_shift_ms", 2 * 3600 * 1000}});
    BOOST_TEST(code_of(o.ask("GET", "/api/v2/tokens/me")) == "credentials.expired");
}

BOOST_AUTO_TEST_CASE(a_refresh_token_is_replaced_at_each_use_and_its_old_one_is_dead) {
    org o(R"(
clients:
  - {id: 11111111-1111-4111-8111-111111111111, secret: simulator-secret, grants: [refresh_token],
     refresh_tokens: {first: 22222222-2222-4222-8222-222222222222}}
)");
    const auto talk = o.talk();
    const auto answer = json::parse(o.form("grant_type=refresh_token&refresh_token=first").body);
    o.user_token = text_at(answer, "access_token");
    BOOST_TEST(o.send(talk, "as the user").status == 200);
    BOOST_TEST(error_of(o.form("grant_type=refresh_token&refresh_token=first")) == "invalid_grant");
    BOOST_TEST(o.form("grant_type=refresh_token&refresh_token=" + text_at(answer, "refresh_token")).status ==
               200);
    BOOST_TEST(error_of(o.form("grant_type=client_credentials")) == "unauthorized_client");
}

BOOST_AUTO_TEST_CASE(a_signed_client_assertion_stands_in_for_a_secret) {
    const signer key;
    org o(R"(
clients:
  - {id: 11111111-1111-4111-8111-111111111111, grants: [private_key_jwt],
     jwt: {key_file: )" +
          key.certificate_file() + R"(, key_id: k1, audience: "https://login.example/oauth/token"}}
)");
    const auto now = static_cast<std::int64_t>(std::time(nullptr));
    json::object claims{{"iss", simulator::client_id},
                        {"sub", simulator::client_id},
                        {"jti", "1"},
                        {"aud", "https://login.example/oauth/token"},
                        {"exp", now + 300},
                        {"iat", now}};
    const json::object header{{"alg", "RS256"}, {"kid", "k1"}};
    const auto ask = [&](const json::object& head, const json::object& said) {
        return o.form("grant_type=client_credentials&client_assertion_type="
                      "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=" +
                          key.jwt(head, said),
                      "none");
    };
    BOOST_TEST(ask(header, claims).status == 200);
    BOOST_TEST(ask(header, claims).status == 401); // the same jti again
    const auto refused = [&](const char* claim, json::value value) {
        auto changed = claims;
        changed["jti"] = claim;
        changed[claim] = std::move(value);
        return ask(header, changed).status == 401;
    };
    BOOST_TEST(refused("aud", "https://elsewhere.example"));
    BOOST_TEST(refused("exp", now - 1));
    BOOST_TEST(refused("exp", now + 3600));
    BOOST_TEST(refused("sub", agent));
    claims["jti"] = "2";
    BOOST_TEST(ask({{"alg", "none"}, {"kid", "k1"}}, claims).status == 401);
    const signer stranger;
    BOOST_TEST(o.form("grant_type=client_credentials&client_assertion_type="
                      "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=" +
                          stranger.jwt(header, claims),
                      "none")
                   .status == 401);
}

BOOST_AUTO_TEST_CASE(a_signed_saml_assertion_gives_a_users_token_if_every_part_of_it_fits) {
    const signer key;
    const signer stranger;
    org o(R"(
org: {name: acme}
users: [{id: 22222222-2222-4222-8222-222222222222, email: agent@acme.example}]
clients:
  - {id: 11111111-1111-4111-8111-111111111111, secret: simulator-secret, grants: [saml2_bearer],
     saml: {certificate_file: )" +
          key.certificate_file() + R"(, audience: "https://login.example/saml", issuer: cannedd}}
)");
    const auto talk = o.talk();
    const auto ask = [&](const std::string& xml, const char* named_org = "acme") {
        return o.form("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Asaml2-bearer&orgName=" +
                      std::string(named_org) + "&assertion=" + percent_encoded_base64(xml));
    };
    const saml_text good;
    const auto answer = ask(key.signed_saml(good));
    BOOST_TEST(answer.status == 200);
    o.user_token = text_at(json::parse(answer.body), "access_token");
    BOOST_TEST(o.send(talk, "as the agent").status == 200);
    BOOST_TEST(ask(key.signed_saml(good)).status == 400); // the same assertion again

    int number = 0;
    const auto refused = [&](auto change, const signer& by) {
        saml_text text;
        text.id = "_" + std::to_string(++number);
        change(text);
        return ask(by.signed_saml(text)).status == 400;
    };
    BOOST_TEST(refused([](saml_text& t) { t.audience = "https://elsewhere.example"; }, key));
    BOOST_TEST(refused([](saml_text& t) { t.subject = "nobody@acme.example"; }, key));
    BOOST_TEST(refused([](saml_text& t) { t.org = "other"; }, key));
    BOOST_TEST(refused([](saml_text& t) { t.issuer = "other"; }, key));
    BOOST_TEST(refused(
        [](saml_text& t) {
            t.valid_from_s = 60;
            t.valid_until_s = 600;
        },
        key));
    BOOST_TEST(refused(
        [](saml_text& t) {
            t.valid_from_s = -600;
            t.valid_until_s = -1;
        },
        key));
    BOOST_TEST(refused([](saml_text&) {}, stranger));
    BOOST_TEST(ask(key.signed_saml(good), "other").status == 400);
    saml_text forged;
    forged.id = "_forged";
    auto xml = key.signed_saml(forged);
    xml.replace(xml.find("agent@acme"), 10, "admin@acme");
    BOOST_TEST(ask(xml).status == 400);
    BOOST_TEST(o.world.violations().empty());
}

BOOST_AUTO_TEST_SUITE_END()
