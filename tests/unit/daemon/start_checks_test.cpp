// What --check-config asks about certificates and keys: only what the start can work with passes.
#include "start_checks.hpp"
#include "support/certificates.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;
using namespace cannedd::testing;

namespace {

bool takes_authorities(const std::string& pem) {
    const pem_file file(pem);
    return !start_checks().ca_file(file.path());
}

std::string around(const std::string& kind, const std::string& content) {
    return "-----BEGIN " + kind + "-----\n" + content + "\n-----END " + kind + "-----\n";
}

auth_settings signing(auth_grant grant, const std::string& key, const std::string& certificate = {}) {
    auth_settings auth;
    auth.grant = grant;
    auth.client_id = "11111111-2222-3333-4444-555555555555";
    auth.private_key_pem = secret(key);
    auth.certificate_pem = certificate;
    return auth;
}

} // namespace

BOOST_AUTO_TEST_SUITE(the_start)

BOOST_AUTO_TEST_CASE(takes_authorities_that_are_certificates) {
    BOOST_TEST(takes_authorities(make_authority("one").certificate_pem()));
    BOOST_TEST(!takes_authorities(around("CERTIFICATE", "%%%%")));
    BOOST_TEST(!takes_authorities(around("CERTIFICATE", "aGVsbG8=")));
}

BOOST_AUTO_TEST_CASE(takes_keys_that_sign) {
    const auto checks = start_checks();
    const auto jwt = auth_grant::private_key_jwt;
    const auto refused = checks.auth(signing(jwt, around("PRIVATE KEY", "aGVsbG8=")));
    BOOST_REQUIRE(refused.has_value());
    BOOST_TEST(refused->find("private_key_file") != refused->npos);
    BOOST_TEST(checks.auth(signing(jwt, around("PRIVATE KEY", "%%%%"))).has_value());
}

BOOST_AUTO_TEST_CASE(takes_certificates_that_are_some) {
    const auto one = make_authority("one");
    const auto saml = auth_grant::saml2_bearer;
    const auto refused = start_checks().auth(signing(saml, one.key_pem(), around("CERTIFICATE", "aGVsbG8=")));
    BOOST_REQUIRE(refused.has_value());
}

BOOST_AUTO_TEST_CASE(asks_nothing_more_of_a_secret) {
    auth_settings auth;
    auth.client_id = "11111111-2222-3333-4444-555555555555";
    auth.client_secret = secret("a-secret");
    BOOST_TEST(!start_checks().auth(auth).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
