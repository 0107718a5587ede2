// The addresses of the one name that a transport connects to: remembered for a while, looked up again after
// it, and used for longer when DNS fails. An address needs no look-up. getaddrinfo cannot be interrupted: a
// look-up runs in a task of its own, once for all who wait for it, and a deadline leaves it behind; the loop
// ends after it.
#pragma once

#include "log/logger.hpp"
#include "time/time_source.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string>
#include <vector>

namespace cannedd {

using address_list = std::vector<asio::ip::tcp::endpoint>;

struct resolution {
    address_list addresses; // empty: `detail` says why
    std::string detail;
};

class name_lookup {
public:
    virtual ~name_lookup() = default;
    virtual asio::awaitable<resolution> look_up(std::string host, std::uint16_t port) = 0;
};

// getaddrinfo.
std::shared_ptr<name_lookup> make_system_lookup();

struct resolver_settings {
    std::string host;
    std::uint16_t port = 0;
    milliseconds ttl = seconds(30);
    milliseconds timeout = seconds(4);
};

class resolver {
public:
    resolver(asio::any_io_executor executor, time_source& time, logger& log,
             std::shared_ptr<name_lookup> lookup, resolver_settings settings);

    asio::awaitable<resolution> resolve(steady_time deadline);
    // The address that answered is the first one to try next time.
    void prefer(const asio::ip::tcp::endpoint& address);

private:
    struct knowledge;
    static asio::awaitable<void> learn(std::shared_ptr<knowledge> known);

    asio::any_io_executor executor_;
    std::shared_ptr<knowledge> known_;
};

} // namespace cannedd
