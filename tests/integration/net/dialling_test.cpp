// The way to the server: names, several addresses, IPv6, and proxies.
#include "client.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <thread>

#include <unistd.h>

using namespace cannedd;
using namespace cannedd::testing;

namespace {

asio::ip::tcp::endpoint at(const char* address, std::uint16_t port) {
    return {asio::ip::make_address(address), port};
}

// A name that stands for these, as the certificate says.
transport_settings named(const fault_server& server) {
    return settings_for(server, "localhost");
}

// Carries bytes between the client and the real server until either leaves.
void relay(peer& other, std::uint16_t port) {
    asio::io_context io;
    asio::ip::tcp::socket client_side(io, asio::ip::tcp::v4(), ::dup(other.socket()));
    asio::ip::tcp::socket server_side(io);
    boost::system::error_code ignored;
    server_side.connect(at("127.0.0.1", port), ignored);
    const auto carry = [](asio::ip::tcp::socket& from, asio::ip::tcp::socket& to) {
        std::array<char, 4096> space{};
        boost::system::error_code error;
        while (!error) {
            const auto size = from.read_some(asio::buffer(space), error);
            if (!error) asio::write(to, asio::buffer(space, size), error);
        }
        to.shutdown(asio::ip::tcp::socket::shutdown_both, error);
    };
    std::thread back([&] { carry(server_side, client_side); });
    carry(client_side, server_side);
    back.join();
}

transport_settings through_proxy(const fault_server& proxy, const fault_server& server) {
    auto settings = settings_for(server);
    settings.proxy = secret("http://127.0.0.1:" + std::to_string(proxy.port()));
    return settings;
}

struct proxy_case {
    const char* reply;
    const char* words;
};

std::ostream& operator<<(std::ostream& out, const proxy_case& c) {
    return out << c.words;
}

const std::vector<proxy_case> refusals{
    {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "forbids connections"},
    {"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "asks for a user name and password"},
    {"HTTP/1.0 502 Bad Gateway\r\n\r\n", "could not connect to 127.0.0.1:"},
    {"SSH-2.0-x\r\n\r\n", "did not answer in HTTP"},
    {"HTTP/1.1 200 OK\r\n\r\nhello", "something of its own"},
    {"", "broke off"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(an_address)

BOOST_AUTO_TEST_CASE(may_be_of_ipv6) {
    auto wish = https_wish();
    wish.address = "::1";
    fault_server server(wish, answer_all);
    BOOST_TEST(client(settings_for(server, "[::1]")).ask().reply.body == "hello");
}

BOOST_AUTO_TEST_CASE(that_refuses_is_passed_over) {
    fault_server server(https_wish(), answer_all);
    address_list addresses{at("127.0.0.9", server.port()), at("127.0.0.1", server.port())};
    client asking(named(server), std::make_shared<fixed_lookup>(addresses));
    BOOST_TEST(asking.ask().reply.body == "hello");
}

BOOST_AUTO_TEST_CASE(that_does_not_answer_leaves_time_for_the_next_one_which_is_tried_first_from_then_on) {
    const silent_listener silent("127.0.0.9");
    fault_server server(https_wish(), [](peer& other) {
        other.read_request();
        other.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
    });
    address_list addresses{at("127.0.0.9", silent.port()), at("127.0.0.1", server.port())};
    client asking(named(server), std::make_shared<fixed_lookup>(addresses));
    const auto first = asking.ask(seconds(6));
    BOOST_TEST(first.fault == transport_fault::none, first.detail);
    BOOST_TEST((first.took >= seconds(2))); // of which the silent one had its share
    const auto second = asking.ask(ample);
    BOOST_TEST(second.fault == transport_fault::none, second.detail);
    BOOST_TEST((second.took < ample / 3));
}

BOOST_AUTO_TEST_CASE(that_refuses_alone_is_told) {
    std::uint16_t port = 0;
    {
        fault_server gone(https_wish(), answer_all);
        port = gone.port();
    }
    transport_settings settings;
    settings.origin = "https://127.0.0.1:" + std::to_string(port);
    const auto told = client(settings).ask();
    BOOST_TEST(told.reached == phase::not_connected);
    BOOST_TEST(told.fault == transport_fault::connect);
    BOOST_TEST(told.detail ==
               "no connection to 127.0.0.1:" + std::to_string(port) + " (127.0.0.1): Connection refused");
}

BOOST_AUTO_TEST_CASE(that_never_answers_is_a_timeout) {
    const silent_listener silent("127.0.0.9");
    transport_settings settings;
    settings.origin = "https://127.0.0.9:" + std::to_string(silent.port());
    const auto told = client(settings).ask(milliseconds(100));
    BOOST_TEST(told.reached == phase::not_connected);
    BOOST_TEST(told.fault == transport_fault::timeout);
    BOOST_TEST((told.took < ample)); // the system itself would try for two minutes
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_name)

BOOST_AUTO_TEST_CASE(that_does_not_exist_is_a_fault_of_dns) {
    transport_settings settings;
    settings.origin = "https://nowhere.invalid";
    settings.dns_timeout = seconds(2);
    const auto told = client(settings).ask();
    BOOST_TEST(told.reached == phase::not_connected);
    BOOST_TEST(told.fault == transport_fault::dns);
    BOOST_TEST(told.detail.starts_with("the name nowhere.invalid was not resolved: "), told.detail);
}

BOOST_AUTO_TEST_CASE(is_looked_up_once_for_all_who_ask_at_once) {
    fault_server server(https_wish(), answer_all);
    const auto lookup = std::make_shared<fixed_lookup>(address_list{at("127.0.0.1", server.port())});
    client asking(named(server), lookup);
    for (const auto& told : asking.ask_many(8))
        BOOST_TEST(told.fault == transport_fault::none, told.detail);
    BOOST_TEST(lookup->asked == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_proxy)

BOOST_AUTO_TEST_CASE(carries_tls_that_the_client_checks_itself) {
    fault_server server(https_wish(), answer_all);
    std::string asked;
    fault_server proxy(server_wish(), [&](peer& other) {
        asked = other.read_head();
        other.send("HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n");
        relay(other, server.port());
    });
    {
        client asking(through_proxy(proxy, server));
        BOOST_TEST(asking.ask().reply.body == "hello");
        BOOST_TEST(asking.ask().reply.body == "hello");
    }
    const auto target = "127.0.0.1:" + std::to_string(server.port());
    BOOST_TEST(asked ==
               "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nUser-Agent: cannedd-test\r\n\r\n");
    BOOST_TEST(proxy.connections() == 1);
    BOOST_TEST(server.requests() == 2);
}

BOOST_DATA_TEST_CASE(that_refuses_is_told_and_the_server_sees_nothing, refusals, c) {
    fault_server server(https_wish(), answer_all);
    fault_server proxy(server_wish(), [&](peer& other) {
        other.read_head();
        other.send(c.reply);
    });
    const auto told = client(through_proxy(proxy, server)).ask();
    BOOST_TEST(told.reached == phase::not_connected);
    BOOST_TEST(told.fault == transport_fault::connect);
    BOOST_TEST(told.detail.find(c.words) != std::string::npos, told.detail);
    BOOST_TEST(server.connections() == 0);
}

BOOST_AUTO_TEST_CASE(that_never_answers_is_a_timeout) {
    fault_server server(https_wish(), answer_all);
    fault_server proxy(server_wish(), [](peer& other) { other.wait_for_other(); });
    const auto told_of_the_proxy = [](const http_exchange& told) {
        return told.detail.find("the proxy 127.0.0.1:") != std::string::npos;
    };
    const auto told = with_a_deadline_that_passes_there(
        [&](milliseconds within) { return client(through_proxy(proxy, server)).ask(within); },
        told_of_the_proxy);
    BOOST_TEST(told.reached == phase::not_connected);
    BOOST_TEST(told.fault == transport_fault::timeout);
    BOOST_TEST(told_of_the_proxy(told), told.detail);
}

BOOST_AUTO_TEST_CASE(that_is_not_there_is_a_fault_of_the_connection) {
    fault_server server(https_wish(), answer_all);
    auto settings = settings_for(server);
    settings.proxy = secret("http://127.0.0.9:" + std::to_string(server.port()));
    const auto told = client(settings).ask();
    BOOST_TEST(told.fault == transport_fault::connect);
    BOOST_TEST(told.detail.find("no connection to the proxy") != std::string::npos, told.detail);
    BOOST_TEST(server.connections() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
