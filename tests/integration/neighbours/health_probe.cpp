#include "health_probe.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace cannedd {
namespace {

using clock = std::chrono::steady_clock;

std::chrono::milliseconds since(clock::time_point began) {
    return std::chrono::ceil<std::chrono::milliseconds>(clock::now() - began);
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

template<typename Address>
const sockaddr* plain(const Address& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

} // namespace

std::uint16_t free_port() {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(probe, plain(address), size) != 0 ||
        ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error("no port");
    ::close(probe);
    return ntohs(address.sin_port);
}

health_probe::health_probe(std::uint16_t port, const std::filesystem::path& notify_socket)
    : port_(port), socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, notify_socket.c_str(), sizeof address.sun_path - 1);
    if (::bind(socket_, plain(address), sizeof address) != 0) throw std::runtime_error("no notify socket");
}

health_probe::~health_probe() {
    end();
    ::close(socket_);
}

void health_probe::begin() {
    asking_ = std::thread([this] { ask(); });
    listening_ = std::thread([this] { listen(); });
}

void health_probe::end() {
    ending_ = true;
    if (asking_.joinable()) asking_.join();
    if (listening_.joinable()) listening_.join();
}

bool health_probe::get_healthz() const {
    const int peer = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(port_);
    constexpr std::string_view request = "GET /healthz HTTP/1.0\r\n\r\n";
    char answer[256] = {};
    const bool good = ::connect(peer, plain(address), sizeof address) == 0 &&
                      ::send(peer, request.data(), request.size(), MSG_NOSIGNAL) > 0 &&
                      ::read(peer, answer, sizeof answer - 1) > 0 && std::strstr(answer, "200 OK") != nullptr;
    ::close(peer);
    return good;
}

void health_probe::ask() {
    while (!ending_) {
        const auto began = clock::now();
        if (get_healthz()) ++answers_;
        slowest_answer_ = std::max(slowest_answer_, since(began));
        ::poll(nullptr, 0, 20);
    }
}

void health_probe::listen() {
    auto last = clock::now();
    while (!ending_) {
        pollfd wanted{socket_, POLLIN, 0};
        ::poll(&wanted, 1, 50);
        char words[512] = {};
        const bool heard = ::recv(socket_, words, sizeof words - 1, MSG_DONTWAIT) > 0;
        longest_silence_ = std::max(longest_silence_, since(last));
        if (!heard || std::strstr(words, "WATCHDOG=1") == nullptr) continue;
        ++watchdogs_;
        last = clock::now();
    }
}

} // namespace cannedd
