#include "simulator/connection.hpp"

#include "time/no_throw.hpp"

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace cannedd::sim {
namespace {

using tcp = asio::ip::tcp;

tcp::socket& socket_of(tcp::socket& stream) {
    return stream;
}
tcp::socket& socket_of(asio::ssl::stream<tcp::socket>& stream) {
    return stream.next_layer();
}

template<typename Stream>
class stream_connection : public connection {
public:
    template<typename... Args>
    explicit stream_connection(Args&&... args)
        : stream_(std::forward<Args>(args)...), timer_(stream_.get_executor()) {
        boost::system::error_code ignored;
        socket_of(stream_).set_option(tcp::no_delay(true), ignored);
    }

    asio::awaitable<bool> handshake() override { co_return true; }

    asio::awaitable<std::size_t> read_some(std::span<char> into) override {
        const auto [error, size] =
            co_await stream_.async_read_some(asio::buffer(into.data(), into.size()), no_throw);
        co_return error ? 0 : size;
    }

    asio::awaitable<bool> write(const std::string& bytes) override {
        const auto [error, size] = co_await asio::async_write(stream_, asio::buffer(bytes), no_throw);
        co_return !error;
    }

    asio::awaitable<void> say_goodbye() override { co_return; }

    asio::awaitable<void> wait(milliseconds duration) override {
        if (ended_) co_return;
        timer_.expires_after(duration);
        co_await timer_.async_wait(no_throw);
    }

    asio::awaitable<void> wait_for_end() override {
        std::array<char, 4096> ignored{};
        // The raw socket: the peer may never begin TLS.
        while (!ended_) {
            const auto [error, size] =
                co_await socket_of(stream_).async_read_some(asio::buffer(ignored), no_throw);
            if (error || size == 0) break;
        }
    }

    void close() override {
        ended_ = true;
        timer_.cancel();
        boost::system::error_code ignored;
        socket_of(stream_).shutdown(tcp::socket::shutdown_both, ignored);
        socket_of(stream_).close(ignored);
    }

    void reset() override {
        boost::system::error_code ignored;
        socket_of(stream_).set_option(asio::socket_base::linger(true, 0), ignored);
        ended_ = true;
        timer_.cancel();
        socket_of(stream_).close(ignored);
    }

protected:
    Stream stream_;
    asio::steady_timer timer_;
    bool ended_ = false;
};

class tls_connection final : public stream_connection<asio::ssl::stream<tcp::socket>> {
public:
    using stream_connection::stream_connection;

    asio::awaitable<bool> handshake() override {
        const auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::server, no_throw);
        co_return !error;
    }

    // Sends our close_notify; a peer that does not answer it is not waited for longer than this.
    asio::awaitable<void> say_goodbye() override {
        timer_.expires_after(std::chrono::seconds(1));
        timer_.async_wait([this](boost::system::error_code error) {
            if (!error) close();
        });
        co_await stream_.async_shutdown(no_throw);
        timer_.cancel();
    }
};

} // namespace

std::unique_ptr<connection> make_tls_connection(tcp::socket socket, asio::ssl::context& context) {
    return std::make_unique<tls_connection>(std::move(socket), context);
}

std::unique_ptr<connection> make_plain_connection(tcp::socket socket) {
    return std::make_unique<stream_connection<tcp::socket>>(std::move(socket));
}

} // namespace cannedd::sim
