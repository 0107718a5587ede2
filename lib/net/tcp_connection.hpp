// A connection over TCP, with TLS on top once handshake() is done. Built step by step by the dialler.
#pragma once

#include "net/connection.hpp"
#include "net/tls.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>

namespace cannedd {

class tcp_connection final : public connection {
public:
    explicit tcp_connection(const asio::any_io_executor& executor) : socket_(executor), timer_(executor) {}

    // May be tried again with another address after an error.
    asio::awaitable<boost::system::error_code> connect(asio::ip::tcp::endpoint address);
    // Nothing, or a sentence that says what is wrong with the other side.
    asio::awaitable<std::optional<std::string>> handshake(std::shared_ptr<tls_client> client);

    void expires_at(steady_time deadline) override;
    void expires_never() override;
    bool expired() const override { return expired_; }
    asio::awaitable<transfer> write(std::string_view bytes) override;
    asio::awaitable<transfer> read_some(std::span<char> space) override;
    bool quiet() override;
    asio::awaitable<void> goodbye() override;

private:
    void look_at(steady_time moment);

    using tls_stream = asio::ssl::stream<asio::ip::tcp::socket&>;

    std::shared_ptr<tls_client> client_; // outlives tls_
    asio::ip::tcp::socket socket_;
    std::optional<tls_stream> tls_;
    asio::steady_timer timer_;
    steady_time deadline_ = steady_time::max();
    steady_time looks_at_ = steady_time::max();                 // when the timer goes off
    std::shared_ptr<bool> here_ = std::make_shared<bool>(true); // a timer that went off may outlive all this
    bool expired_ = false;
    std::string certificate_fault_;
};

} // namespace cannedd
