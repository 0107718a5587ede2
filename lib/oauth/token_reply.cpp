#include "oauth/token_reply.hpp"

#include "text/json_reading.hpp"

#include <algorithm>

namespace cannedd {

std::optional<token_reply> read_token_reply(const json_answer& body) {
    const auto* in = object_of(body);
    if (in == nullptr) return std::nullopt;
    token_reply reply;
    reply.access = secret(text_in(*in, "access_token"));
    reply.refresh = secret(text_in(*in, "refresh_token"));
    // 300 s is the shortest lifetime that can be configured at Genesys.
    reply.lifetime =
        seconds(std::clamp<std::int64_t>(number_in(*in, "expires_in").value_or(300), 1, 172'800));
    if (reply.access.empty()) return std::nullopt;
    return reply;
}

} // namespace cannedd
