#include "fault_server.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <stdexcept>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cannedd::testing {
namespace {

std::size_t content_length(const std::string& head) {
    const std::string key = "\r\nContent-Length: ";
    const auto at = head.find(key);
    std::size_t length = 0;
    if (at == head.npos) return 0;
    std::from_chars(head.data() + at + key.size(), head.data() + head.size(), length);
    return length;
}

SSL_CTX* make_context(const server_wish& wish) {
    if (!wish.certificate) return nullptr;
    auto* context = SSL_CTX_new(TLS_server_method());
    if (wish.tls_1_1_only) {
        SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0");
        SSL_CTX_set_min_proto_version(context, TLS1_1_VERSION);
        SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
    }
    SSL_CTX_use_certificate(context, wish.certificate->certificate());
    SSL_CTX_use_PrivateKey(context, wish.certificate->key());
    for (const auto& other : wish.certificate->sent_along)
        SSL_CTX_add1_chain_cert(context, other.certificate());
    const std::string name = "test";
    SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>(name.data()), 4);
    return context;
}

// Asio knows how to write down an address of either family.
using boost::asio::ip::make_address;

int listen_on(const std::string& text, std::uint16_t& port, int backlog = 512) {
    const auto address = make_address(text);
    const int listener = ::socket(address.is_v6() ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in6 v6{};
    sockaddr_in v4{};
    v6.sin6_family = AF_INET6;
    v4.sin_family = AF_INET;
    if (address.is_v6())
        std::copy_n(address.to_v6().to_bytes().begin(), 16, v6.sin6_addr.s6_addr);
    else
        v4.sin_addr.s_addr = htonl(address.to_v4().to_uint());
    auto* any = address.is_v6() ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
    socklen_t size = address.is_v6() ? sizeof v6 : sizeof v4;
    if (::bind(listener, any, size) != 0 || ::listen(listener, backlog) != 0 ||
        ::getsockname(listener, any, &size) != 0)
        throw std::runtime_error("the test server cannot listen on " + text);
    port = ntohs(address.is_v6() ? v6.sin6_port : v4.sin_port);
    return listener;
}

} // namespace

std::string ok_reply(const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

peer::peer(int socket, SSL_CTX* tls, std::atomic<int>& requests, std::atomic<int>& resumed, int number)
    : socket_(socket)
    , tls_(tls != nullptr ? SSL_new(tls) : nullptr, SSL_free)
    , requests_(requests)
    , resumed_(resumed)
    , number_(number) {
    if (tls_) SSL_set_fd(tls_.get(), socket_);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

peer::~peer() {
    ::close(socket_);
}

bool peer::handshake() {
    const bool done = SSL_accept(tls_.get()) == 1;
    if (done && SSL_session_reused(tls_.get()) == 1) ++resumed_;
    return done;
}

long peer::receive(char* space, int size) {
    if (tls_) return SSL_read(tls_.get(), space, size);
    return ::recv(socket_, space, static_cast<std::size_t>(size), 0);
}

std::string peer::read_head() {
    std::array<char, 4096> space{};
    while (unread_.find("\r\n\r\n") == unread_.npos) {
        const auto size = receive(space.data(), space.size());
        if (size <= 0) return {};
        unread_.append(space.data(), static_cast<std::size_t>(size));
    }
    const auto end = unread_.find("\r\n\r\n") + 4;
    const auto head = unread_.substr(0, end);
    unread_.erase(0, end);
    return head;
}

std::optional<std::string> peer::read_request() {
    auto request = read_head();
    if (request.empty()) return std::nullopt;
    const auto length = content_length(request);
    std::array<char, 4096> space{};
    while (unread_.size() < length) {
        const auto size = receive(space.data(), space.size());
        if (size <= 0) return std::nullopt;
        unread_.append(space.data(), static_cast<std::size_t>(size));
    }
    request += unread_.substr(0, length);
    unread_.erase(0, length);
    ++requests_;
    return request;
}

void peer::wait_for_first_byte() {
    char byte = 0;
    ::recv(socket_, &byte, 1, MSG_PEEK);
}

bool peer::send(const std::string& bytes) {
    if (tls_) return SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
    return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<long>(bytes.size());
}

void peer::send_goodbye() {
    SSL_shutdown(tls_.get());
}

bool peer::heard_goodbye() const {
    return tls_ && (SSL_get_shutdown(tls_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

void peer::finish() {
    ::shutdown(socket_, SHUT_WR);
}

void peer::reset() {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void peer::wait_for_other() {
    std::array<char, 4096> space{};
    while (receive(space.data(), space.size()) > 0)
        continue;
    if (heard_goodbye()) send_goodbye();
}

void peer::wait_in_silence() {
    std::array<char, 4096> space{};
    while (::recv(socket_, space.data(), space.size(), 0) > 0)
        continue;
}

void peer::wait_for_interruption() {
    pollfd hang_up{socket_, 0, 0}; // POLLHUP is always told
    ::poll(&hang_up, 1, -1);
}

bool peer::leaves_within(std::chrono::milliseconds patience) {
    pollfd departure{socket_, POLLRDHUP, 0};
    return ::poll(&departure, 1, static_cast<int>(patience.count())) > 0;
}

void peer::interrupt() {
    ::shutdown(socket_, SHUT_RDWR);
}

fault_server::fault_server(server_wish wish, script what)
    : wish_(std::move(wish))
    , script_(std::move(what))
    , tls_(make_context(wish_), SSL_CTX_free)
    , listener_(listen_on(wish_.address, port_))
    , accepting_([this] { accept_all(); }) {}

fault_server::~fault_server() {
    {
        const std::lock_guard guard(mutex_);
        stopping_ = true;
        for (auto* peer : peers_)
            peer->interrupt();
    }
    ::shutdown(listener_, SHUT_RDWR);
    accepting_.join();
    for (auto& server : servers_)
        server.join();
    ::close(listener_);
}

void fault_server::accept_all() {
    sigset_t pipe; // inherited by the threads that serve: OpenSSL's own write() raises it
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    while (true) {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) return;
        servers_.emplace_back([this, socket, number = ++connections_] { serve(socket, number); });
    }
}

void fault_server::serve(int socket, int number) {
    peer other(socket, tls_.get(), requests_, resumed_, number);
    {
        const std::lock_guard guard(mutex_);
        if (stopping_) return;
        peers_.push_back(&other);
        open_most_ = std::max(open_most_.load(), ++open_);
    }
    if (!tls_ || wish_.script_shakes_hands || other.handshake()) script_(other);
    const std::lock_guard guard(mutex_);
    peers_.remove(&other);
    --open_;
    ++served_;
    left_.notify_all();
}

void fault_server::wait_until_all_left() {
    std::unique_lock guard(mutex_);
    left_.wait(guard, [this] { return served_ == connections_; });
}

silent_listener::silent_listener(const std::string& address) : listener_(listen_on(address, port_, 0)) {
    constexpr int more_than_the_backlog = 4;
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port_);
    to.sin_addr.s_addr = htonl(make_address(address).to_v4().to_uint());
    for (int i = 0; i < more_than_the_backlog; ++i) {
        fillers_.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        ::connect(fillers_.back(), reinterpret_cast<sockaddr*>(&to), sizeof to);
    }
}

silent_listener::~silent_listener() {
    for (const int filler : fillers_)
        ::close(filler);
    ::close(listener_);
}

} // namespace cannedd::testing
