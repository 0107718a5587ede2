// One accepted connection, with or without TLS, and all the ways to end it. Nothing throws for the network: 0
// bytes or false mean that it is over. close() and reset() end whatever is being awaited.
#pragma once

#include "simulator/exchange.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <span>
#include <string>

namespace cannedd::sim {

namespace asio = boost::asio;

class connection {
public:
    virtual ~connection() = default;
    virtual asio::awaitable<bool> handshake() = 0;
    virtual asio::awaitable<std::size_t> read_some(std::span<char> into) = 0;
    virtual asio::awaitable<bool> write(const std::string& bytes) = 0;
    virtual asio::awaitable<void> say_goodbye() = 0; // TLS close_notify, where there is TLS
    virtual asio::awaitable<void> wait(milliseconds duration) = 0;
    // Until the peer has gone.
    virtual asio::awaitable<void> wait_for_end() = 0;
    virtual void close() = 0; // FIN
    virtual void reset() = 0; // RST
};

std::unique_ptr<connection> make_tls_connection(asio::ip::tcp::socket socket, asio::ssl::context& context);
std::unique_ptr<connection> make_plain_connection(asio::ip::tcp::socket socket);

} // namespace cannedd::sim
