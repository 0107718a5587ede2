#include "net/request_text.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace cannedd;

BOOST_AUTO_TEST_CASE(a_request_is_written_as_http_wants_it) {
    http_request request("POST", "/a?b");
    request.headers.emplace_back("Authorization", "Bearer x");
    request.body = "body";
    BOOST_TEST(request_text(request, "host", "agent").value() ==
               "POST /a?b HTTP/1.1\r\nHost: host\r\nUser-Agent: agent\r\nAccept-Encoding: identity\r\n"
               "Authorization: Bearer x\r\n"
               "Content-Length: 4\r\n\r\nbody");
}

BOOST_AUTO_TEST_CASE(a_post_without_a_body_tells_its_length_and_a_get_does_not) {
    BOOST_TEST(request_text(http_request("POST", "/"), "h", "").value() ==
               "POST / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: identity\r\nContent-Length: 0\r\n\r\n");
    BOOST_TEST(request_text(http_request("GET", "/"), "h", "").value() ==
               "GET / HTTP/1.1\r\nHost: h\r\nAccept-Encoding: identity\r\n\r\n");
}

BOOST_DATA_TEST_CASE(nothing_can_end_its_own_line,
                     std::vector<std::string>({"x\r\ny", "x\ny", "x\ry", std::string("x\0y", 3), "x\x7fy"}),
                     text) {
    http_request in_header("GET", "/");
    in_header.headers.emplace_back("X", text);
    BOOST_TEST(!request_text(in_header, "h", ""));
    http_request in_name("GET", "/");
    in_name.headers.emplace_back(text, "x");
    BOOST_TEST(!request_text(in_name, "h", ""));
    BOOST_TEST(!request_text(http_request("GET", text), "h", ""));
    BOOST_TEST(!request_text(http_request(text, "/"), "h", ""));
    BOOST_TEST(!request_text(http_request("GET", "/"), "h", text));
}

BOOST_AUTO_TEST_CASE(a_target_or_a_headers_name_is_one_word) {
    BOOST_TEST(!request_text(http_request("GET", "/x HTTP/1.1"), "h", ""));
    BOOST_TEST(!request_text(http_request("GET", ""), "h", ""));
    http_request request("GET", "/");
    request.headers.emplace_back("X: y", "z");
    BOOST_TEST(!request_text(request, "h", ""));
}

BOOST_AUTO_TEST_CASE(a_value_may_hold_any_text) {
    http_request request("GET", "/");
    request.headers.emplace_back("X", "Gr\xc3\xbc\xc3\x9f\tGott: 1");
    BOOST_TEST(request_text(request, "h", "").has_value());
}
