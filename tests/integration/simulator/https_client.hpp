// A client that knows HTTP and TLS only as far as the simulator's tests need it: one blocking connection, no
// retries, and a word for each way in which an answer can fail to come.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cannedd {

enum class how_it_ended : std::uint8_t {
    whole,        // an answer of the declared length
    refused,      // no connection
    no_handshake, // the connection ended, or nothing came, before TLS was up
    closed,       // TLS close_notify before the answer was whole
    cut,          // FIN without close_notify before the answer was whole
    reset,        // RST before the answer was whole
    timed_out,
};
std::ostream& operator<<(std::ostream& out, how_it_ended how);

struct http_answer {
    how_it_ended how = how_it_ended::whole;
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string header(const std::string& name) const; // empty: absent
};

class https_client {
public:
    // url: https://127.0.0.1:PORT
    https_client(const std::string& url, const std::string& ca_file);
    ~https_client();
    https_client(const https_client&) = delete;
    https_client& operator=(const https_client&) = delete;

    // How long it listens for what may never come: two minutes, unless a test that knows better says so.
    void listen_for(std::chrono::milliseconds span);
    // Connects when it is not connected.
    http_answer send(const std::string& method, const std::string& target,
                     const std::vector<std::pair<std::string, std::string>>& headers = {},
                     const std::string& body = {});
    // How the connection ends while nothing is asked: closed (close_notify), cut (FIN alone), reset or
    // timed_out.
    how_it_ended idle();

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace cannedd
