// A server that does what it is told, well or badly, one thread a connection. A script is run for each
// connection and speaks through the `peer`; when it returns, the connection is closed. Everything is counted,
// so that a test can say how often the server saw a request.
#pragma once

#include "support/certificates.hpp"

#include <openssl/types.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace cannedd::testing {

// The server's end of one connection. Blocking; every call fails softly once the other side or the server is
// gone.
class peer {
public:
    peer(int socket, SSL_CTX* tls, std::atomic<int>& requests, std::atomic<int>& resumed, int number);
    peer(const peer&) = delete;
    peer& operator=(const peer&) = delete;
    ~peer();

    int number() const { return number_; } // 1 for the server's first connection
    bool handshake();
    std::optional<std::string> read_request(); // head and body; counted
    std::string read_head();                   // up to the empty line; not counted
    void wait_for_first_byte();
    bool send(const std::string& bytes);
    void send_goodbye();          // TLS close_notify, and the connection stays open
    bool heard_goodbye() const;   // the client's close_notify
    void finish();                // FIN, without a goodbye
    void reset();                 // RST
    void wait_for_other();        // until the other side leaves; answers its goodbye
    void wait_in_silence();       // the same, without an answer
    void wait_for_interruption(); // reads nothing until the server stops
    bool leaves_within(std::chrono::milliseconds patience);
    void interrupt(); // from another thread
    int socket() const { return socket_; }

private:
    long receive(char* space, int size);

    int socket_;
    std::unique_ptr<SSL, void (*)(SSL*)> tls_;
    std::atomic<int>& requests_;
    std::atomic<int>& resumed_;
    int number_;
    std::string unread_;
};

struct server_wish {
    std::optional<identity> certificate; // none: plain TCP
    std::string address = "127.0.0.1";
    bool tls_1_1_only = false;
    bool script_shakes_hands = false; // else it is done before the script runs
};

class fault_server {
public:
    using script = std::function<void(peer&)>;
    fault_server(server_wish wish, script what);
    fault_server(const fault_server&) = delete;
    fault_server& operator=(const fault_server&) = delete;
    ~fault_server();

    std::uint16_t port() const { return port_; }
    int connections() const { return connections_; }
    int open_most() const { return open_most_; } // at one moment
    int requests() const { return requests_; }
    int resumed() const { return resumed_; }
    // Until every connection has been served to its end: then requests() is the last word.
    void wait_until_all_left();

private:
    void accept_all();
    void serve(int socket, int number);

    server_wish wish_;
    script script_;
    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> tls_;
    std::uint16_t port_ = 0;
    int listener_ = -1;
    std::atomic<int> connections_ = 0;
    std::atomic<int> open_ = 0;
    std::atomic<int> open_most_ = 0;
    std::atomic<int> requests_ = 0;
    std::atomic<int> resumed_ = 0;
    std::mutex mutex_; // peers_, stopping_
    std::list<peer*> peers_;
    bool stopping_ = false;
    int served_ = 0;
    std::condition_variable left_;
    std::list<std::thread> servers_; // only the accepting thread, then the destructor
    std::thread accepting_;
};

// Listens, and answers no attempt to connect: its backlog is full.
class silent_listener {
public:
    explicit silent_listener(const std::string& address);
    silent_listener(const silent_listener&) = delete;
    silent_listener& operator=(const silent_listener&) = delete;
    ~silent_listener();
    std::uint16_t port() const { return port_; }

private:
    std::uint16_t port_ = 0;
    int listener_ = -1;
    std::vector<int> fillers_;
};

// What a server says when all is well.
std::string ok_reply(const std::string& body);

} // namespace cannedd::testing
