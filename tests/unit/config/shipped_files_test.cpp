// The files of etc/ as they are installed.
#include "config/config_tree.hpp"
#include "config/faults.hpp"
#include "unit/config/config_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <sstream>

namespace cannedd {

using test::config_folder;

namespace {

std::string content_of(const std::string& name) {
    std::ifstream in(std::string(CANNEDD_ETC) + "/" + name);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

// With the client_id that an administrator puts there.
std::string filled_in(std::string yaml) {
    const std::string nobodys = "00000000-0000-0000-0000-000000000000";
    return yaml.replace(yaml.find(nobodys), nobodys.size(), test::client_id);
}

// Takes the # away from every line that shows a default: `#key: value`, no blank after the #.
std::string with_defaults_live(const std::string& yaml) {
    std::istringstream in(yaml);
    std::string line;
    std::string result;
    while (std::getline(in, line)) {
        const auto mark = line.find_first_not_of(' ');
        const bool shows_default = mark != std::string::npos && mark + 1 < line.size() && line[mark] == '#' &&
                                   line[mark + 1] >= 'a' && line[mark + 1] <= 'z';
        if (shows_default) line.erase(mark, 1);
        result += line + "\n";
    }
    return result;
}

void collect_keys(const config_node& node, const std::string& path, std::set<std::string>& keys) {
    for (const auto& entry : node.entries) {
        const auto below = path.empty() ? entry.key : path + "." + entry.key;
        if (entry.value.kind == node_kind::mapping && !entry.value.entries.empty())
            collect_keys(entry.value, below, keys);
        else
            keys.insert(below);
    }
}

account_settings account_as_shipped(const std::filesystem::path& folder) {
    account_settings account;
    account.name = "default";
    account.api.origin = "https://api.mypurecloud.com";
    account.login.origin = "https://login.mypurecloud.com";
    account.login.connections = 2;
    client_credentials_grant grant;
    grant.client_id = test::client_id;
    grant.client_secret = secret(std::string(test::secret_value));
    account.auth.grant = grant;
    account.auth.secrets = {{.named = "client_secret", .file = folder / "client_secret"}};
    return account;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(shipped_files_, config_folder)

BOOST_AUTO_TEST_CASE(cannedd_yaml_is_valid_once_the_secret_is_there) {
    const auto yaml = filled_in(content_of("cannedd.yaml")) + "responses_file:\n";
    settings expected;
    expected.responses_file.clear();
    expected.accounts.emplace("default", account_as_shipped(path));
    BOOST_TEST(faults(yaml) == "");
    BOOST_TEST((loaded(yaml) == expected));
    std::filesystem::remove(path / "client_secret");
    BOOST_TEST(faults(yaml).find("client_secret_file: there is no such file") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_defaults_that_cannedd_yaml_shows_are_the_defaults) {
    auto yaml = filled_in(with_defaults_live(content_of("cannedd.yaml")));
    const std::string shown = "responses_file: /etc/cannedd/responses.yaml";
    BOOST_TEST_REQUIRE(yaml.find(shown) != std::string::npos);
    BOOST_TEST(settings().responses_file == "/etc/cannedd/responses.yaml");
    yaml.replace(yaml.find(shown), shown.size(), "responses_file:"); // the test does not depend on that file

    settings expected;
    expected.responses_file.clear();
    expected.accounts.emplace("default", account_as_shipped(path));
    BOOST_TEST(faults(yaml) == "");
    BOOST_TEST((loaded(yaml) == expected));
}

BOOST_AUTO_TEST_CASE(cannedd_yaml_shows_every_key_with_a_default) {
    fault_list none("cannedd.yaml");
    const auto tree = parse_config_tree(with_defaults_live(content_of("cannedd.yaml")), none);
    std::set<std::string> keys;
    collect_keys(*tree, "", keys);
    const std::string account = "accounts.default.";
    const std::set<std::string> expected{"database",
                                         "responses_file",
                                         account + "region",
                                         account + "ca_file",
                                         account + "route",
                                         account + "auth.grant",
                                         account + "auth.client_id",
                                         account + "auth.client_secret_file",
                                         account + "auth.users",
                                         account + "rate.requests_per_minute",
                                         account + "rate.burst",
                                         account + "rate.reserve",
                                         account + "conversation_rate.messages_per_minute",
                                         account + "conversation_rate.burst",
                                         account + "connections",
                                         account + "expire_after",
                                         account + "resolve_cache",
                                         account + "agentless.with_bot",
                                         account + "agentless.from_addresses",
                                         account + "text_limits.webmessaging",
                                         account + "text_limits.whatsapp",
                                         account + "text_limits.open",
                                         account + "text_limits.facebook",
                                         account + "text_limits.apple",
                                         account + "text_limits.instagram",
                                         account + "text_limits.chat",
                                         account + "text_limits.sms",
                                         account + "text_limits.sms_unicode",
                                         account + "conversation_ended",
                                         "delivery.attempts",
                                         "delivery.backoff.base",
                                         "delivery.backoff.max",
                                         "delivery.breaker.failures",
                                         "delivery.breaker.cool_off",
                                         "delivery.request_timeout",
                                         "delivery.drain_seconds",
                                         "delivery.unconfirmed",
                                         "delivery.settle",
                                         "delivery.follow_status",
                                         "retention.sent",
                                         "retention.failed",
                                         "retention.attempts",
                                         "metrics.listen",
                                         "metrics.show_texts",
                                         "log.level",
                                         "log.format"};
    BOOST_TEST(keys == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(cannedd_yaml_explains_every_other_key) {
    const auto yaml = content_of("cannedd.yaml");
    for (const char* key : {"api_url:", "login_url:", "proxy:", "refresh_token_file:", "org:", "user:",
                            "audience:", "private_key_file:", "certificate_file:", "key_id:"})
        BOOST_TEST(yaml.find(key) != std::string::npos, key);
}

BOOST_AUTO_TEST_CASE(responses_yaml_is_valid) {
    write("responses.yaml", content_of("responses.yaml"));
    auto yaml = valid();
    yaml.replace(0, std::string("responses_file:").size(), "responses_file: responses.yaml");
    const auto responses = loaded(yaml).delivery.file_responses;
    BOOST_TEST(responses.size() == 3U);
    BOOST_TEST(responses.at("order_shipped") ==
               "Good news: order {{order}} has left our warehouse.\nIt should be with you on {{day}}.");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd
