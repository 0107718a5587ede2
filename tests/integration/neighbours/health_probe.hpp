// Asks the daemon whether it lives, as Prometheus and systemd do, and remembers the longest it kept them
// waiting.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>

namespace cannedd {

// A port of the loopback interface that nobody listened on a moment ago.
std::uint16_t free_port();

class health_probe {
public:
    // `notify_socket`: made here, for the daemon's NOTIFY_SOCKET.
    health_probe(std::uint16_t port, const std::filesystem::path& notify_socket);
    ~health_probe();
    health_probe(const health_probe&) = delete;
    health_probe& operator=(const health_probe&) = delete;

    void begin(); // call when the daemon is ready
    void end();
    int answers() const { return answers_; }
    int watchdogs() const { return watchdogs_; }
    std::chrono::milliseconds slowest_answer() const { return slowest_answer_; }
    std::chrono::milliseconds longest_without_watchdog() const { return longest_silence_; }

private:
    void ask();
    void listen();
    bool get_healthz() const;

    std::uint16_t port_;
    int socket_ = -1;
    std::atomic<bool> ending_ = false;
    std::atomic<int> answers_ = 0, watchdogs_ = 0;
    std::chrono::milliseconds slowest_answer_{0}, longest_silence_{0};
    std::thread asking_, listening_;
};

} // namespace cannedd
