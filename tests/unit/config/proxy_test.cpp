#include "config/proxy.hpp"
#include "text/url.hpp"
#include "unit/config/config_folder.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd {

using test::config_folder;

namespace {

constexpr const char* gateway = "    api_url: https://api.inside.example\n"
                                "    login_url: https://login.outside.example\n"
                                "    auth:\n"
                                "      client_id: 11111111-2222-3333-4444-555555555555\n"
                                "      client_secret_file: client_secret\n";

} // namespace

BOOST_AUTO_TEST_SUITE(proxy_)

BOOST_AUTO_TEST_CASE(no_proxy_names_hosts_domains_addresses_and_ports) {
    const auto to = *parse_origin("https://api.inside.example:8443");
    for (const char* list :
         {"*", "api.inside.example", "inside.example", ".inside.example", "*.inside.example",
          "other, API.inside.example", " example ,x", "api.inside.example:8443"})
        BOOST_TEST(bypasses_proxy(list, to), list);
    for (const char* list :
         {"", ",", "side.example", "api.inside.example:443", "api.inside", "inside.example.org", "."})
        BOOST_TEST(!bypasses_proxy(list, to), list);
    BOOST_TEST(bypasses_proxy("10.0.0.7", *parse_origin("https://10.0.0.7")));
    BOOST_TEST(bypasses_proxy("[fd00::7]", *parse_origin("https://[fd00::7]:8443")));
    BOOST_TEST(bypasses_proxy("api.example:443", *parse_origin("https://api.example")));
}

BOOST_AUTO_TEST_CASE(the_accounts_proxy_is_for_both_hosts_whatever_the_environment_says) {
    config_folder folder;
    folder.environment.https_proxy = "http://other.example:1";
    folder.environment.no_proxy = "*";
    const auto account = folder.account(std::string(gateway) + "    proxy: http://proxy.example:3128\n");
    BOOST_TEST(account.api.proxy.reveal() == "http://proxy.example:3128");
    BOOST_TEST(account.login.proxy.reveal() == "http://proxy.example:3128");
}

BOOST_AUTO_TEST_CASE(https_proxy_is_used_for_each_host_that_no_proxy_does_not_name) {
    config_folder folder;
    folder.environment.https_proxy = "proxy.example:3128";
    folder.environment.no_proxy = "inside.example";
    const auto account = folder.account(gateway);
    BOOST_TEST(account.api.proxy.reveal() == "");
    BOOST_TEST(account.login.proxy.reveal() == "http://proxy.example:3128");
}

BOOST_AUTO_TEST_CASE(an_empty_proxy_means_none_although_https_proxy_is_set) {
    config_folder folder;
    folder.environment.https_proxy = "http://proxy.example:3128";
    BOOST_TEST(folder.account(std::string(gateway) + "    proxy:\n").api.proxy.reveal() == "");
    BOOST_TEST(folder.account(std::string(gateway) + "    proxy: ''\n").login.proxy.reveal() == "");
}

BOOST_AUTO_TEST_CASE(https_proxy_is_never_used_for_loopback) {
    config_folder folder;
    folder.environment.https_proxy = "http://proxy.example:3128";
    std::string local = gateway;
    local.replace(local.find("https://api.inside.example"), 26, "https://127.0.0.1:8443");
    const auto account = folder.account(local);
    BOOST_TEST(account.api.proxy.reveal() == "");
    BOOST_TEST(account.login.proxy.reveal() == "http://proxy.example:3128");
}

BOOST_AUTO_TEST_CASE(an_https_proxy_that_will_not_do_is_a_fault_that_does_not_show_its_password) {
    config_folder folder;
    folder.environment.https_proxy = "http://user:password@proxy.example";
    const auto faults = folder.faults(config_folder::valid());
    BOOST_TEST(faults == "3: accounts.default: HTTPS_PROXY in the environment must be http://host:port or "
                         "http://user:password@host:port; the port is missing; or give the account a proxy "
                         "of its own (proxy:)\n");
}

BOOST_AUTO_TEST_CASE(an_https_proxy_that_will_not_do_is_no_fault_where_it_is_not_used) {
    config_folder folder;
    folder.environment.https_proxy = "socks5://proxy.example:1080";
    folder.environment.no_proxy = "mypurecloud.com";
    BOOST_TEST(folder.faults(config_folder::valid()) == "");
    folder.environment.no_proxy = "";
    BOOST_TEST(folder.faults(config_folder::valid() + "    proxy: ''\n") == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd
