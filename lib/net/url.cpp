#include "net/url.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace cannedd {
namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t host_bytes_max = 253; // RFC 1035

[[noreturn]] void refuse(std::string_view url, std::string_view why) {
    throw std::runtime_error("URL '" + std::string(url) + "': " + std::string(why));
}

bool is_host_name(std::string_view host) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '.' || c == '_';
    };
    return !host.empty() && host.size() <= host_bytes_max && host.front() != '.' && host.front() != '-' &&
           std::all_of(host.begin(), host.end(), allowed);
}

std::uint16_t parse_port(std::string_view url, std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0)
        refuse(url, "the port must be a number from 1 to 65535");
    return port;
}

// Splits host and port; an IPv6 address stands in brackets.
void parse_authority(std::string_view url, std::string_view text, origin& parsed) {
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == text.npos) refuse(url, "the bracket of the IPv6 address is not closed");
        parsed.host = text.substr(1, end - 1);
        boost::system::error_code error;
        ip::make_address_v6(parsed.host, error);
        if (error) refuse(url, "the brackets must hold an IPv6 address");
        rest = text.substr(end + 1);
    } else {
        const auto end = std::min(text.find(':'), text.size());
        parsed.host = text.substr(0, end);
        if (!is_host_name(parsed.host))
            refuse(url, "the host must be a name or an address (IPv6 in brackets)");
        rest = text.substr(end);
    }
    if (rest.empty()) return;
    if (!rest.starts_with(':')) refuse(url, "nothing but a port may follow the host");
    parsed.port = parse_port(url, rest.substr(1));
}

origin parse(std::string_view url) {
    if (url.find('@') != url.npos)
        throw std::runtime_error("a URL holds a user name or a password ('@'): leave it out");
    origin parsed;
    std::string_view rest = url;
    if (rest.starts_with("https://")) {
        parsed.port = 443;
        rest.remove_prefix(8);
    } else if (rest.starts_with("http://")) {
        parsed.tls = false;
        parsed.port = 80;
        rest.remove_prefix(7);
    } else {
        refuse(url, "it must begin with https://");
    }
    if (rest.ends_with('/')) rest.remove_suffix(1);
    parse_authority(url, rest, parsed);
    return parsed;
}

bool is_loopback(const std::string& host) {
    boost::system::error_code error;
    const auto address = ip::make_address(host, error);
    return host == "localhost" || (!error && address.is_loopback());
}

std::string bracketed(const std::string& host) {
    return host.find(':') == host.npos ? host : "[" + host + "]";
}

} // namespace

std::string origin::authority() const {
    return bracketed(host) + ":" + std::to_string(port);
}

std::string origin::host_header() const {
    return port == (tls ? 443 : 80) ? bracketed(host) : authority();
}

origin parse_origin(std::string_view url) {
    auto parsed = parse(url);
    if (!parsed.tls && !is_loopback(parsed.host))
        refuse(
            url,
            "http:// goes to a loopback address only; use https://, or the token could be read on the way");
    return parsed;
}

origin parse_proxy(std::string_view url) {
    auto parsed = parse(url);
    if (parsed.tls)
        refuse(url, "a proxy is spoken to by http://; the connection through it is encrypted all the same");
    return parsed;
}

} // namespace cannedd
