// A request as the bytes of HTTP/1.1. Pure. A method, target or header that could end its own line is
// refused, so that no stored value or token can forge a header or a second request.
#pragma once

#include "net/http_message.hpp"

#include <optional>
#include <string>

namespace cannedd {

// Nothing: the method, the target or a header holds a character that must not stand there.
std::optional<std::string> request_text(const http_request& request, const std::string& host_header,
                                        const std::string& user_agent);

} // namespace cannedd
