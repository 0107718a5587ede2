// The URLs of the configuration: an origin, no more. No user, path, query or fragment.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cannedd {

struct url_origin {
    std::string scheme; // http, https
    std::string host;   // lower case; IPv6 without its brackets
    int port = 0;       // 0: not given
    std::string text() const;
};

struct host_port {
    std::string host; // IPv6 without its brackets
    int port = 0;
};

// `scheme://host[:port][/]`. Nothing: not of that form.
std::optional<url_origin> configured_origin(std::string_view text);

// `host:port`, `[IPv6]:port`, port 0..65535.
std::optional<host_port> parse_host_port(std::string_view text);

// localhost, 127.0.0.0/8, ::1.
// IPv4, or IPv6 without brackets.
bool is_address(std::string_view host);

bool is_loopback(std::string_view host);

} // namespace cannedd
