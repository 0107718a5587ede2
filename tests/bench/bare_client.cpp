// bare_client PORT CA_FILE REQUESTS CONNECTIONS
// What a C++ program can do at the most that sends the same requests and keeps no queue: Beast over TLS, a
// deadline armed before each operation, each answer read whole. Prints seconds and CPU nanoseconds.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <iostream>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using tls_stream = asio::ssl::stream<beast::tcp_stream>;
using namespace std::chrono_literals;

constexpr auto deadline = 10s;

struct work {
    unsigned short port = 0;
    int requests = 0;
    int next = 0;
    int answered = 0;
};

std::string path_of(int connection) {
    std::array<char, 200> text{};
    std::snprintf(text.data(), text.size(),
                  "/api/v2/conversations/messages/c0000000-0000-4000-8000-%012d/communications/"
                  "d0000000-0000-4000-8000-%012d/messages",
                  connection, connection);
    return text.data();
}

// The bodies and headers are the daemon's.
http::request<http::string_body> request_of(const work& all, int connection) {
    http::request<http::string_body> request(http::verb::post, path_of(connection), 11);
    request.set(http::field::host, "127.0.0.1:" + std::to_string(all.port));
    request.set(http::field::user_agent, "cannedd/0.1.0");
    request.set(http::field::authorization, "Bearer bench-token");
    request.set(http::field::accept, "application/json");
    request.set(http::field::content_type, "application/json");
    return request;
}

asio::awaitable<void> connection(work& all, asio::ssl::context& tls, int number) {
    tls_stream stream(co_await asio::this_coro::executor, tls);
    auto& socket = beast::get_lowest_layer(stream);
    const tcp::endpoint server(asio::ip::make_address("127.0.0.1"), all.port);
    socket.expires_after(deadline);
    co_await socket.async_connect(server, asio::use_awaitable);
    socket.socket().set_option(tcp::no_delay(true));
    co_await stream.async_handshake(asio::ssl::stream_base::client, asio::use_awaitable);
    auto request = request_of(all, number);
    beast::flat_buffer buffer;
    while (all.next < all.requests) {
        request.body() = R"({"textBody":"m)" + std::to_string(all.next++) +
                         R"( Thank you for waiting, an agent will be with you in a moment."})";
        request.prepare_payload();
        socket.expires_after(deadline);
        co_await http::async_write(stream, request, asio::use_awaitable);
        http::response<http::string_body> response;
        socket.expires_after(deadline);
        co_await http::async_read(stream, buffer, response, asio::use_awaitable);
        if (response.result() == http::status::ok) ++all.answered;
    }
}

std::int64_t cpu_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * std::int64_t(1'000'000'000) + now.tv_nsec;
}

int run(work all, const char* ca_file, int connections) {
    asio::ssl::context tls(asio::ssl::context::tls_client);
    tls.load_verify_file(ca_file);
    tls.set_verify_mode(asio::ssl::verify_peer);
    asio::io_context loop(1);
    const auto rethrow = [](const std::exception_ptr& failed) {
        if (failed) std::rethrow_exception(failed);
    };
    for (int n = 0; n < connections; ++n)
        asio::co_spawn(loop, connection(all, tls, n), rethrow);
    const auto begin = std::chrono::steady_clock::now();
    const auto cpu_before = cpu_ns();
    loop.run();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::cout << R"({"answered": )" << all.answered << R"(, "seconds": )" << took.count() << R"(, "cpu_ns": )"
              << cpu_ns() - cpu_before << "}\n";
    return all.answered == all.requests ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace

int main(int count, char** values) {
    if (count != 5) {
        std::cerr << "usage: bare_client PORT CA_FILE REQUESTS CONNECTIONS\n";
        return 64;
    }
    work all;
    all.port = static_cast<unsigned short>(std::atoi(values[1]));
    all.requests = std::atoi(values[3]);
    try {
        return run(all, values[2], std::atoi(values[4]));
    } catch (const std::exception& failed) {
        std::cerr << "bare_client: " << failed.what() << '\n';
        return EXIT_FAILURE;
    }
}
