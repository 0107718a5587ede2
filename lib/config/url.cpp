#include "config/url.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <arpa/inet.h>

namespace cannedd {
namespace {

bool is_host_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_';
}

bool is_ipv6(const std::string& text) {
    in6_addr address{};
    return inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

std::optional<int> parse_port(std::string_view text) {
    int port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port < 0 || port > 65535)
        return std::nullopt;
    return port;
}

// `host` or `[IPv6]` from the front of `text`, which keeps the rest.
std::optional<std::string> take_host(std::string_view& text) {
    std::string host;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        host = text.substr(1, end - 1);
        text.remove_prefix(end + 1);
        if (!is_ipv6(host)) return std::nullopt;
        return host;
    }
    const auto end = std::find_if_not(text.begin(), text.end(), is_host_character);
    host.assign(text.begin(), end);
    text.remove_prefix(host.size());
    if (host.empty()) return std::nullopt;
    for (char& c : host)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return host;
}

} // namespace

std::string url_origin::text() const {
    std::string result = scheme + "://";
    result += host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port != 0) result += ":" + std::to_string(port);
    return result;
}

std::optional<url_origin> configured_origin(std::string_view text) {
    const auto colon = text.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    url_origin result;
    result.scheme = text.substr(0, colon);
    if (result.scheme != "http" && result.scheme != "https") return std::nullopt;
    text.remove_prefix(colon + 3);
    auto host = take_host(text);
    if (!host) return std::nullopt;
    result.host = std::move(*host);
    if (text.ends_with('/')) text.remove_suffix(1);
    if (text.empty()) return result;
    if (!text.starts_with(':')) return std::nullopt;
    const auto port = parse_port(text.substr(1));
    if (!port || *port == 0) return std::nullopt;
    result.port = *port;
    return result;
}

std::optional<host_port> parse_host_port(std::string_view text) {
    host_port result;
    auto host = take_host(text);
    if (!host || !text.starts_with(':')) return std::nullopt;
    const auto port = parse_port(text.substr(1));
    if (!port) return std::nullopt;
    result.host = std::move(*host);
    result.port = *port;
    return result;
}

bool is_address(std::string_view host) {
    const std::string text(host);
    in_addr v4{};
    return inet_pton(AF_INET, text.c_str(), &v4) == 1 || is_ipv6(text);
}

bool is_loopback(std::string_view host) {
    const std::string name(host);
    if (name == "localhost") return true;
    in_addr v4{};
    if (inet_pton(AF_INET, name.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
    in6_addr v6{};
    return inet_pton(AF_INET6, name.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

} // namespace cannedd
