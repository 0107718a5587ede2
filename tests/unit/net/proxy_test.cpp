#include "net/proxy.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace cannedd;

namespace {

std::string refusal(std::string_view reply) {
    return tunnel_refusal(reply, "proxy:3128", "api:443").value_or("open");
}

} // namespace

BOOST_AUTO_TEST_CASE(a_tunnel_is_asked_for_by_host_and_port) {
    BOOST_TEST(tunnel_request("api:443", "agent", "") ==
               "CONNECT api:443 HTTP/1.1\r\nHost: api:443\r\nUser-Agent: agent\r\n\r\n");
    BOOST_TEST(tunnel_request("api:443", "", "") == "CONNECT api:443 HTTP/1.1\r\nHost: api:443\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_tunnel_is_asked_for_with_the_users_name_and_password) {
    BOOST_TEST(tunnel_request("api:443", "", "user:p@ss") ==
               "CONNECT api:443 HTTP/1.1\r\nHost: api:443\r\n"
               "Proxy-Authorization: Basic dXNlcjpwQHNz\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(a_tunnel_is_open_after_any_2xx) {
    BOOST_TEST(refusal("HTTP/1.1 200 Connection established\r\n\r\n") == "open");
    BOOST_TEST(refusal("HTTP/1.0 200\r\nVia: x\r\n\r\n") == "open");
    BOOST_TEST(refusal("HTTP/1.1 204 \r\n\r\n") == "open");
}

BOOST_AUTO_TEST_CASE(a_refusal_names_the_proxy_and_what_to_do) {
    BOOST_TEST(refusal("HTTP/1.1 403 Forbidden\r\n\r\n") ==
               "the proxy proxy:3128 forbids connections to api:443 (403): allow them in the proxy");
    BOOST_TEST(refusal("HTTP/1.1 407 Auth\r\n\r\n") ==
               "the proxy proxy:3128 asks for a user name and password (407): write them into its URL, "
               "http://user:password@host:port, or mend those that stand there");
    BOOST_TEST(refusal("HTTP/1.1 504 x\r\n\r\n") ==
               "the proxy proxy:3128 could not connect to api:443 (504)");
}

BOOST_AUTO_TEST_CASE(bytes_after_the_head_are_not_the_servers) {
    BOOST_TEST(refusal("HTTP/1.1 200 OK\r\n\r\nx").find("something of its own") != std::string::npos);
}

BOOST_DATA_TEST_CASE(what_is_not_http_opens_nothing,
                     std::vector<std::string>({"", "HTTP/1.1 ", "HTTP/1.1 2", "HTTP/1.1 2000 x\r\n\r\n",
                                               "HTTP/2 200\r\n\r\n", "HTTP/1.1 +20 x\r\n\r\n",
                                               "200 OK\r\n\r\n", "HTTP/1.1200 OK\r\n\r\n",
                                               "HTTP/1.1 20x OK\r\n\r\n"}),
                     reply) {
    BOOST_TEST(refusal(reply).find("did not answer in HTTP") != std::string::npos);
}
