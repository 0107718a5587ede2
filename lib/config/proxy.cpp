#include "config/proxy.hpp"

#include "text/trimmed.hpp"
#include "text/url.hpp"

#include <cctype>

namespace cannedd {
namespace {

bool names(std::string_view pattern, const origin& to) {
    if (pattern == "*") return true;
    if (const auto exact = parse_host_port(pattern)) {
        return exact->host == to.host && exact->port == to.port;
    }
    std::string name;
    for (const char c : pattern)
        name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (name.starts_with("*.")) name.erase(0, 1);
    if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
    if (name.starts_with('.')) name.erase(0, 1);
    return !name.empty() && (to.host == name || to.host.ends_with("." + name));
}

} // namespace

std::string environment_proxy_url(std::string_view text) {
    return (text.find("://") == std::string_view::npos ? "http://" : "") + std::string(text);
}

bool bypasses_proxy(std::string_view no_proxy, const origin& to) {
    while (!no_proxy.empty()) {
        const auto comma = no_proxy.find(',');
        if (names(trimmed(no_proxy.substr(0, comma), " \t"), to)) return true;
        if (comma == std::string_view::npos) break;
        no_proxy.remove_prefix(comma + 1);
    }
    return false;
}

} // namespace cannedd
