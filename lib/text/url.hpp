// The URLs that the configuration names: the origin of an API or a token service, a proxy, an address to
// listen on. One parser for the check and for the start, so that what the one accepts the other does too.
// What is odd is refused with a sentence that says what to write, instead of being guessed at; it completes
// "api_url ...". No sentence repeats a user name, a password or anything of a URL that holds them. Pure.
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cannedd {

struct url_fault {
    std::string sentence;
};

// What could not be checked before (a test, another program's settings) ends the start.
[[noreturn]] inline void throw_exception_from_error(const url_fault& why, const boost::source_location&) {
    throw std::runtime_error("the URL " + why.sentence);
}

template<typename T>
using url_result = boost::system::result<T, url_fault>;

struct origin {
    bool tls = true;
    bool loopback = false; // localhost, 127.0.0.0/8, ::1
    std::string host;      // lower case; a name, or an address without brackets
    std::uint16_t port = 0;

    std::string authority() const;   // host:port, as CONNECT and people name it
    std::string host_header() const; // the same, without the scheme's own port
    std::string url() const;         // scheme://host[:port]
};

struct http_proxy {
    origin at;
    std::string credentials; // user:password, decoded; empty: none. Not to be logged
};

// https://host[:port][/], or http:// to loopback.
url_result<origin> parse_origin(std::string_view url);

// http://[user[:password]@]host:port[/]; what a URL cannot hold as it is stands there as %XX.
url_result<http_proxy> parse_proxy(std::string_view url);

struct host_port {
    std::string host; // as in origin
    std::uint16_t port = 0;
    bool is_address = false; // else a name
};

// `host:port` or `[IPv6]:port`, port 0..65535. Nothing: not of that form.
std::optional<host_port> parse_host_port(std::string_view text);

} // namespace cannedd
