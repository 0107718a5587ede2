#include "text/url.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace cannedd;

namespace {

struct good_url {
    const char* url;
    const char* host;
    int port;
    const char* host_header;
};
std::ostream& operator<<(std::ostream& out, const good_url& c) {
    return out << c.url;
}

const std::vector<good_url> good{
    {"https://api.mypurecloud.com", "api.mypurecloud.com", 443, "api.mypurecloud.com"},
    {"https://API.mypurecloud.com/", "api.mypurecloud.com", 443, "api.mypurecloud.com"},
    {"https://api.mypurecloud.com:8443", "api.mypurecloud.com", 8443, "api.mypurecloud.com:8443"},
    {"HTTPS://x", "x", 443, "x"},
    {"https://192.0.2.1", "192.0.2.1", 443, "192.0.2.1"},
    {"https://[2001:db8::1]:444", "2001:db8::1", 444, "[2001:db8::1]:444"},
    {"http://127.0.0.1:8080", "127.0.0.1", 8080, "127.0.0.1:8080"},
    {"http://127.9.9.9", "127.9.9.9", 80, "127.9.9.9"},
    {"http://localhost:1", "localhost", 1, "localhost:1"},
    {"http://[::1]:65535", "::1", 65535, "[::1]:65535"},
};

const std::vector<std::string> bad{"",
                                   "https://",
                                   "api.mypurecloud.com",
                                   "ftp://x",
                                   "https:///x",
                                   "https://x/y",
                                   "https://x//",
                                   "https://x?y",
                                   "https://x#y",
                                   "https://x:",
                                   "https://x:0",
                                   "https://x:65536",
                                   "https://x:80x",
                                   "https://x:-1",
                                   "https://x:+1",
                                   "https://x y",
                                   "https://x\r\nHost: y",
                                   "https://-x",
                                   "https://.x",
                                   "https://[::1",
                                   "https://[x]",
                                   "https://[]",
                                   "https://[::1]x",
                                   "https://::1",
                                   "https://x:1:2",
                                   "https://" + std::string(254, 'x'),
                                   "http://example.com",
                                   "http://192.0.2.1",
                                   "http://localhost.example.com",
                                   "http://127.0.0.1.example.com",
                                   "https://a%2fb"};

std::string refusal(const std::string& url) {
    const auto parsed = parse_origin(url);
    return parsed ? "" : parsed.error().sentence;
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_url)

BOOST_DATA_TEST_CASE(of_an_origin_is_understood, good, c) {
    const auto parsed = parse_origin(c.url).value();
    BOOST_TEST(parsed.host == c.host);
    BOOST_TEST(parsed.port == c.port);
    BOOST_TEST(parsed.host_header() == c.host_header);
    BOOST_TEST(parsed.tls == (c.url[4] == 's' || c.url[4] == 'S'));
    BOOST_TEST(parse_origin(parsed.url()).value().authority() == parsed.authority());
}

BOOST_DATA_TEST_CASE(that_is_odd_is_refused, bad, url) {
    BOOST_TEST(!parse_origin(url).has_value());
    BOOST_CHECK_THROW(parse_origin(url).value(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(with_a_path_is_told_what_to_write) {
    BOOST_TEST(refusal("https://api.example/api/v2") ==
               "must be https://api.example alone, without path or query");
}

BOOST_AUTO_TEST_CASE(with_a_password_is_refused_without_being_repeated) {
    for (const char* url : {"https://user:hunter2@api.example", "https://user:hun@ter2@api.example"}) {
        BOOST_TEST(refusal(url).find("password") != std::string::npos, url);
        BOOST_TEST(refusal(url).find("user:") == std::string::npos, url);
        BOOST_TEST(refusal(url).find("ter2") == std::string::npos, url);
    }
}

BOOST_AUTO_TEST_CASE(of_a_proxy_may_hold_user_and_password) {
    const auto proxy = parse_proxy("http://user:p%40ss@proxy.example:3128").value();
    BOOST_TEST(proxy.at.authority() == "proxy.example:3128");
    BOOST_TEST(proxy.credentials == "user:p@ss");
    BOOST_TEST(parse_proxy("http://proxy.example:3128/").value().credentials == "");
}

BOOST_AUTO_TEST_CASE(of_a_proxy_that_is_odd_is_refused_without_being_repeated) {
    for (const char* url :
         {"https://u:hunter2@proxy:1", "http://u:hunter2@proxy", "http://u:hun@ter2@proxy:1",
          "http://u:hunter2@proxy:1/x", "http://u%3Aa:hunter2@proxy:1", "http://u:hunter2%0A@proxy:1",
          "socks5://u:hunter2@proxy:1", "u:hunter2@proxy:1"}) {
        const auto parsed = parse_proxy(url);
        BOOST_TEST_REQUIRE(!parsed.has_value(), url);
        BOOST_TEST(parsed.error().sentence.find("ter2") == std::string::npos, url);
    }
}

BOOST_AUTO_TEST_CASE(to_listen_on_needs_a_port_and_may_ask_for_any) {
    BOOST_TEST(parse_host_port("127.0.0.1:0")->port == 0);
    BOOST_TEST(parse_host_port("[::]:9464")->host == "::");
    BOOST_TEST(parse_host_port("[::]:9464")->is_address);
    BOOST_TEST(parse_host_port("localhost:65535")->port == 65535);
    BOOST_TEST(!parse_host_port("localhost:65535")->is_address);
    for (const char* text :
         {"", "127.0.0.1", ":9464", "::1:9464", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1"})
        BOOST_TEST(!parse_host_port(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(of_this_machine_is_127_and_its_ipv6_and_localhost) {
    for (const char* host : {"localhost", "127.0.0.1", "127.8.9.10", "[::1]"})
        BOOST_TEST(parse_origin(std::string("https://") + host).value().loopback, host);
    for (const char* host : {"128.0.0.1", "localhost.example", "127.example", "0.0.0.0", "[::]", "10.0.0.1"})
        BOOST_TEST(!parse_origin(std::string("https://") + host).value().loopback, host);
}

BOOST_AUTO_TEST_SUITE_END()
