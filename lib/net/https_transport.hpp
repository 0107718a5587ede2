// The transport that talks to the world: TLS 1.2 or later, host name verified (names in the certificate's
// subjectAltName only), keep-alive pool of bounded size, session resumption, DNS with a cache and a bound,
// all addresses of a name tried in turn (IPv6 too), HTTP CONNECT where a proxy is set. The one file of the
// project that includes Beast.
#pragma once

#include "net/http_transport.hpp"
#include "time/time_source.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace cannedd {

class logger;
class name_lookup;

struct transport_settings {
    std::string origin;            // https://host[:port]; http:// only to loopback
    std::filesystem::path ca_file; // empty: the system's
    std::string proxy;             // http://host:port, empty: none
    std::size_t connections = 8;   // 1..256, at most this many at once
    std::chrono::milliseconds idle = std::chrono::seconds(50); // kept no longer than this without use
    std::chrono::milliseconds dns_ttl = std::chrono::seconds(30);
    std::chrono::milliseconds dns_timeout = std::chrono::seconds(4);
    std::size_t header_bytes_max = std::size_t{64} * 1024;
    std::size_t body_bytes_max = std::size_t{8} * 1024 * 1024;
    std::string user_agent;
    bool operator==(const transport_settings&) const = default;
};

// Throws std::runtime_error with a sentence for the operator when the origin or the ca_file cannot be used
// (start-up). It outlives its exchanges, and may be destroyed at any other moment; time and log outlive
// io_context::run(), which returns by itself after close(). Without a lookup: the system's (resolver.hpp).
std::unique_ptr<http_transport> make_https_transport(asio::any_io_executor executor, time_source& time,
                                                     logger& log, transport_settings settings,
                                                     std::shared_ptr<name_lookup> lookup = nullptr);

} // namespace cannedd
