// The ways there: through a proxy, past it, and over IPv6.
#include "integration/genesys/connect_proxy.hpp"
#include "integration/genesys/credentials.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace {

using namespace cannedd;

const auto status_of_row = "SELECT status FROM messages";

std::uint16_t port_of(const simulator& genesys) {
    return static_cast<std::uint16_t>(std::stoul(genesys.url().substr(genesys.url().rfind(':') + 1)));
}

void add_row(running_daemon& daemon) {
    daemon.sql(insert("conversation_id, text", quoted(talk) + ",'hello'"));
}

// An account whose hosts only the proxy can find.
std::string far_away(const simulator& genesys, const credentials& files) {
    return "  default:\n    api_url: https://api.far.example\n    login_url: https://login.far.example\n"
           "    ca_file: " +
           genesys.ca_file() + "\n    auth: " + files.by_secret() + "\n";
}

process_options behind(const connect_proxy& proxy, const std::string& no_proxy) {
    process_options options;
    options.environment = {
        {"HTTPS_PROXY", proxy.url()}, {"NO_PROXY", no_proxy}, {"https_proxy", ""}, {"no_proxy", ""}};
    return options;
}

} // namespace

BOOST_AUTO_TEST_SUITE(genesys_ways_)

BOOST_AUTO_TEST_CASE(the_configured_proxy_stands_before_login_and_api) {
    const credentials files;
    simulator genesys(files.org());
    genesys.add_conversation({{"id", talk}, {"agent", uuid('a', 1)}});
    const connect_proxy proxy(port_of(genesys));
    running_daemon daemon(genesys, brisk,
                          files.account(genesys, files.by_secret(), "    proxy: " + proxy.url() + "\n"));
    add_row(daemon);
    daemon.start();
    daemon.wait_for(status_of_row, "sent");
    const auto asked = proxy.asked();
    BOOST_TEST(asked.size() >= 2U); // login and API are two pools
    const auto here = genesys.url().substr(std::string("https://").size());
    BOOST_TEST((std::set<std::string>(asked.begin(), asked.end()) == std::set<std::string>{here}));
}

BOOST_AUTO_TEST_CASE(the_environments_proxy_is_asked_for_hosts_that_no_proxy_does_not_name) {
    const credentials files;
    simulator genesys(files.org());
    const connect_proxy proxy(port_of(genesys));
    running_daemon daemon(genesys, brisk, far_away(genesys, files));
    add_row(daemon);
    daemon.start(behind(proxy, "api.far.example"));
    eventually([&] { return !proxy.asked().empty(); }, "the proxy is asked for the login server");
    BOOST_TEST(proxy.asked().front() == "login.far.example:443");
    // The tunnel ends at a server of another name: TLS is checked through the proxy too.
    daemon.wait_for("SELECT error FROM messages", "tls");
    BOOST_TEST(daemon.value("SELECT attempts FROM messages") == "0");
}

BOOST_AUTO_TEST_CASE(hosts_that_no_proxy_names_are_reached_past_the_proxy) {
    const credentials files;
    simulator genesys(files.org());
    const connect_proxy proxy(port_of(genesys));
    running_daemon daemon(genesys, brisk, far_away(genesys, files));
    add_row(daemon);
    daemon.start(behind(proxy, "localhost, .far.example"));
    daemon.wait_for("SELECT error FROM messages", "dns");
    BOOST_TEST(proxy.asked().empty());
}

BOOST_AUTO_TEST_CASE(loopback_needs_no_proxy) {
    const credentials files;
    simulator genesys(files.org());
    genesys.add_conversation({{"id", talk}, {"agent", uuid('a', 1)}});
    const connect_proxy proxy(port_of(genesys));
    running_daemon daemon(genesys, brisk, files.account(genesys, files.by_secret()));
    add_row(daemon);
    daemon.start(behind(proxy, ""));
    daemon.wait_for(status_of_row, "sent");
    BOOST_TEST(proxy.asked().empty());
}

BOOST_AUTO_TEST_CASE(an_api_that_has_ipv6_alone_is_reached) {
    const credentials files;
    auto options = files.org();
    options.listen = "[::1]:0";
    simulator genesys(options);
    BOOST_TEST(genesys.url().starts_with("https://[::1]:"));
    genesys.add_conversation({{"id", talk}, {"agent", uuid('a', 1)}});
    running_daemon daemon(genesys, brisk, files.account(genesys, files.by_secret()));
    add_row(daemon);
    daemon.start();
    daemon.wait_for(status_of_row, "sent");
    BOOST_TEST(genesys.texts_seen(talk) == (std::vector<std::string>{"hello"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
