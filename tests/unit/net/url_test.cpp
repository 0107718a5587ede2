#include "net/url.hpp"

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
    {"https://api.mypurecloud.com/", "api.mypurecloud.com", 443, "api.mypurecloud.com"},
    {"https://api.mypurecloud.com:8443", "api.mypurecloud.com", 8443, "api.mypurecloud.com:8443"},
    {"https://192.0.2.1", "192.0.2.1", 443, "192.0.2.1"},
    {"https://[2001:db8::1]:444", "2001:db8::1", 444, "[2001:db8::1]:444"},
    {"http://127.0.0.1:8080", "127.0.0.1", 8080, "127.0.0.1:8080"},
    {"http://127.9.9.9", "127.9.9.9", 80, "127.9.9.9"},
    {"http://localhost:1", "localhost", 1, "localhost:1"},
    {"http://[::1]:65535", "::1", 65535, "[::1]:65535"},
};

const std::vector<std::string> bad{
    "",
    "https://",
    "api.mypurecloud.com",
    "ftp://x",
    "HTTPS://x",
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
};

} // namespace

BOOST_DATA_TEST_CASE(an_origin_is_understood, good, c) {
    const auto parsed = parse_origin(c.url);
    BOOST_TEST(parsed.host == c.host);
    BOOST_TEST(parsed.port == c.port);
    BOOST_TEST(parsed.host_header() == c.host_header);
    BOOST_TEST(parsed.tls == std::string_view(c.url).starts_with("https"));
}

BOOST_DATA_TEST_CASE(an_odd_origin_is_refused, bad, url) {
    BOOST_CHECK_THROW(parse_origin(url), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_proxy_may_be_anywhere_but_is_spoken_to_in_plain_http) {
    BOOST_TEST(parse_proxy("http://proxy.example:3128").authority() == "proxy.example:3128");
    BOOST_TEST(parse_proxy("http://proxy.example").authority() == "proxy.example:80");
    BOOST_CHECK_THROW(parse_proxy("https://proxy.example"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_password_in_a_url_is_refused_without_being_repeated) {
    BOOST_CHECK_EXCEPTION(
        parse_proxy("http://user:hunter2@proxy"), std::runtime_error, [](const auto& error) {
            const std::string_view words = error.what();
            return words.find("password") != words.npos && words.find("hunter2") == words.npos;
        });
}
