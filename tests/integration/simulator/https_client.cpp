#include "integration/simulator/https_client.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <cerrno>
#include <optional>
#include <ostream>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace cannedd {
namespace {

using context_pointer = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using session_pointer = std::unique_ptr<SSL, decltype(&SSL_free)>;

// Head and body, once they are whole.
std::optional<http_answer> parsed(const std::string& bytes, bool with_body) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string::npos) return std::nullopt;
    http_answer answer;
    answer.status = std::stoi(bytes.substr(9, 3));
    for (auto at = bytes.find("\r\n") + 2; at < end + 2;) {
        const auto line = bytes.substr(at, bytes.find("\r\n", at) - at);
        const auto colon = line.find(": ");
        answer.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
        at += line.size() + 2;
    }
    const auto length = std::stoul("0" + answer.header("Content-Length"));
    if (!with_body) return answer;
    if (bytes.size() < end + 4 + length) return std::nullopt;
    answer.body = bytes.substr(end + 4, length);
    return answer;
}

} // namespace

std::ostream& operator<<(std::ostream& out, how_it_ended how) {
    static constexpr std::array names{"whole", "refused", "no_handshake", "closed",
                                      "cut",   "reset",   "timed_out"};
    return out << names.at(static_cast<std::size_t>(how));
}

std::string http_answer::header(const std::string& name) const {
    for (const auto& [key, value] : headers)
        if (::strcasecmp(key.c_str(), name.c_str()) == 0) return value;
    return {};
}

struct https_client::state {
    std::uint16_t port = 0;
    std::chrono::milliseconds patience = std::chrono::minutes(2);
    context_pointer context{nullptr, &SSL_CTX_free};
    session_pointer session{nullptr, &SSL_free};
    int socket = -1;

    void disconnect() {
        session.reset();
        if (socket >= 0) ::close(socket);
        socket = -1;
    }

    void limit_patience() {
        const auto ms = patience.count();
        const timeval limit{ms / 1000, ms % 1000 * 1000};
        ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }

    std::optional<how_it_ended> connect() {
        socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        limit_patience();
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            return how_it_ended::refused;
        session.reset(SSL_new(context.get()));
        SSL_set_fd(session.get(), socket);
        SSL_set1_host(session.get(), "127.0.0.1");
        if (SSL_connect(session.get()) != 1) return how_it_ended::no_handshake;
        return std::nullopt;
    }

    how_it_ended why(int result) {
        const int saved = errno;
        const int error = SSL_get_error(session.get(), result);
        if (error == SSL_ERROR_ZERO_RETURN) return how_it_ended::closed;
        if (error == SSL_ERROR_SYSCALL && (saved == ECONNRESET || saved == EPIPE)) return how_it_ended::reset;
        if (saved == EAGAIN && error != SSL_ERROR_SSL) return how_it_ended::timed_out;
        return how_it_ended::cut;
    }
};

https_client::https_client(const std::string& url, const std::string& ca_file)
    : state_(std::make_unique<state>()) {
    ::signal(SIGPIPE, SIG_IGN); // OpenSSL writes to connections that the peer has closed
    state_->port = static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
    state_->context.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_verify(state_->context.get(), SSL_VERIFY_PEER, nullptr);
    if (SSL_CTX_load_verify_locations(state_->context.get(), ca_file.c_str(), nullptr) != 1)
        throw std::runtime_error("cannot read " + ca_file);
}

https_client::~https_client() {
    state_->disconnect();
}

void https_client::listen_for(std::chrono::milliseconds span) {
    state_->patience = span;
    if (state_->socket >= 0) state_->limit_patience();
}

how_it_ended https_client::idle() {
    char byte = 0;
    errno = 0;
    ERR_clear_error();
    const int size = SSL_read(state_->session.get(), &byte, 1);
    return size > 0 ? how_it_ended::whole : state_->why(size);
}

http_answer https_client::send(const std::string& method, const std::string& target,
                               const std::vector<std::pair<std::string, std::string>>& headers,
                               const std::string& body) {
    http_answer answer;
    if (state_->socket < 0)
        if (const auto failure = state_->connect()) {
            state_->disconnect();
            answer.how = *failure;
            return answer;
        }
    std::string bytes = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    for (const auto& [name, value] : headers)
        bytes += name + ": " + value + "\r\n";
    bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    SSL_write(state_->session.get(), bytes.data(), static_cast<int>(bytes.size()));
    std::string received;
    std::array<char, 16 * 1024> piece{};
    while (true) {
        if (auto whole = parsed(received, method != "HEAD")) return *whole;
        errno = 0;
        ERR_clear_error();
        const int size = SSL_read(state_->session.get(), piece.data(), static_cast<int>(piece.size()));
        if (size <= 0) {
            answer.how = state_->why(size);
            break;
        }
        received.append(piece.data(), static_cast<std::size_t>(size));
    }
    state_->disconnect();
    if (received.size() > 12) answer.status = std::stoi(received.substr(9, 3));
    return answer;
}

} // namespace cannedd
