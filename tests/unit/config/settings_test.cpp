#include "unit/config/config_folder.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd {

using test::config_folder;
using namespace std::chrono_literals;

namespace {

// Every key of the top level with a value that is not its default.
constexpr const char* everything = R"(
database: /usr/other.db
delivery:
  attempts: 3
  backoff: {base: 250ms, max: 1m}
  breaker: {failures: 4, cool_off: 2s}
  request_timeout: 7s
  drain_seconds: 11
  unconfirmed: hold
  settle: 900ms
  follow_status: false
retention: {sent: 1d, failed: 2d, attempts: 3h}
metrics: {listen: "[::1]:9000", show_texts: true}
log: {level: warning, format: json}
)";

} // namespace

BOOST_FIXTURE_TEST_SUITE(settings_, config_folder)

BOOST_AUTO_TEST_CASE(what_is_not_configured_has_its_default) {
    const auto loaded_settings = loaded(valid());
    settings expected;
    expected.responses_file.clear();
    expected.accounts = loaded_settings.accounts;
    BOOST_TEST((loaded_settings == expected));

    account_settings account;
    account.name = "default";
    account.api.origin = "https://api.mypurecloud.com";
    account.login.origin = "https://login.mypurecloud.com";
    account.api.ca_file = account.login.ca_file = path / "ca.pem";
    account.login.connections = 2;
    client_credentials_grant grant;
    grant.client_id = test::client_id;
    grant.client_secret = secret(std::string(test::secret_value));
    account.auth.grant = grant;
    account.auth.secrets = {{.named = "client_secret", .file = path / "client_secret"}};
    BOOST_TEST((loaded_settings.accounts.at("default") == account));
}

BOOST_AUTO_TEST_CASE(every_key_is_read) {
    const auto s = loaded(valid(everything));
    const auto& account = s.accounts.at("default");
    BOOST_TEST(s.database == "/usr/other.db");
    BOOST_TEST(s.delivery.limits.attempts_max == 3);
    BOOST_TEST((s.delivery.limits.backoff.base == 250ms));
    BOOST_TEST((s.delivery.limits.backoff.max == 1min));
    BOOST_TEST(account.breaker.failures == 4);
    BOOST_TEST((account.breaker.cool_off == 2s));
    BOOST_TEST((account.client.request_timeout == 7s));
    BOOST_TEST((s.delivery.drain == 11s));
    BOOST_TEST((s.delivery.limits.doubt == doubt_policy::hold));
    BOOST_TEST((s.delivery.settle == 900ms));
    BOOST_TEST(!s.delivery.follow_status);
    BOOST_TEST((s.delivery.retention.sent == 24h));
    BOOST_TEST((s.delivery.retention.failed == 48h));
    BOOST_TEST((s.delivery.retention.attempts == 3h));
    BOOST_TEST(s.metrics_listen == "[::1]:9000");
    BOOST_TEST(s.metrics_show_texts);
    BOOST_TEST((s.level == log_level::warning));
    BOOST_TEST((s.format == log_format::json));
}

BOOST_AUTO_TEST_CASE(every_key_of_an_account_is_read) {
    const auto a =
        account(good_account() + "    rate: {requests_per_minute: 100, burst: 9, reserve: 0.25}\n"
                                 "    conversation_rate: {messages_per_minute: 30, burst: 2}\n"
                                 "    connections: 2\n"
                                 "    expire_after: 2h\n"
                                 "    resolve_cache: 0s\n"
                                 "    agentless: {with_bot: send, from_addresses: {sms: +4989123456,"
                                 " whatsapp: 0a5b8c1e-0000-4000-8000-00000000bbbb}}\n"
                                 "    text_limits: {webmessaging: 500, sms_unicode: 70}\n"
                                 "    conversation_ended: wait\n"
                                 "    route: tutorial\n");
    BOOST_TEST(!a.client.agentless.waits_for_bot);
    BOOST_TEST(a.client.agentless.from_addresses.at("sms") == "+4989123456");
    BOOST_TEST(a.client.agentless.from_addresses.at("whatsapp") == "0a5b8c1e-0000-4000-8000-00000000bbbb");
    BOOST_TEST(a.client.limits.most.at("webmessaging") == 500U);
    BOOST_TEST(a.client.limits.most.at("sms_unicode") == 70U);
    BOOST_TEST(a.client.limits.most.at("whatsapp") == 4000U);
    BOOST_TEST(a.options.waits_for_ended);
    BOOST_TEST(a.rate.requests_per_minute == 100);
    BOOST_TEST(a.rate.burst == 9);
    BOOST_TEST(a.rate.reserve == 0.25);
    BOOST_TEST(a.options.pace.messages_per_minute == 30);
    BOOST_TEST(a.options.pace.burst == 2);
    BOOST_TEST(a.options.connections == 2U);
    BOOST_TEST(a.api.connections == 2U);
    BOOST_TEST((a.expire_after == 2h));
    BOOST_TEST((a.client.resolve_cache == 0s));
    BOOST_TEST((a.options.default_route == route::tutorial));
}

BOOST_AUTO_TEST_CASE(the_orgs_side_of_a_channel_is_an_id_or_a_number) {
    const auto told =
        faults(with_account(good_account() + "    agentless:\n"
                                             "      with_bot: maybe\n"
                                             "      from_addresses:\n"
                                             "        webmessaging: shop\n"
                                             "        whatsapp: +4915112345\n"
                                             "        sms: 0a5b8c1e-0000-4000-8000-00000000bbbb\n"
                                             "        instagram: x\n"
                                             "    text_limits: {webmesaging: 1, sms: 0}\n"));
    for (const auto* fault :
         {"10: accounts.default.agentless.with_bot: must be one of wait, send",
          "12: accounts.default.agentless.from_addresses.webmessaging: must be the id of a deployment (a "
          "UUID)",
          "13: accounts.default.agentless.from_addresses.whatsapp: must be the id of an integration (a UUID)",
          "14: accounts.default.agentless.from_addresses.sms: must be a number of the org like +4989123456",
          "15: accounts.default.agentless.from_addresses.instagram: unknown key",
          "16: accounts.default.text_limits.webmesaging: unknown key",
          "16: accounts.default.text_limits.sms: must"})
        BOOST_TEST(told.find(fault) != std::string::npos, std::string(fault) + "\n" + told);
}

BOOST_AUTO_TEST_CASE(a_default_never_breaks_the_rule_of_a_value_that_is_configured) {
    const auto a = account(good_account() + "    rate: {requests_per_minute: 7}\n"
                                            "    conversation_rate: {messages_per_minute: 3}\n");
    BOOST_TEST(a.rate.burst == 7);
    BOOST_TEST(a.options.pace.burst == 3);
    BOOST_TEST((loaded(valid("delivery: {backoff: {base: 10m}}\n")).delivery.limits.backoff.max == 10min));
}

BOOST_AUTO_TEST_CASE(metrics_may_be_switched_off) {
    for (const char* text : {"metrics: {listen: }\n", "metrics:\n  listen:\n", "metrics: {listen: \"\"}\n"})
        BOOST_TEST(loaded(valid(text)).metrics_listen == "", text);
}

BOOST_AUTO_TEST_CASE(relative_files_are_beside_the_configuration) {
    BOOST_TEST(loaded(valid("database: queue.db\n")).database == path / "queue.db");
}

BOOST_AUTO_TEST_CASE(a_section_without_keys_is_its_defaults) {
    BOOST_TEST((loaded(valid("delivery:\nlog: {}\n")).delivery == delivery_options{}));
}

BOOST_AUTO_TEST_CASE(several_accounts_have_settings_of_their_own) {
    auto yaml = valid();
    yaml += "  second:\n    ca_file: ca.pem\n    connections: 3\n" + good_account();
    const auto accounts = loaded(yaml).accounts;
    BOOST_TEST(accounts.size() == 2U);
    BOOST_TEST(accounts.at("second").name == "second");
    BOOST_TEST(accounts.at("second").options.connections == 3U);
    BOOST_TEST(accounts.at("default").options.connections == 8U);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_the_one_fault) {
    const auto result = load_settings(path / "none.yaml", environment);
    const auto& list = std::get<std::vector<config_fault>>(result);
    BOOST_TEST_REQUIRE(list.size() == 1U);
    BOOST_TEST(to_line(list.front()) ==
               (path / "none.yaml").string() + ": cannot be read: No such file or directory");
}

BOOST_AUTO_TEST_CASE(what_is_no_yaml_is_the_one_fault) {
    BOOST_TEST(faults("accounts:\n  default: {region: [\n") ==
               "2: not YAML: end of sequence flow not found; close the bracket, or put a text that begins "
               "with one into quotes\n");
    BOOST_TEST(faults("accounts: a: b\n") ==
               "1: not YAML: illegal map value; the text holds \": \": put it into quotes\n");
}

BOOST_AUTO_TEST_CASE(an_empty_file_lacks_its_accounts) {
    BOOST_TEST(faults("responses_file:\n") == "1: accounts: needs at least one account\n");
    BOOST_TEST(faults("responses_file:\naccounts:\n") == "2: accounts: needs at least one account\n");
    BOOST_TEST(faults("just words\n").starts_with("1: must be a mapping (key: value)\n"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd
