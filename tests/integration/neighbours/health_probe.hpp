// Asks the daemon whether it lives, as Prometheus and systemd do, and remembers the longest it kept them
// waiting. How long that may be depends on the machine: compare it with a probe of a daemon that nobody
// troubles, in the same minute.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <thread>

namespace cannedd {

class health_probe {
public:
    // Made here, for the daemon's NOTIFY_SOCKET.
    explicit health_probe(const std::filesystem::path& notify_socket);
    ~health_probe();
    health_probe(const health_probe&) = delete;
    health_probe& operator=(const health_probe&) = delete;

    // Call when the daemon is ready. `synced`: a file that each round writes a page of to the disk, as part
    // of what it measures; empty: none.
    void begin(std::uint16_t port, const std::filesystem::path& synced = {});
    void end();
    int answers() const { return answers_; }
    int unanswered() const { return unanswered_; }
    int watchdogs() const { return watchdogs_; }
    // Once it has ended:
    std::chrono::milliseconds slowest_answer() const { return slowest_answer_; }
    std::chrono::milliseconds longest_without_watchdog() const { return longest_silence_; }

private:
    void ask(std::uint16_t port, int synced);
    void listen();

    int socket_ = -1;
    std::atomic<bool> ending_ = false;
    std::atomic<int> answers_ = 0, unanswered_ = 0, watchdogs_ = 0;
    std::chrono::milliseconds slowest_answer_{0}, longest_silence_{0};
    std::thread asking_, listening_;
};

} // namespace cannedd
