#include "health_probe.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include <arpa/inet.h>
#include <fcntl.h>
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

bool get_healthz(std::uint16_t port) {
    const int peer = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval for_ever_enough{100, 0};
    ::setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &for_ever_enough, sizeof for_ever_enough);
    const auto address = loopback(port);
    constexpr std::string_view request = "GET /healthz HTTP/1.0\r\n\r\n";
    char answer[256] = {};
    const bool good = ::connect(peer, plain(address), sizeof address) == 0 &&
                      ::send(peer, request.data(), request.size(), MSG_NOSIGNAL) > 0 &&
                      ::read(peer, answer, sizeof answer - 1) > 0 && std::strstr(answer, "200 OK") != nullptr;
    ::close(peer);
    return good;
}

void sync_a_page(int file) {
    static constexpr char page[4096] = {};
    if (::pwrite(file, page, sizeof page, 0) != sizeof page || ::fdatasync(file) != 0)
        throw std::runtime_error("the disk fails");
}

} // namespace

health_probe::health_probe(const std::filesystem::path& notify_socket)
    : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, notify_socket.c_str(), sizeof address.sun_path - 1);
    if (::bind(socket_, plain(address), sizeof address) != 0) throw std::runtime_error("no notify socket");
}

health_probe::~health_probe() {
    end();
    ::close(socket_);
}

void health_probe::begin(std::uint16_t port, const std::filesystem::path& synced) {
    const int file = synced.empty() ? -1 : ::open(synced.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    asking_ = std::thread([this, port, file] { ask(port, file); });
    listening_ = std::thread([this] { listen(); });
}

void health_probe::end() {
    ending_ = true;
    if (asking_.joinable()) asking_.join();
    if (listening_.joinable()) listening_.join();
}

void health_probe::ask(std::uint16_t port, int synced) {
    while (!ending_) {
        const auto began = clock::now();
        ++(get_healthz(port) ? answers_ : unanswered_);
        if (synced >= 0) sync_a_page(synced);
        slowest_answer_ = std::max(slowest_answer_, since(began));
        ::poll(nullptr, 0, 20);
    }
    if (synced >= 0) ::close(synced);
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
