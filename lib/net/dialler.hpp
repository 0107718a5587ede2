// Opens a connection to the origin: the name's addresses in turn, each with its share of the time that is
// left, then the tunnel where there is a proxy, then TLS. What fails is told in words that name the step and
// who is to blame.
#pragma once

#include "net/resolver.hpp"
#include "net/tcp_connection.hpp"
#include "policy/facts.hpp"
#include "text/url.hpp"

#include <memory>
#include <optional>
#include <string>

namespace cannedd {

// Why there is no connection.
struct dial_fault {
    dial_fault(transport_fault fault_, std::string detail_) : fault(fault_), detail(std::move(detail_)) {}
    transport_fault fault;
    std::string detail;
};

struct dialled {
    std::unique_ptr<connection> line; // null: `why` is there
    std::optional<dial_fault> why;
};

struct dial_plan {
    origin to;
    std::optional<http_proxy> proxy;
    std::filesystem::path ca_file;
    std::string user_agent;
    milliseconds dns_ttl = seconds(30);
    milliseconds dns_timeout = seconds(4);
};

class dialler {
public:
    // Throws std::runtime_error when the CA file cannot be used.
    dialler(asio::any_io_executor executor, time_source& time, logger& log,
            std::shared_ptr<name_lookup> lookup, dial_plan plan);

    asio::awaitable<dialled> dial(steady_time deadline);

private:
    asio::awaitable<std::optional<dial_fault>> connect(tcp_connection& line, steady_time deadline);
    asio::awaitable<std::optional<dial_fault>> open_tunnel(tcp_connection& line);
    asio::awaitable<std::optional<dial_fault>> start_tls(tcp_connection& line);
    const origin& first_hop() const { return plan_.proxy ? plan_.proxy->at : plan_.to; }

    asio::any_io_executor executor_;
    time_source& time_;
    dial_plan plan_;
    resolver resolver_;
    std::shared_ptr<tls_client> tls_; // shared with the connections, which may outlive this
};

} // namespace cannedd
