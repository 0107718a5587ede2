#include "config/url.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd {

BOOST_AUTO_TEST_SUITE(url_)

BOOST_AUTO_TEST_CASE(an_origin_is_scheme_host_and_port) {
    BOOST_TEST(configured_origin("https://API.example")->text() == "https://api.example");
    BOOST_TEST(configured_origin("https://api.example/")->text() == "https://api.example");
    BOOST_TEST(configured_origin("http://127.0.0.1:8080")->text() == "http://127.0.0.1:8080");
    BOOST_TEST(configured_origin("https://[::1]:8443/")->text() == "https://[::1]:8443");
    BOOST_TEST(configured_origin("https://[::1]:8443")->host == "::1");
}

BOOST_AUTO_TEST_CASE(what_is_more_or_less_than_an_origin_is_none) {
    for (const char* text : {"", "api.example", "ftp://api.example", "https://", "https:///",
                             "https://user:word@api.example", "https://api.example/api",
                             "https://api.example?x=1", "https://api.example#x", "https://api.example:",
                             "https://api.example:0", "https://api.example:65536", "https://api.example:8x",
                             "https://[::1", "https://[zz]", "https://api example", "HTTPS://api.example\n"})
        BOOST_TEST(!configured_origin(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(a_listening_address_needs_a_port_and_may_ask_for_any) {
    BOOST_TEST(parse_host_port("127.0.0.1:0")->port == 0);
    BOOST_TEST(parse_host_port("[::]:9464")->host == "::");
    BOOST_TEST(parse_host_port("localhost:65535")->port == 65535);
    for (const char* text :
         {"", "127.0.0.1", ":9464", "::1:9464", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1"})
        BOOST_TEST(!parse_host_port(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(loopback_is_127_and_its_ipv6_and_localhost) {
    for (const char* host : {"localhost", "127.0.0.1", "127.8.9.10", "::1"})
        BOOST_TEST(is_loopback(host), host);
    for (const char* host : {"128.0.0.1", "localhost.example", "127.example", "0.0.0.0", "::", "10.0.0.1"})
        BOOST_TEST(!is_loopback(host), host);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd
