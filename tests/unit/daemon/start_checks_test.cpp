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

private_key_jwt_grant signed_by(const std::string& key) {
    private_key_jwt_grant grant;
    grant.client_id = "11111111-2222-3333-4444-555555555555";
    grant.private_key_pem = secret(key);
    return grant;
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
    const auto refused = checks.auth(signed_by(around("PRIVATE KEY", "aGVsbG8=")));
    BOOST_REQUIRE(refused.has_value());
    BOOST_TEST(refused->find("private_key_file") != refused->npos);
    BOOST_TEST(checks.auth(signed_by(around("PRIVATE KEY", "%%%%"))).has_value());
}

BOOST_AUTO_TEST_CASE(takes_certificates_that_are_some) {
    const auto one = make_authority("one");
    saml2_bearer_grant grant;
    grant.client_id = "11111111-2222-3333-4444-555555555555";
    grant.private_key_pem = secret(one.key_pem());
    grant.certificate_pem = around("CERTIFICATE", "aGVsbG8=");
    const auto refused = start_checks().auth(grant);
    BOOST_REQUIRE(refused.has_value());
}

BOOST_AUTO_TEST_CASE(asks_nothing_more_of_a_secret) {
    client_credentials_grant grant;
    grant.client_id = "11111111-2222-3333-4444-555555555555";
    grant.client_secret = secret("a-secret");
    BOOST_TEST(!start_checks().auth(grant).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
