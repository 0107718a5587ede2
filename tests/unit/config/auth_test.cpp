#include "unit/config/config_folder.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd {

using test::client_id;
using test::config_folder;
using test::secret_value;

namespace {

constexpr const char* key_pem = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
constexpr const char* certificate_pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

struct folder_with_keys : config_folder {
    folder_with_keys() {
        write("key.pem", key_pem, 0600);
        write("certificate.pem", certificate_pem, 0644);
        write("refresh_token", "the-first-refresh-token\n", 0600);
    }
    account_settings with_auth(const std::string& keys) const { return account(with(keys)); }
    std::string faults_of(const std::string& keys) const { return faults(with_account(with(keys))); }

private:
    static std::string with(const std::string& keys) {
        return "    region: us_east_1\n    auth: {" + keys + "}\n";
    }
};

const std::string client = "client_id: " + std::string(client_id) + ", client_secret_file: client_secret";
const std::string saml = "grant: saml2_bearer, " + client +
                         ", org: example, user: agent@example.com, audience: https://example.com/saml, "
                         "private_key_file: key.pem, certificate_file: certificate.pem";

} // namespace

BOOST_FIXTURE_TEST_SUITE(auth_, folder_with_keys)

BOOST_AUTO_TEST_CASE(client_credentials_are_the_default) {
    const auto account = with_auth(client);
    const auto& grant = std::get<client_credentials_grant>(account.auth.grant);
    BOOST_TEST(grant.client_id == client_id);
    BOOST_TEST(grant.client_secret.reveal() == secret_value);
    BOOST_TEST((account.options.default_route == route::agentless));
}

BOOST_AUTO_TEST_CASE(refresh_token_reads_the_first_token) {
    const auto account = with_auth("grant: refresh_token, refresh_token_file: refresh_token, " + client);
    const auto& grant = std::get<refresh_token_grant>(account.auth.grant);
    BOOST_TEST(grant.first_refresh_token.reveal() == "the-first-refresh-token");
    BOOST_TEST(account.auth.refresh_token_file == path / "refresh_token");
    BOOST_TEST((account.options.default_route == route::message));
}

BOOST_AUTO_TEST_CASE(saml2_bearer_reads_key_and_certificate) {
    const auto account = with_auth(saml);
    const auto& grant = std::get<saml2_bearer_grant>(account.auth.grant);
    BOOST_TEST(grant.org == "example");
    BOOST_TEST(grant.user == "agent@example.com");
    BOOST_TEST(grant.audience == "https://example.com/saml");
    BOOST_TEST(grant.private_key_pem.reveal().starts_with("-----BEGIN PRIVATE KEY-----"));
    BOOST_TEST(grant.certificate_pem == certificate_pem);
    BOOST_TEST(grant.recipient == "https://login.mypurecloud.com/oauth/token");
    BOOST_TEST((account.options.default_route == route::message));
}

BOOST_AUTO_TEST_CASE(private_key_jwt_needs_no_secret_and_takes_any_client_id) {
    const auto account =
        with_auth("grant: private_key_jwt, client_id: robot, private_key_file: key.pem, key_id: k1, "
                  "audience: https://login.example/token");
    const auto& grant = std::get<private_key_jwt_grant>(account.auth.grant);
    BOOST_TEST(grant.client_id == "robot");
    BOOST_TEST(grant.key_id == "k1");
    BOOST_TEST((account.options.default_route == route::agentless));
}

BOOST_AUTO_TEST_CASE(a_route_that_is_configured_wins_over_the_grants) {
    const auto configured =
        account("    region: us_east_1\n    route: tutorial\n    auth: {" + client + "}\n");
    BOOST_TEST((configured.options.default_route == route::tutorial));
}

BOOST_AUTO_TEST_CASE(each_grant_says_which_keys_it_needs) {
    const std::string needs = "6: accounts.default.auth: grant ";
    BOOST_TEST(faults_of("") == needs + "client_credentials needs client_id\n" + needs +
                                    "client_credentials needs client_secret_file\n");
    BOOST_TEST(faults_of("grant: refresh_token") == needs + "refresh_token needs client_id\n" + needs +
                                                        "refresh_token needs client_secret_file\n" + needs +
                                                        "refresh_token needs refresh_token_file\n");
    BOOST_TEST(faults_of("grant: saml2_bearer, " + client) ==
               needs + "saml2_bearer needs org\n" + needs + "saml2_bearer needs user\n" + needs +
                   "saml2_bearer needs audience\n" + needs + "saml2_bearer needs private_key_file\n" + needs +
                   "saml2_bearer needs certificate_file\n");
    BOOST_TEST(faults_of("grant: private_key_jwt, client_id: x") ==
               needs + "private_key_jwt needs audience\n" + needs +
                   "private_key_jwt needs private_key_file\n" + needs + "private_key_jwt needs key_id\n");
}

BOOST_AUTO_TEST_CASE(a_key_of_another_grant_is_refused) {
    const std::string at = "6: accounts.default.auth.";
    BOOST_TEST(
        faults_of(client + ", private_key_file: key.pem, refresh_token_file: refresh_token, key_id: k1") ==
        at + "refresh_token_file: is for refresh_token, not for client_credentials\n" + at +
            "private_key_file: is for saml2_bearer and private_key_jwt, not for client_credentials\n" + at +
            "key_id: is for private_key_jwt, not for client_credentials\n");
    BOOST_TEST(
        faults_of("grant: private_key_jwt, client_id: x, private_key_file: key.pem, key_id: k1, audience: y, "
                  "client_secret_file: client_secret") ==
        at + "client_secret_file: is for client_credentials, refresh_token and saml2_bearer, not for "
             "private_key_jwt\n");
}

BOOST_AUTO_TEST_CASE(a_grant_that_nobody_knows_is_the_one_fault) {
    BOOST_TEST(
        faults_of("grant: client_credential, org: x") ==
        "6: accounts.default.auth.grant: must be one of client_credentials, refresh_token, saml2_bearer, "
        "private_key_jwt; did you mean \"client_credentials\"?\n");
}

BOOST_AUTO_TEST_CASE(a_secret_in_place_of_its_files_name_is_told_where_it_belongs) {
    BOOST_TEST(faults_of(client + ", client_secret: x")
                   .find("auth.client_secret: is not read from here: write it into a file of mode 0600 and "
                         "name that in "
                         "client_secret_file") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(keys_and_certificates_must_be_pem_and_usable) {
    write("key.pem", "AAAA", 0600);
    write("certificate.pem", "AAAA", 0644);
    const std::string at = "6: accounts.default.auth.";
    BOOST_TEST(faults_of(saml) ==
               at + "private_key_file: the file holds no private key in PEM (-----BEGIN PRIVATE KEY-----)\n" +
                   at +
                   "certificate_file: the file holds no certificate in PEM (-----BEGIN CERTIFICATE-----)\n");
    write("key.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n", 0600);
    write("certificate.pem", certificate_pem, 0644);
    BOOST_TEST(
        faults_of(saml) ==
        at + "private_key_file: the key must be without a passphrase (openssl pkey -in KEY -out NEW)\n");
}

BOOST_AUTO_TEST_CASE(agents_speak_by_grants_of_their_own) {
    const auto account = with_auth(client +
                                   ", users: {AAAAAAAA-bbbb-cccc-dddd-eeeeeeeeeeee: {grant: refresh_token, "
                                   "refresh_token_file: refresh_token, " +
                                   client +
                                   "}, "
                                   "bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee: {" +
                                   saml + "}}");
    BOOST_TEST(account.auth.users.size() == 2U);
    const auto& agent = account.auth.users.at("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
    BOOST_TEST(std::get<refresh_token_grant>(agent.grant).first_refresh_token.reveal() ==
               "the-first-refresh-token");
    const auto& other = account.auth.users.at("bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee");
    BOOST_TEST(std::holds_alternative<saml2_bearer_grant>(other.grant));
}

BOOST_AUTO_TEST_CASE(an_agent_needs_a_uuid_and_a_users_grant) {
    const std::string at = "6: accounts.default.auth.users";
    const std::string agent = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
    BOOST_TEST(faults_of(client + ", users: {anna: {" + saml + "}}") ==
               at + ".anna: must be the UUID of an agent\n");
    BOOST_TEST(faults_of(client + ", users: {" + agent + ": {" + client + "}}") ==
               at + "." + agent + ": needs a grant: refresh_token or saml2_bearer\n");
    BOOST_TEST(
        faults_of(client + ", users: {" + agent + ": {grant: client_credentials, " + client + "}}") ==
        at + "." + agent +
            ".grant: an agent speaks by a user's grant, which is one of refresh_token and saml2_bearer\n");
    BOOST_TEST(faults_of(client + ", users: {" + agent + ": {" + saml +
                         "}, AAAAAAAA-bbbb-cccc-dddd-eeeeeeeeeeee: {" + saml + "}}") ==
               at +
                   ".AAAAAAAA-bbbb-cccc-dddd-eeeeeeeeeeee: this agent is here twice, in other letter case\n");
    BOOST_TEST(faults_of(client + ", users: {" + agent + ": {" + saml + ", users: {}}}") ==
               at + "." + agent + ".users: unknown key; did you mean \"user\"?\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd
