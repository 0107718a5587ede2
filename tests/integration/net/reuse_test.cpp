// Connections that are used again, wait, end and are counted; and a transport that closes.
#include "client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <thread>

using namespace cannedd;
using namespace cannedd::testing;

namespace {

void wait_for(const std::atomic<bool>& thing) {
    while (!thing)
        std::this_thread::yield();
}

// The server does this to the idle connection after its first reply. The second request must go out on a new
// connection, as a first one: nothing of it was lost in the old.
void check_replaced_after(const std::function<void(peer&)>& deed, const server_wish& wish = https_wish(),
                          const std::string& reply = ok_reply("hello")) {
    std::atomic<bool> done = false;
    fault_server server(wish, [&](peer& other) {
        if (other.number() > 1) return answer_all(other);
        other.read_request();
        other.send(reply);
        deed(other);
        done = true;
        other.wait_for_other();
    });
    client asking(wish.certificate ? settings_for(server) : plain_settings_for(server));
    BOOST_TEST(asking.ask().reply.body == "hello");
    wait_for(done);
    const auto told = asking.ask();
    BOOST_TEST(told.fault == transport_fault::none, told.detail);
    BOOST_TEST(told.reply.body == "hello");
    BOOST_TEST(server.connections() == 2);
    BOOST_TEST(server.requests() == 2);
}

void nothing(peer&) {}

} // namespace

BOOST_AUTO_TEST_SUITE(a_connection)

BOOST_AUTO_TEST_CASE(carries_a_hundred_requests_one_after_the_other) {
    fault_server server(https_wish(), answer_all);
    client asking(settings_for(server));
    for (int i = 0; i < 100; ++i)
        BOOST_TEST(asking.ask().fault == transport_fault::none);
    BOOST_TEST(server.connections() == 1);
    BOOST_TEST(server.requests() == 100);
}

BOOST_AUTO_TEST_CASE(has_the_deadline_of_each_request_anew) {
    fault_server server(https_wish(), [](peer& other) {
        other.read_request();
        other.send(ok_reply("hello"));
        other.read_request();
        other.wait_for_other();
    });
    client asking(settings_for(server));
    BOOST_TEST(asking.ask(ample).fault == transport_fault::none);
    const auto told = asking.ask(milliseconds(500));
    BOOST_TEST(told.reached == phase::written);
    BOOST_TEST(told.fault == transport_fault::timeout);
    BOOST_TEST((told.took >= milliseconds(500) && told.took < ample / 2)); // not the first one's
    BOOST_TEST(server.requests() == 2);
}

BOOST_AUTO_TEST_CASE(is_not_ended_by_the_deadline_of_a_request_before) {
    std::atomic<bool> passed = false;
    fault_server server(https_wish(), [&](peer& other) {
        other.read_request();
        other.send(ok_reply("hello"));
        other.read_request();
        wait_for(passed);
        other.send(ok_reply("hello"));
        other.read_request();
        other.wait_for_other();
    });
    client asking(settings_for(server));
    constexpr milliseconds soon(2000);
    const auto first_deadline = std::chrono::steady_clock::now() + soon;
    BOOST_TEST(asking.ask(soon).fault == transport_fault::none);
    asking.meanwhile([&] { return std::chrono::steady_clock::now() > first_deadline + milliseconds(50); },
                     [&] { passed = true; });
    BOOST_TEST(asking.ask(ample).fault == transport_fault::none);
    BOOST_TEST(asking.ask(milliseconds(500)).fault == transport_fault::timeout);
    BOOST_TEST(server.connections() == 1);
    BOOST_TEST(server.requests() == 3);
}

BOOST_AUTO_TEST_CASE(without_tls_goes_to_loopback) {
    fault_server server(server_wish(), answer_all);
    client asking(plain_settings_for(server));
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(asking.ask().reply.body == "hello");
    BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_connection_is_replaced)

BOOST_AUTO_TEST_CASE(when_the_server_said_goodbye_and_closed) {
    check_replaced_after([](peer& other) {
        other.send_goodbye();
        other.finish();
    });
}

BOOST_AUTO_TEST_CASE(when_the_server_said_goodbye_and_left_it_open) {
    check_replaced_after([](peer& other) { other.send_goodbye(); });
}

BOOST_AUTO_TEST_CASE(when_the_server_closed_without_a_goodbye) {
    check_replaced_after([](peer& other) { other.finish(); });
}

BOOST_AUTO_TEST_CASE(when_the_server_sent_what_nobody_asked_for) {
    check_replaced_after(
        [](peer& other) { other.send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"); });
}

BOOST_AUTO_TEST_CASE(when_more_came_than_the_reply) {
    check_replaced_after(nothing, https_wish(), ok_reply("hello") + "x");
}

BOOST_AUTO_TEST_CASE(when_a_server_without_tls_closed) {
    check_replaced_after([](peer& other) { other.finish(); }, server_wish());
}

BOOST_AUTO_TEST_CASE(when_the_reply_says_that_it_closes) {
    check_replaced_after(nothing, https_wish(),
                         "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
}

BOOST_AUTO_TEST_CASE(when_the_server_speaks_http_1_0) {
    check_replaced_after(nothing, https_wish(), "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello");
}

BOOST_AUTO_TEST_CASE(when_the_server_will_not_keep_it_long_enough) {
    check_replaced_after(nothing, https_wish(),
                         "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=2\r\nContent-Length: 5\r\n\r\nhello");
}

BOOST_AUTO_TEST_CASE(when_it_has_idled_too_long) {
    std::atomic<bool> left = false;
    fault_server server(https_wish(), [&](peer& other) {
        answer_all(other);
        left = true;
    });
    auto settings = settings_for(server);
    settings.idle = milliseconds(20);
    client asking(settings);
    BOOST_TEST(asking.ask().reply.body == "hello");
    asking.run_until([&] { return left.load(); }); // closed by the client, without another request
    BOOST_TEST(asking.ask().reply.body == "hello");
    BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_new_connection)

BOOST_AUTO_TEST_CASE(resumes_the_session_of_the_last_one) {
    fault_server server(https_wish(), [](peer& other) {
        other.read_request();
        other.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        other.wait_for_other();
    });
    client asking(settings_for(server));
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(asking.ask().fault == transport_fault::none);
    BOOST_TEST(server.connections() == 5);
    BOOST_TEST(server.resumed() == 4);
}

BOOST_AUTO_TEST_CASE(resumes_the_session_of_one_that_broke) {
    fault_server server(https_wish(), [](peer& other) {
        if (other.number() > 2) return answer_all(other);
        other.read_request();
        other.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
        other.reset();
    });
    client asking(settings_for(server));
    BOOST_TEST(asking.ask().fault == transport_fault::connection_lost);
    BOOST_TEST(asking.ask().fault == transport_fault::connection_lost);
    BOOST_TEST(asking.ask().fault == transport_fault::none);
    BOOST_TEST(server.resumed() == 2);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(the_pool)

BOOST_AUTO_TEST_CASE(is_never_larger_than_its_setting) {
    fault_server server(https_wish(), answer_all);
    auto settings = settings_for(server);
    settings.connections = 4;
    {
        client asking(settings);
        for (const auto& told : asking.ask_many(100)) {
            BOOST_TEST(told.fault == transport_fault::none, told.detail);
        }
    }
    BOOST_TEST(server.requests() == 100);
    BOOST_TEST(server.connections() == 4);
    BOOST_TEST(server.open_most() <= 4);
}

BOOST_AUTO_TEST_CASE(lets_nobody_wait_beyond_the_deadline) {
    int requests = 0;
    const auto ask_five = [&](milliseconds within) {
        fault_server server(https_wish(), [](peer& other) {
            other.read_request();
            other.wait_for_other();
        });
        auto settings = settings_for(server);
        settings.connections = 2;
        auto told = client(settings).ask_many(5, within);
        server.wait_until_all_left();
        requests = server.requests();
        return told;
    };
    const auto without_connection = [](const std::vector<http_exchange>& told) {
        return std::ranges::count(told, phase::not_connected, &http_exchange::reached);
    };
    const auto five = with_a_deadline_that_passes_there(
        ask_five, [&](const auto& told) { return without_connection(told) == 3; });
    for (const auto& told : five)
        BOOST_TEST(told.fault == transport_fault::timeout);
    BOOST_TEST(without_connection(five) == 3);
    BOOST_TEST(requests == 2);
}

BOOST_AUTO_TEST_CASE(has_room_again_after_connections_broke) {
    fault_server server(https_wish(), [](peer& other) {
        if (other.number() > 6) return answer_all(other);
        other.read_request();
    });
    auto settings = settings_for(server);
    settings.connections = 2;
    client asking(settings);
    for (int i = 0; i < 6; ++i)
        BOOST_TEST(asking.ask().fault == transport_fault::connection_lost);
    for (const auto& told : asking.ask_many(4))
        BOOST_TEST(told.fault == transport_fault::none, told.detail);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(closing)

BOOST_AUTO_TEST_CASE(ends_idle_connections_with_a_goodbye_and_the_loop_by_itself) {
    std::atomic<bool> goodbye = false;
    fault_server server(https_wish(), [&](peer& other) {
        answer_all(other); // ends when OpenSSL has read the client's close_notify
        goodbye = other.heard_goodbye();
    });
    client asking(settings_for(server));
    for (const auto& told : asking.ask_many(3))
        BOOST_TEST(told.fault == transport_fault::none);
    asking.close();
    asking.drain();
    wait_for(goodbye);
}

BOOST_AUTO_TEST_CASE(does_not_wait_long_for_a_server_that_says_no_goodbye) {
    fault_server server(https_wish(), [](peer& other) {
        other.read_request();
        other.send(ok_reply("hello"));
        other.wait_in_silence();
    });
    client asking(settings_for(server));
    BOOST_TEST(asking.ask().fault == transport_fault::none);
    const auto began = std::chrono::steady_clock::now();
    asking.close();
    asking.drain(); // the server would be silent for ever
    BOOST_TEST((std::chrono::steady_clock::now() - began < ample / 2));
}

BOOST_AUTO_TEST_CASE(serves_those_who_come_later_on_connections_of_their_own) {
    fault_server server(https_wish(), answer_all);
    client asking(settings_for(server));
    asking.close();
    for (int i = 0; i < 2; ++i) {
        const auto told = asking.ask();
        BOOST_TEST(told.fault == transport_fault::none, told.detail);
    }
    BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(lets_those_in_flight_end_and_serves_those_that_wait) {
    std::atomic<bool> closed = false;
    std::atomic<bool> asked = false;
    fault_server server(https_wish(), [&](peer& other) {
        other.read_request();
        asked = true;
        wait_for(closed);
        other.send(ok_reply("late"));
        other.wait_for_other();
    });
    auto settings = settings_for(server);
    settings.connections = 1;
    client asking(settings);
    asking.meanwhile([&] { return asked.load(); },
                     [&] {
                         asking.close();
                         closed = true;
                     });
    for (const auto& told : asking.ask_many(2)) {
        BOOST_TEST(told.fault == transport_fault::none, told.detail);
        BOOST_TEST(told.reply.body == "late");
    }
}

BOOST_AUTO_TEST_CASE(is_not_needed_before_the_transport_goes) {
    std::atomic<bool> goodbye = false;
    fault_server server(https_wish(), [&](peer& other) {
        answer_all(other);
        goodbye = other.heard_goodbye();
    });
    client asking(settings_for(server));
    BOOST_TEST(asking.ask().fault == transport_fault::none);
    asking.let_the_transport_go();
    asking.drain();
    wait_for(goodbye);
}

BOOST_AUTO_TEST_CASE(is_not_needed_when_the_loop_has_ended_before_the_transport_goes) {
    fault_server server(https_wish(), [](peer& other) {
        answer_all(other);
        other.wait_for_other();
    });
    {
        asio::io_context loop;
        const auto time = make_system_time(loop.get_executor());
        logger log(log_level::error, nullptr);
        const auto transport = make_https_transport(loop.get_executor(), *time, log, settings_for(server));
        http_exchange told;
        bool ended = false;
        auto on_end = [&ended](const std::exception_ptr&) { ended = true; };
        asio::co_spawn(loop,
                       client::ask_one(*transport, http_request("GET", "/"), time->steady() + ample, told),
                       on_end);
        while (!ended)
            loop.run_one();
        BOOST_TEST(told.fault == transport_fault::none, told.detail);
    }
    server.wait_until_all_left();
    BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
