#include "text/url.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>

namespace cannedd {
namespace {

namespace urls = boost::urls;

constexpr std::size_t host_bytes_max = 253; // RFC 1035

std::string_view plain(urls::string_view text) {
    return {text.data(), text.size()};
}

std::optional<std::uint16_t> port_in(std::string_view digits) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return port;
}

bool is_host_name(std::string_view host) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '.' || c == '_';
    };
    return !host.empty() && host.size() <= host_bytes_max && host.front() != '.' && host.front() != '-' &&
           std::all_of(host.begin(), host.end(), allowed);
}

// A name in lower case, or an address as it is usually written. Nothing: neither.
std::optional<std::string> host_of(const urls::authority_view& authority) {
    switch (authority.host_type()) {
    case urls::host_type::ipv4: return authority.host_ipv4_address().to_string();
    case urls::host_type::ipv6: return authority.host_ipv6_address().to_string();
    case urls::host_type::name: break;
    default: return std::nullopt;
    }
    std::string name(plain(authority.encoded_host_name()));
    if (!is_host_name(name)) return std::nullopt;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return name;
}

bool is_loopback(const urls::authority_view& authority, const std::string& host) {
    switch (authority.host_type()) {
    case urls::host_type::ipv4: return authority.host_ipv4_address().is_loopback();
    case urls::host_type::ipv6: return authority.host_ipv6_address().is_loopback();
    default: return host == "localhost";
    }
}

// The part that origins and proxies share; `form` says how the whole should look.
url_result<origin> place_of(const urls::url_view& url, const std::string& form) {
    origin place;
    place.tls = url.scheme_id() == urls::scheme::https;
    const auto authority = url.authority();
    const auto host = host_of(authority);
    if (!host) return url_fault{form + "; the host is a name or an address (IPv6 in brackets)"};
    place.host = *host;
    place.loopback = is_loopback(authority, *host);
    place.port = place.tls ? 443 : 80;
    if (!url.has_port()) return place;
    const auto port = port_in(plain(url.port()));
    if (!port || *port == 0) return url_fault{form + "; the port is a number from 1 to 65535"};
    place.port = *port;
    return place;
}

bool is_bare(const urls::url_view& url) {
    const auto path = plain(url.encoded_path());
    return (path.empty() || path == "/") && !url.has_query() && !url.has_fragment();
}

// One that begins no escape.
bool holds_bare_percent_sign(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdefABCDEF";
    for (auto at = text.find('%'); at != text.npos; at = text.find('%', at + 1))
        if (at + 2 >= text.size() || digits.find(text[at + 1]) == digits.npos ||
            digits.find(text[at + 2]) == digits.npos)
            return true;
    return false;
}

bool holds_control_characters(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; });
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

std::string origin::url() const {
    return (tls ? "https://" : "http://") + host_header();
}

url_result<origin> parse_origin(std::string_view text) {
    const std::string form = "must be https://host or https://host:port";
    const auto parsed = urls::parse_uri(urls::string_view(text.data(), text.size()));
    if (text.find('@') != text.npos && (!parsed || parsed->has_userinfo()))
        return url_fault{form + ", without the user name or password that stands before the @"};
    if (!parsed || !parsed->has_authority()) return url_fault{form};
    if (parsed->scheme_id() != urls::scheme::https && parsed->scheme_id() != urls::scheme::http)
        return url_fault{form};
    auto place = place_of(*parsed, form);
    if (!place) return place;
    if (!place->tls && !place->loopback)
        return url_fault{
            "must begin with https://: http:// is for loopback alone (127.0.0.1, ::1, localhost), a "
            "token would travel in the clear"};
    if (!is_bare(*parsed)) return url_fault{"must be " + place->url() + " alone, without path or query"};
    return place;
}

url_result<http_proxy> parse_proxy(std::string_view text) {
    const std::string form = "must be http://host:port or http://user:password@host:port";
    const auto parsed = urls::parse_uri(urls::string_view(text.data(), text.size()));
    if (const auto at = text.rfind('@'); at != text.npos && holds_bare_percent_sign(text.substr(0, at)))
        return url_fault{form + "; a percent sign in the user or the password is written %25"};
    if (!parsed)
        return url_fault{form + " (in user and password %40 stands for @, %3A for :, %2F for /, %25 for %)"};
    if (parsed->scheme_id() == urls::scheme::https)
        return url_fault{form + ": what goes through the proxy is encrypted all the same"};
    if (parsed->scheme_id() != urls::scheme::http || !parsed->has_authority()) return url_fault{form};
    const auto place = place_of(*parsed, form);
    if (!place) return place.error();
    if (!parsed->has_port()) return url_fault{form + "; the port is missing"};
    if (!is_bare(*parsed)) return url_fault{form + ", without path or query"};
    http_proxy proxy;
    proxy.at = *place;
    if (!parsed->has_userinfo()) return proxy;
    const auto user = parsed->user();
    proxy.credentials = user + ":" + parsed->password();
    // RFC 7617, section 2: neither could be told apart, or sent.
    if (user.find(':') != user.npos) return url_fault{form + "; a user name holds no colon"};
    if (holds_control_characters(proxy.credentials))
        return url_fault{form + "; user and password hold no control characters"};
    return proxy;
}

std::optional<host_port> parse_host_port(std::string_view text) {
    const auto parsed = urls::parse_authority(urls::string_view(text.data(), text.size()));
    if (!parsed || parsed->has_userinfo() || !parsed->has_port()) return std::nullopt;
    const auto host = host_of(*parsed);
    const auto port = port_in(plain(parsed->port()));
    if (!host || !port) return std::nullopt;
    host_port place;
    place.host = *host;
    place.port = *port;
    place.is_address = parsed->host_type() != urls::host_type::name;
    return place;
}

} // namespace cannedd
