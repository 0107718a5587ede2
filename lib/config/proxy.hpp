// Which HTTP CONNECT proxy leads to a host: the account's `proxy`, else HTTPS_PROXY unless NO_PROXY names the
// host.
#pragma once

#include <string>
#include <string_view>

namespace cannedd {

struct origin;

// The environment's proxy as a URL: its scheme may be missing there.
std::string environment_proxy_url(std::string_view text);

// Whether a list like `localhost, .example.com, 10.0.0.7, host:8443, *` names the origin. A name stands for
// itself and everything below it, with or without its leading dot.
bool bypasses_proxy(std::string_view no_proxy, const origin& to);

} // namespace cannedd
