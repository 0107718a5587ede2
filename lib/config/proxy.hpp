// Which HTTP CONNECT proxy leads to a host: the account's `proxy`, else HTTPS_PROXY unless NO_PROXY names the
// host.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cannedd {

struct url_origin;

// `http://host:port`, as the transport wants it. From the environment the scheme may be missing. Nothing:
// unusable.
std::optional<std::string> proxy_url(std::string_view text);
std::optional<std::string> environment_proxy_url(std::string_view text);

// Whether a list like `localhost, .example.com, 10.0.0.7, host:8443, *` names the origin. A name stands for
// itself and everything below it, with or without its leading dot.
bool bypasses_proxy(std::string_view no_proxy, const url_origin& to);

} // namespace cannedd
