// From one HTTP exchange to facts. Pure. An answer is understood as far as it can be: its body may be an
// ErrorBody, an edge's HTML, or missing; the HTTP status is what counts.
#pragma once

#include "net/http_message.hpp"
#include "oauth/scrubber.hpp"
#include "policy/facts.hpp"
#include "text/json_answer.hpp"
#include "time/instant.hpp"

#include <optional>

namespace cannedd {

// What a good answer must bring to count as whole.
enum class due_body : std::uint8_t {
    object,          // 200 and a JSON object
    json_or_nothing, // any 2xx, empty or JSON: gateways answer a send by 201 and 204, too
    token,           // 200 and a JSON object; its errors are OAuth's
};

// body: the reply's, parsed. now: when the answer came, for a Retry-After that is a date where the answer has
// no Date itself.
request_facts facts_of(const http_exchange& exchange, const json_answer& body, due_body due,
                       const scrubber& hidden, wall_time now);

rate_headers rate_headers_of(const http_reply& reply);

// The server's clock when it answered, to the second; nothing: there is no Date header that can be read.
std::optional<wall_time> date_of(const http_reply& reply);

} // namespace cannedd
