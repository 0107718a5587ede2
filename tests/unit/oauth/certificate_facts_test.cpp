#include "keys.hpp"
#include "oauth/certificate_facts.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cannedd;

// openssl x509 -noout -fingerprint -sha256 -dates says of it what is expected below.
constexpr auto certificate = R"(-----BEGIN CERTIFICATE-----
MIIBczCCARmgAwIBAgIUZiajBCYdUDjQG6WcAwp51gO+4XQwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAeFw0yNjExMjcxNjQ5MDFaFw0zNjExMjQxNjQ5MDFa
MA8xDTALBgNVBAMMBHRlc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASsPiSY
yQqnLoWgeHELIlhxXLhIt6Ur7STM1QWtkWh9VWjfRFscTVNA0HkkmRTS5D/Bvd8i
ASSnNPubACA9FAyko1MwUTAdBgNVHQ4EFgQUWGmr+6Pnw8bHCUTVQKsCfM1S3low
HwYDVR0jBBgwFoAUWGmr+6Pnw8bHCUTVQKsCfM1S3lowDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNIADBFAiEAx65BlsAEwmgE4BiGFf/PaJZisFgucuvv0gd0
ATEueU8CIE4KgCcvauncM/im+8/6WJbULn7fjX9iZDNbckF2EZFG
-----END CERTIFICATE-----)";

} // namespace

BOOST_AUTO_TEST_SUITE(certificate_facts_)

BOOST_AUTO_TEST_CASE(a_certificate_tells_its_fingerprint_and_its_time) {
    const auto facts = read_certificate(certificate);
    BOOST_REQUIRE(facts.has_value());
    BOOST_TEST(
        facts->sha256 ==
        "85:DF:4C:EB:66:AD:68:3C:3C:54:27:44:E6:7E:FE:43:F5:93:74:4A:A1:67:23:D1:95:14:F7:80:CD:00:66:8B");
    BOOST_TEST(facts->not_before.time_since_epoch().count() == 1795798141000);
    BOOST_TEST(facts->not_after.time_since_epoch().count() == 2111158141000);
}

BOOST_AUTO_TEST_CASE(what_is_no_certificate_tells_nothing) {
    BOOST_TEST(!read_certificate("").has_value());
    BOOST_TEST(!read_certificate(testing::signing_identity_of_tests().key_pem).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
