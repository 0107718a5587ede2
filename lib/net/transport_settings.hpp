// Where a transport leads and what it may use on the way (https_transport.hpp). Plain values.
#pragma once

#include "log/secret.hpp"
#include "time/instant.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

namespace cannedd {

struct transport_settings {
    std::string origin; // https://host[:port]; http:// only to loopback
    std::filesystem::path ca_file = "/etc/ssl/certs/ca-certificates.crt"; // empty: the TLS library's own
    secret proxy;                    // http://[user:password@]host:port, empty: none
    std::size_t connections = 8;     // 1..256, at most this many at once
    milliseconds idle = seconds(50); // kept no longer than this without use
    milliseconds dns_ttl = seconds(30);
    milliseconds dns_timeout = seconds(4);
    std::size_t header_bytes_max = std::size_t{64} * 1024;
    std::size_t body_bytes_max = std::size_t{8} * 1024 * 1024;
    std::string user_agent = "cannedd/" CANNEDD_VERSION;
    bool operator==(const transport_settings&) const = default;
};

} // namespace cannedd
