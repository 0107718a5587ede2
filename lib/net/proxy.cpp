#include "net/proxy.hpp"

#include "text/encoding.hpp"

#include <charconv>

namespace cannedd {
namespace {

// The status of `HTTP/1.x NNN ...`, or 0.
int status_of(std::string_view reply) {
    constexpr std::size_t status_at = 9;
    if (!reply.starts_with("HTTP/1.") || reply.size() < status_at + 4 || reply[status_at - 1] != ' ')
        return 0;
    int status = 0;
    const auto* begin = reply.data() + status_at;
    const auto [end, error] = std::from_chars(begin, begin + 3, status);
    if (error != std::errc{} || end != begin + 3 || (*end != ' ' && *end != '\r')) return 0;
    return status;
}

} // namespace

std::string tunnel_request(const std::string& authority, const std::string& user_agent,
                           const std::string& credentials) {
    std::string text = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
    if (!user_agent.empty()) text += "User-Agent: " + user_agent + "\r\n";
    if (!credentials.empty()) text += "Proxy-Authorization: Basic " + to_base64(credentials) + "\r\n";
    return text + "\r\n";
}

std::optional<std::string> tunnel_refusal(std::string_view reply, const std::string& proxy,
                                          const std::string& authority) {
    const auto status = status_of(reply);
    if (status == 0) return "the proxy " + proxy + " did not answer in HTTP: is it an HTTP proxy?";
    if (status >= 200 && status < 300) {
        if (reply.find("\r\n\r\n") + 4 == reply.size()) return std::nullopt;
        return "the proxy " + proxy + " sent something of its own into the tunnel to " + authority;
    }
    const auto code = std::to_string(status);
    if (status == 407)
        return "the proxy " + proxy +
               " asks for a user name and password (407): write them into its URL, "
               "http://user:password@host:port, or "
               "mend those that stand there";
    if (status == 403)
        return "the proxy " + proxy + " forbids connections to " + authority +
               " (403): allow them in the proxy";
    return "the proxy " + proxy + " could not connect to " + authority + " (" + code + ")";
}

} // namespace cannedd
