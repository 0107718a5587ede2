#include "service/reload_request.hpp"

#include "service/reload_door.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <iostream>
#include <stdexcept>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace cannedd {
namespace {

constexpr timeval answer_patience{.tv_sec = 60, .tv_usec = 0}; // longer than the daemon's

class connection {
public:
    explicit connection(pid_t daemon)
        : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)), daemon_(daemon) {
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &answer_patience, sizeof answer_patience);
        const auto name = reload_address(daemon);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(&address.sun_path[0], name.data(), name.size());
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
        if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), size) != 0) fail();
        expect_the_daemon();
    }
    ~connection() { ::close(socket_); }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    std::string answer() const {
        std::string all;
        std::array<char, 4096> some{};
        while (true) {
            const auto count = ::recv(socket_, some.data(), some.size(), 0);
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) fail();
            if (count == 0) return all;
            all.append(some.data(), static_cast<std::size_t>(count));
        }
    }

private:
    // Anybody could listen in the name of a process.
    void expect_the_daemon() const {
        ucred who{};
        socklen_t size = sizeof who;
        if (::getsockopt(socket_, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0 || who.pid != daemon_)
            throw std::runtime_error("another process answers in the name of process " +
                                     std::to_string(daemon_));
    }
    [[noreturn]] void fail() const {
        const std::string why = errno == EAGAIN ? "it does not answer" : std::strerror(errno);
        throw std::runtime_error("process " + std::to_string(daemon_) + " cannot be asked to reload (" + why +
                                 "): is it cannedd's, and are you its user, or root?");
    }

    int socket_;
    pid_t daemon_;
};

} // namespace

exit_code ask_to_reload(pid_t daemon) {
    const auto answer = connection(daemon).answer();
    const auto is = [&](std::string_view word) { return std::string_view(answer).starts_with(word); };
    const auto rest = [&](std::string_view word) {
        return answer.substr(std::min(answer.size(), word.size() + 1));
    };
    if (is(reload_in_force)) {
        if (rest(reload_in_force).empty()) return exit_code::done;
        std::cerr << "cannedd: the configuration is in force, but a restart is needed: "
                  << rest(reload_in_force);
        return exit_code::waits_for_a_person;
    }
    if (is(reload_waits)) {
        std::cout << "the new configuration is good; it takes effect as soon as the database is not busy\n";
        return exit_code::done;
    }
    if (!is(reload_refused))
        throw std::runtime_error("process " + std::to_string(daemon) +
                                 " ended, or does not let you ask: nothing is "
                                 "known of the reload");
    std::cerr << "cannedd: the new configuration is refused, nothing changes:\n" << rest(reload_refused);
    return exit_code::configuration;
}

} // namespace cannedd
