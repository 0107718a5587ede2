// One file with every kind of fault: what `cannedd --check-config` prints, to the letter.
#include "unit/config/config_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>

namespace cannedd {

using test::config_folder;

namespace {

// Each line of the bad file with the faults that it is to bring; `=` begins a fault without the line's
// number.
constexpr const char* lines_and_faults = R"(databse: /var/lib/cannedd/queue.db
= databse: unknown key; did you mean "database"?
responses_file:
delivery:
  attempts: 0
= delivery.attempts: must be a whole number from 1 to 100
  attempts: 8
= "attempts" is here twice: the first one is on line 4; keep one of them
  backoff: {base: 1, max: 5m}
= delivery.backoff.base: must be a whole number and ms, s, m, h or d, from 1ms to 1h
  breaker: {failures: many, cool_off: 2m}
= delivery.breaker.failures: must be a whole number from 1 to 10000
= delivery.breaker.cool_off: must be a whole number and ms, s, m, h or d, from 1ms to 1m
  request_timeout: 10 s
= delivery.request_timeout: must be a whole number and ms, s, m, h or d, from 1ms to 5m
  drain_seconds: 25s
= delivery.drain_seconds: must be a whole number from 0 to 3600
  unconfirmed: verfy
= delivery.unconfirmed: must be one of verify, hold, resend; did you mean "verify"?
  settle:
= delivery.settle: has no value; must be a whole number and ms, s, m, h or d, from 0s to 10m
  follow_status: maybe
= delivery.follow_status: must be true or false
retention: [7d, 30d]
= retention: must be a mapping (key: value)
metrics: {listen: 9464, lisen: x}
= metrics.listen: must be host:port, [IPv6]:port, or empty for none
= metrics.lisen: unknown key; did you mean "listen"?
log: {level: verbose, format: [json]}
= log.level: must be one of debug, info, notice, warning, error
= log.format: must be one of logfmt, json
accounts:
  default:
= accounts.default: needs auth: how to get a token
    region: us-east-7
= accounts.default.region: give either region or both api_url and login_url, not region and a URL
= accounts.default.region: no such region. Near it: us_east_1 (mypurecloud.com), us_east_2 (use2.us-gov-pure.cloud). For another domain set api_url and login_url instead
    api_url: https://api.example/v2
= accounts.default.api_url: must be https://api.example alone, without path or query
    login_url: http://login.example
= accounts.default.login_url: must begin with https://: http:// is for loopback alone (127.0.0.1, ::1, localhost), a token would travel in the clear
    proxy: https://proxy.example:3128
= accounts.default.proxy: must be http://host:port or http://user:password@host:port: what goes through the proxy is encrypted all the same
    route: massage
= accounts.default.route: must be one of message, agentless, chat, tutorial; did you mean "message"?
    rate:
      requests_per_minute: 100
      burst: 101
= accounts.default.rate.burst: must be a whole number from 1 to 100
      reserve: 1.0
= accounts.default.rate.reserve: must be a number from 0.0 to below 1.0
    conversation_rate: {messages_per_minute: 0.5, bursts: 1}
= accounts.default.conversation_rate.messages_per_minute: must be a whole number from 1 to 100000
= accounts.default.conversation_rate.bursts: unknown key; did you mean "burst"?
    connections: &other 257
= an anchor (&name) is not read here: write the value out; a text that begins with & goes into quotes
= accounts.default.connections: must be a whole number from 1 to 256
    expire_after: 366d
= accounts.default.expire_after: must be a whole number and ms, s, m, h or d, from 1ms to 365d
    resolve_cache: *other
= an alias (*name) is not read here: write the value out
= accounts.default.resolve_cache: has no value; must be a whole number and ms, s, m, h or d, from 0s to 1h
  a b:
= accounts.a b: an account's name is 1 to 64 bytes without blanks and control characters
= accounts.a b: needs region, or api_url and login_url
    auth:
= accounts.a b.auth: grant saml2_bearer needs org
= accounts.a b.auth: grant saml2_bearer needs user
= accounts.a b.auth: grant saml2_bearer needs certificate_file
      grant: saml2_bearer
      client_id: 11111111-2222-3333-4444-55555555555
= accounts.a b.auth.client_id: must be a UUID
      client_secret_file: gone
= accounts.a b.auth.client_secret_file: there is no such file
      audience: {a: b}
= accounts.a b.auth.audience: must be a text of one character or more
      private_key_file: open.pem
= accounts.a b.auth.private_key_file: the file may be read or changed by others (mode 0644); do: chmod 600
      key_id: k1
= accounts.a b.auth.key_id: is for private_key_jwt, not for saml2_bearer
      users: {anna: {grant: private_key_jwt}}
= accounts.a b.auth.users.anna: must be the UUID of an agent
= accounts.a b.auth.users.anna.grant: an agent speaks by a user's grant, which is one of refresh_token and saml2_bearer
  third:
    api_url: https://127.0.0.1:8443
= accounts.third.api_url: needs login_url beside it
    ca_file: ca.pem
    auth: []
= accounts.third.auth: must be a mapping (key: value)
= accounts.third.auth: grant client_credentials needs client_id
= accounts.third.auth: grant client_credentials needs client_secret_file
)";

} // namespace

BOOST_FIXTURE_TEST_SUITE(fault_list_, config_folder)

BOOST_AUTO_TEST_CASE(every_fault_of_a_file_is_told_at_once_with_its_line) {
    write("open.pem", "-----BEGIN PRIVATE KEY-----\n", 0644);
    std::istringstream in(lines_and_faults);
    std::string line;
    std::string yaml;
    std::string expected;
    int number = 0;
    int faults_expected = 0;
    while (std::getline(in, line)) {
        if (line.starts_with("= ")) {
            expected += (path / "cannedd.yaml").string() + ":" + std::to_string(number) + ": " +
                        line.substr(2) + "\n";
            ++faults_expected;
        } else {
            yaml += line + "\n";
            ++number;
        }
    }
    BOOST_TEST(faults_expected >= 40);
    const auto result = load(yaml);
    std::string found;
    for (const auto& fault : std::get<std::vector<config_fault>>(result))
        found += to_line(fault) + "\n";
    BOOST_TEST(found == expected);
}

BOOST_AUTO_TEST_CASE(a_key_must_be_a_word_and_a_document_the_only_one) {
    BOOST_TEST(faults(valid("? [a, b]\n: 1\n")).find("9: a key must be a word;") != std::string::npos);
    BOOST_TEST(faults(valid("---\ndatabase: /x\n")).find("a second YAML document begins here") !=
               std::string::npos);
    BOOST_TEST(faults(valid("log: &anchor {level: info}\n")).find("9: an anchor (&name) is not read here") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_text_that_begins_with_an_exclamation_mark_is_no_tag) {
    for (const std::string value :
         {"!Important read this", "! read this", "!", "!important", "!!str read this", "!<x> y", "!list [a]",
          "! [a]", "!map {a: b}", "! \"read\"", "\n  !late x"})
        BOOST_TEST(faults(valid("log: " + value + "\n")).find(": a tag (!name) is not read here") !=
                       std::string::npos,
                   value);
    for (const std::string value :
         {"\"!Important\"", "'! read'", "read this!", "\u00e4\u00f6! x", "[\u00e4, \"!\", '!a']"})
        BOOST_TEST(faults(valid("log: " + value + "\n")).find("a tag (") == std::string::npos, value);
}

BOOST_AUTO_TEST_CASE(a_fault_is_one_line_whatever_the_key) {
    BOOST_TEST(faults(valid("\"a\\e[31m\\nb\": 1\n")).find("9: a [31m b: unknown key") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_refers_to_itself_ends_in_a_fault) {
    BOOST_TEST(faults("log: &a {level: *a}\n").find("1: an alias") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd
