// What the transport tells of an exchange that goes wrong: how far it got, why, and that the server saw the
// request once at most.
#include "client.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace cannedd;
using namespace cannedd::testing;

namespace {

struct fault_case {
    const char* name;
    fault_server::script script;
    phase reached;
    transport_fault fault;
    int requests_seen;
    const char* words;
};

std::ostream& operator<<(std::ostream& out, const fault_case& c) {
    return out << c.name;
}

// Reads the request, says this, and waits for the client to hang up.
fault_server::script says(std::string reply) {
    return [reply](peer& other) {
        if (!other.read_request()) return;
        other.send(reply);
        other.wait_for_other();
    };
}

// Reads the request, says this, and closes.
fault_server::script says_and_leaves(std::string reply) {
    return [reply](peer& other) {
        if (!other.read_request()) return;
        other.send(reply);
        other.send_goodbye();
    };
}

// The same by a bare close of TCP, without TLS's goodbye.
fault_server::script says_and_hangs_up(std::string reply) {
    return [reply](peer& other) {
        if (!other.read_request()) return;
        other.send(reply);
        other.finish();
        other.wait_for_other();
    };
}

void drip(peer& other, const std::string& start, const std::string& drop) {
    if (!other.read_request() || !other.send(start)) return;
    while (other.send(drop) && !other.leaves_within(milliseconds(5)))
        continue;
}

void send_without_end(peer& other, const std::string& start, const std::string& more) {
    if (!other.read_request() || !other.send(start)) return;
    while (other.send(more))
        continue;
}

const std::string kilobyte(1024, 'x');

constexpr auto written = phase::written;
constexpr auto replied = phase::replied;
using enum transport_fault;

const std::vector<fault_case> cases{
    {"closes before it reads", [](peer& other) { other.send_goodbye(); }, written, connection_lost, 0,
     "before the reply"},
    {"closes after the request", says_and_leaves(""), written, connection_lost, 1, "before the reply"},
    {"hangs up after the request without a goodbye",
     [](peer& other) {
         other.read_request();
         other.finish();
         other.wait_for_other();
     },
     written, connection_lost, 1, "the other side closed the connection"},
    {"resets after the request",
     [](peer& other) {
         other.read_request();
         other.reset();
     },
     written, connection_lost, 1, ""},
    {"never answers",
     [](peer& other) {
         other.read_request();
         other.wait_for_other();
     },
     written, timeout, 1, "did not answer in time"},
    {"closes in the status line", says_and_leaves("HTTP/1.1 20"), written, connection_lost, 1,
     "before the reply"},
    {"closes in the headers", says_and_leaves("HTTP/1.1 200 OK\r\nContent-"), written, connection_lost, 1,
     "before the reply"},
    {"truncates the body", says_and_leaves("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), replied,
     connection_lost, 1, "in the middle"},
    {"truncates a chunked body",
     says_and_leaves("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf"), replied,
     connection_lost, 1, "in the middle"},
    {"leaves out the last chunk",
     says_and_leaves("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"), replied,
     connection_lost, 1, "in the middle"},
    {"resets in the body",
     [](peer& other) {
         other.read_request();
         other.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
         other.reset();
     },
     replied, connection_lost, 1, "in the middle"},
    {"promises more than it sends", says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), replied,
     timeout, 1, "did not finish its reply in time"},
    {"drips the headers", [](peer& other) { drip(other, "HTTP/1.1 200 OK\r\nX: ", "x"); }, written, timeout,
     1, "did not answer in time"},
    {"drips the body",
     [](peer& other) { drip(other, "HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n", "x"); }, replied,
     timeout, 1, "did not finish"},
    {"sends headers without end",
     [](peer& other) { send_without_end(other, "HTTP/1.1 200 OK\r\n", "X: " + kilobyte + "\r\n"); }, written,
     bad_reply, 1, "head of the reply is larger than"},
    {"sends a header without end",
     [](peer& other) { send_without_end(other, "HTTP/1.1 200 OK\r\nX: ", kilobyte); }, written, bad_reply, 1,
     "head of the reply is larger than"},
    {"announces a body that is too large", says("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n"), replied,
     too_large, 1, "larger than 100000 bytes"},
    {"sends chunks without end",
     [](peer& other) {
         send_without_end(other, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                          "400\r\n" + kilobyte + "\r\n");
     },
     replied, too_large, 1, "larger than 100000 bytes"},
    {"sends a chunk's header without end",
     [](peer& other) {
         send_without_end(other, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", kilobyte);
     },
     replied, bad_reply, 1, ""},
    {"sends a body that ends with the connection", says_and_leaves("HTTP/1.1 200 OK\r\n\r\nwhole"), replied,
     none, 1, ""},
    {"breaks off a body that would end with the connection",
     [](peer& other) {
         other.read_request();
         other.send("HTTP/1.1 200 OK\r\n\r\nhalf");
         other.reset();
     },
     replied, connection_lost, 1, "in the middle"},
    {"leaves without a goodbye a body that would end with the connection",
     says_and_hangs_up("HTTP/1.1 200 OK\r\n\r\nhalf"), replied, connection_lost, 1, "in the middle"},
    {"leaves without a goodbye in a body of a known length",
     says_and_hangs_up("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"), replied, connection_lost, 1,
     "in the middle"},
    {"leaves without a goodbye between two chunks",
     says_and_hangs_up("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"), replied,
     connection_lost, 1, "in the middle"},
    {"leaves without a goodbye after a body of a known length",
     says_and_hangs_up("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), replied, none, 1, ""},
    {"sends a garbled status line", says("HTTP/1.1 abc OK\r\n\r\n"), written, bad_reply, 1, "not HTTP"},
    {"speaks another protocol", says("220 mail.example ESMTP\r\n"), written, bad_reply, 1, "not HTTP"},
    {"speaks HTTP/2", says("HTTP/2 200\r\n\r\n"), written, bad_reply, 1, "not HTTP"},
    {"sends two lengths", says("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhalf"),
     written, bad_reply, 1, "not HTTP"},
    {"sends a length and chunks",
     says("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), written,
     bad_reply, 1, "not HTTP"},
    {"sends a length that is no number", says("HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\n"), written,
     bad_reply, 1, "not HTTP"},
    {"sends a chunk length that is no number",
     says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), replied, bad_reply, 1, "not HTTP"},
    {"switches protocols", says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), written, bad_reply,
     1, "switched protocols"},
    {"sends interim replies without end",
     [](peer& other) {
         send_without_end(other, "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n");
     },
     written, bad_reply, 1, "interim"},
    {"answers as it should", says(ok_reply("hello")), replied, none, 1, ""},
};

struct seen_on_both_sides {
    http_exchange told;
    int connections = 0, requests = 0; // the server's
};

seen_on_both_sides exchange_with(const fault_server::script& script, milliseconds within) {
    fault_server server(https_wish(), script);
    auto settings = settings_for(server);
    settings.body_bytes_max = 100'000;
    seen_on_both_sides seen;
    {
        client asking(settings);
        http_request request("POST", "/send");
        request.body = "a text";
        seen.told = asking.ask(request, within);
        seen.connections = server.connections();
    }
    server.wait_until_all_left();
    seen.requests = server.requests();
    return seen;
}

} // namespace

BOOST_DATA_TEST_CASE(an_exchange_tells_how_far_it_got_when_the_server, cases, c) {
    const auto seen = c.fault != timeout
                          ? exchange_with(c.script, ample)
                          : with_a_deadline_that_passes_there(
                                [&](milliseconds within) { return exchange_with(c.script, within); },
                                [&](const auto& so_far) { return so_far.told.reached >= c.reached; });
    BOOST_TEST(seen.connections == 1); // a broken connection is not used again
    BOOST_TEST(seen.told.reached == c.reached);
    BOOST_TEST(seen.told.fault == c.fault);
    BOOST_TEST(seen.told.detail.find(c.words) != std::string::npos, seen.told.detail);
    BOOST_TEST(seen.requests == c.requests_seen);
    BOOST_TEST((seen.told.reply.status == 200) == (c.reached == replied));
}

BOOST_AUTO_TEST_SUITE(a_reply)

BOOST_AUTO_TEST_CASE(keeps_its_head_when_its_body_broke_off) {
    fault_server server(
        https_wish(),
        says_and_leaves("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 9\r\n\r\nhalf"));
    const auto told = client(settings_for(server)).ask();
    BOOST_TEST(told.fault == connection_lost);
    BOOST_TEST(told.reply.status == 503);
    BOOST_TEST(told.reply.header("retry-after").value() == "7");
}

BOOST_AUTO_TEST_CASE(comes_after_interim_ones) {
    fault_server server(
        https_wish(),
        says("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok_reply("last")));
    const auto told = client(settings_for(server)).ask();
    BOOST_TEST(told.fault == none, told.detail);
    BOOST_TEST(told.reply.status == 200);
    BOOST_TEST(told.reply.body == "last");
    BOOST_TEST(!told.reply.header("Link"));
}

BOOST_AUTO_TEST_CASE(may_be_chunked_and_arrive_byte_by_byte) {
    fault_server server(https_wish(), [](peer& other) {
        other.read_request();
        for (const char c : std::string("HTTP/1.1 202 Accepted\r\nTransfer-Encoding: "
                                        "chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: v\r\n\r\n"))
            other.send(std::string(1, c));
        other.wait_for_other();
    });
    const auto told = client(settings_for(server)).ask();
    BOOST_TEST(told.fault == none, told.detail);
    BOOST_TEST(told.reply.status == 202);
    BOOST_TEST(told.reply.body == "abcde");
}

BOOST_AUTO_TEST_CASE(may_pad_the_size_of_its_chunks) {
    const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const auto* chunks :
         {"3  \r\nabc\r\n2\t\r\nde\r\n0 \r\n\r\n", "  3\r\nabc\r\n2 ; x=y \r\nde\r\n 0;\r\nT: v\r\n\r\n"}) {
        for (const bool at_once : {true, false}) {
            fault_server server(https_wish(), [&](peer& other) {
                other.read_request();
                if (at_once) other.send(head + chunks);
                for (const char c : at_once ? std::string() : head + chunks)
                    other.send(std::string(1, c));
                other.wait_for_other();
            });
            const auto told = client(settings_for(server)).ask();
            BOOST_TEST(told.fault == none, told.detail);
            BOOST_TEST(told.reply.body == "abcde");
        }
    }
}

BOOST_AUTO_TEST_CASE(may_be_empty) {
    fault_server server(https_wish(), says("HTTP/1.1 204 No Content\r\n\r\n"));
    const auto told = client(settings_for(server)).ask();
    BOOST_TEST(told.fault == none, told.detail);
    BOOST_TEST(told.reply.status == 204);
}

BOOST_AUTO_TEST_CASE(that_redirects_is_only_a_reply) {
    fault_server server(
        https_wish(),
        says("HTTP/1.1 302 Found\r\nLocation: https://other.example/\r\nContent-Length: 0\r\n\r\n"));
    const auto told = client(settings_for(server)).ask();
    BOOST_TEST(told.reply.status == 302);
    BOOST_TEST(server.requests() == 1);
}

BOOST_AUTO_TEST_CASE(of_the_largest_size_is_whole) {
    const std::string body(100'000, 'b');
    fault_server server(https_wish(), says(ok_reply(body)));
    auto settings = settings_for(server);
    settings.body_bytes_max = body.size();
    const auto told = client(settings).ask();
    BOOST_TEST(told.fault == none, told.detail);
    BOOST_TEST((told.reply.body == body));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_request)

BOOST_AUTO_TEST_CASE(arrives_as_it_was_meant) {
    std::string seen;
    fault_server server(https_wish(), [&](peer& other) {
        seen = other.read_request().value_or("");
        other.send(ok_reply(""));
        other.wait_for_other();
    });
    {
        client asking(settings_for(server, "localhost"));
        http_request request("POST", "/api/v2/x?y=z");
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = "{\"textBody\":\"Gr\xc3\xbc\xc3\x9f Gott\"}";
        BOOST_TEST(asking.ask(request).fault == none);
    }
    BOOST_TEST(seen == "POST /api/v2/x?y=z HTTP/1.1\r\nHost: localhost:" + std::to_string(server.port()) +
                           "\r\nUser-Agent: cannedd-test\r\nAccept-Encoding: identity\r\nContent-Type: "
                           "application/json\r\nContent-Length: 26\r\n\r\n"
                           "{\"textBody\":\"Gr\xc3\xbc\xc3\x9f Gott\"}");
}

BOOST_AUTO_TEST_CASE(whose_header_would_forge_another_is_not_sent) {
    fault_server server(https_wish(), answer_all);
    http_request request("GET", "/");
    request.headers.emplace_back("Authorization", "Bearer x\r\nX-Forged: 1");
    const auto told = client(settings_for(server)).ask(request);
    BOOST_TEST(told.reached == phase::not_connected);
    BOOST_TEST(told.fault == transport_fault::connect);
    BOOST_TEST(server.connections() == 0);
}

BOOST_AUTO_TEST_CASE(that_is_too_late_already_is_not_begun) {
    fault_server server(https_wish(), answer_all);
    const auto told = client(settings_for(server)).ask(milliseconds(-1));
    BOOST_TEST(told.reached == phase::not_connected);
    BOOST_TEST(told.fault == timeout);
    BOOST_TEST(server.connections() == 0);
}

BOOST_AUTO_TEST_CASE(that_the_server_does_not_read_may_have_arrived_in_part) {
    fault_server server(https_wish(), [](peer& other) { other.wait_for_interruption(); });
    http_request request("POST", "/");
    request.body.assign(8'000'000, 'q');
    const auto told = with_a_deadline_that_passes_there(
        [&](milliseconds within) { return client(settings_for(server)).ask(request, within); },
        [](const http_exchange& so_far) { return so_far.reached == phase::written; });
    BOOST_TEST(told.reached == phase::written);
    BOOST_TEST(told.fault == transport_fault::timeout);
}

BOOST_AUTO_TEST_CASE(that_is_large_is_read_to_its_end_by_a_slow_server) {
    fault_server server(https_wish(), [](peer& other) {
        if (other.read_request()) other.send(ok_reply("read"));
        other.wait_for_other();
    });
    http_request request("POST", "/");
    request.body.assign(4'000'000, 'q');
    BOOST_TEST(client(settings_for(server)).ask(request).reply.body == "read");
}

BOOST_AUTO_TEST_SUITE_END()
