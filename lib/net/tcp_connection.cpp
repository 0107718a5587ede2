#include "net/tcp_connection.hpp"

#include "time/no_throw.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>
#include <openssl/err.h>

#include <cerrno>

#include <sys/socket.h>

namespace cannedd {
namespace {

using asio::ip::tcp;
using boost::system::error_code;
constexpr seconds goodbye_timeout{1};

// TLS that has read on behalf of nobody: the other side's goodbye, or data that nobody asked for.
bool holds_something(SSL* tls) {
    char byte = 0;
    if (ERR_peek_error() != 0) ERR_clear_error(); // which goes through all places for one, each time
    const int result = SSL_peek(tls, &byte, 1);
    return result > 0 || SSL_get_error(tls, result) != SSL_ERROR_WANT_READ;
}

} // namespace

std::string words_of(const error_code& error) {
    if (error == asio::error::eof || error == asio::ssl::error::stream_truncated)
        return "the other side closed the connection";
    return error.message();
}

asio::awaitable<error_code> tcp_connection::connect(tcp::endpoint address) {
    error_code ignored;
    socket_.close(ignored);
    const auto [error] = co_await socket_.async_connect(address, no_throw);
    if (!error) socket_.set_option(tcp::no_delay(true), ignored);
    co_return error;
}

asio::awaitable<std::optional<std::string>> tcp_connection::handshake(std::shared_ptr<tls_client> client) {
    client_ = std::move(client);
    tls_.emplace(socket_, client_->context());
    client_->prepare(tls_->native_handle());
    tls_->set_verify_callback([this](bool trusted, asio::ssl::verify_context& verification) {
        if (!trusted) certificate_fault_ = client_->certificate_fault(verification.native_handle());
        return trusted;
    });
    const auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::client, no_throw);
    std::optional<std::string> fault;
    if (error) {
        client_->forget_session();
        fault = certificate_fault_.empty() ? client_->handshake_fault(error) : certificate_fault_;
    }
    co_return fault;
}

void tcp_connection::expires_at(steady_time deadline) {
    expired_ = false;
    deadline_ = deadline;
    if (deadline < looks_at_) look_at(deadline);
}

void tcp_connection::expires_never() {
    deadline_ = steady_time::max();
}

// A connection's deadlines move on with each of its requests: the timer is set once for many of them, and
// finds when it goes off whether the last one has come.
void tcp_connection::look_at(steady_time moment) {
    looks_at_ = moment;
    timer_.expires_at(moment);
    timer_.async_wait([this, here = std::weak_ptr<bool>(here_)](error_code error) {
        if (error || here.expired()) return;
        looks_at_ = steady_time::max();
        if (std::chrono::steady_clock::now() >= deadline_) {
            expired_ = true;
            socket_.close(error);
        } else if (deadline_ != steady_time::max()) {
            look_at(deadline_);
        }
    });
}

asio::awaitable<transfer> tcp_connection::write(std::string_view bytes) {
    transfer done;
    if (tls_) {
        const auto [error, size] = co_await asio::async_write(*tls_, asio::buffer(bytes), no_throw);
        done.error = error;
        done.bytes = size;
    } else {
        const auto [error, size] = co_await asio::async_write(socket_, asio::buffer(bytes), no_throw);
        done.error = error;
        done.bytes = size;
    }
    co_return done;
}

asio::awaitable<transfer> tcp_connection::read_some(std::span<char> space) {
    transfer done;
    const auto buffer = asio::buffer(space.data(), space.size());
    if (tls_) {
        const auto [error, size] = co_await tls_->async_read_some(buffer, no_throw);
        done.error = error;
        done.bytes = size;
    } else {
        const auto [error, size] = co_await socket_.async_read_some(buffer, no_throw);
        done.error = error;
        done.bytes = size;
    }
    co_return done;
}

bool tcp_connection::quiet() {
    if (!socket_.is_open() || (tls_ && holds_something(tls_->native_handle()))) return false;
    char byte = 0;
    const auto result = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

asio::awaitable<void> tcp_connection::goodbye() {
    expires_at(std::chrono::steady_clock::now() + goodbye_timeout);
    if (tls_) {
        const auto [impolite] = co_await tls_->async_shutdown(no_throw); // the peer may have left long ago
        static_cast<void>(impolite);
    }
    expires_never();
    error_code ignored;
    socket_.close(ignored);
}

} // namespace cannedd
