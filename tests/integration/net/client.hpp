// The transport under test with a loop of its own. Its destructor closes the transport and runs the loop to
// its end: if run() did not return by itself, the test would hang.
#pragma once

#include "fault_server.hpp"
#include "log/logger.hpp"
#include "net/https_transport.hpp"
#include "net/resolver.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace cannedd {

inline std::ostream& operator<<(std::ostream& out, phase p) {
    return out << name_of(p);
}
inline std::ostream& operator<<(std::ostream& out, transport_fault fault) {
    return out << name_of(fault);
}

namespace testing {

// No exchange that goes well takes so long, on no machine.
inline constexpr milliseconds ample = minutes(1);

// A deadline that is to pass at a certain point of the exchange: where the machine is so slow that a short
// one passes before, longer ones are tried. `attempt` takes the deadline; `there` judges what it returned.
template<typename Attempt, typename There>
auto with_a_deadline_that_passes_there(Attempt attempt, There there) {
    for (milliseconds within(150);; within *= 4) {
        auto result = attempt(within);
        if (there(result) || within > ample) return result;
    }
}

class client {
public:
    explicit client(transport_settings settings, std::shared_ptr<name_lookup> lookup = nullptr);
    ~client();
    static asio::awaitable<void> ask_one(http_transport& transport, http_request request,
                                         steady_time deadline, http_exchange& told);

    http_exchange ask(milliseconds timeout = ample);
    http_exchange ask(http_request request, milliseconds timeout = ample);
    // All at once.
    std::vector<http_exchange> ask_many(int requests, milliseconds timeout = ample);
    // While requests run: does the deed once the condition holds.
    void meanwhile(std::function<bool()> condition, std::function<void()> deed);
    void close() { transport_->close(); }
    // Its last user has gone, and nobody has closed it.
    void let_the_transport_go() { transport_.reset(); }
    // Until the loop has nothing left to do.
    void drain();
    // Until the thing is so; the test's own timeout is the bound.
    template<typename Condition>
    void run_until(Condition condition) {
        io_.restart();
        while (!condition())
            io_.run_one_for(milliseconds(5));
    }

private:
    void start(http_request request, milliseconds timeout, http_exchange& told, int& running);
    void run_until_zero(const int& running);

    asio::io_context io_;
    std::unique_ptr<time_source> time_;
    logger log_;
    std::unique_ptr<http_transport> transport_;
    std::function<bool()> condition_;
    std::function<void()> deed_;
};

// What a name stands for, without DNS.
class fixed_lookup final : public name_lookup {
public:
    explicit fixed_lookup(address_list addresses) : addresses_(std::move(addresses)) {}
    asio::awaitable<resolution> look_up(std::string host, std::uint16_t port) override;
    int asked = 0;

private:
    address_list addresses_;
};

// An authority that the client trusts, and a certificate for localhost, 127.0.0.1 and ::1.
struct trust {
    trust();
    identity authority;
    identity server;
    pem_file ca_file;
};

// Made once a program: keys cost time.
const trust& usual_trust();

server_wish https_wish();
transport_settings settings_for(const fault_server& server, const std::string& host = "127.0.0.1");
// The same without TLS.
transport_settings plain_settings_for(const fault_server& server, const std::string& host = "127.0.0.1");

// Answers every request on the connection until the client leaves.
void answer_all(peer& other);

} // namespace testing
} // namespace cannedd
