// An origin or a proxy as its URL names it. Strict: a scheme, a host, perhaps a port, and nothing else;
// whatever is odd is refused at start-up with a sentence instead of being guessed at later. A URL that holds
// a user name or a password is refused without being repeated.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cannedd {

struct origin {
    origin() = default;
    bool tls = true;
    std::string host; // a name, or an address without brackets
    std::uint16_t port = 0;

    std::string authority() const;   // host:port, as CONNECT and people name it
    std::string host_header() const; // the same, without the scheme's own port
};

// https://host[:port], or http:// to a loopback address. Throws std::runtime_error.
origin parse_origin(std::string_view url);

// http://host[:port]. Throws std::runtime_error.
origin parse_proxy(std::string_view url);

} // namespace cannedd
