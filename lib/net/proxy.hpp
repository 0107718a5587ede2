// What is said to an HTTP proxy and what its answer means (RFC 9110, CONNECT). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cannedd {

constexpr std::size_t proxy_reply_bytes_max = 16 * 1024;

// Asks for a tunnel to the authority (host:port). credentials: user:password, empty: none (RFC 7617).
std::string tunnel_request(const std::string& authority, const std::string& user_agent,
                           const std::string& credentials);

// `reply` ends with the empty line after the proxy's head, or is what came before the proxy stopped talking.
// Nothing: the tunnel is open. Else a sentence that says why not, and what to do.
std::optional<std::string> tunnel_refusal(std::string_view reply, const std::string& proxy,
                                          const std::string& authority);

} // namespace cannedd
