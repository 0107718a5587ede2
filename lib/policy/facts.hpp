// What is known of one HTTP request after it ended, well or badly: facts, no judgement. The net room fills
// the transport's part, the genesys room what the reply said; classify() (outcome.hpp) judges.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cannedd {

// How far the request got. Only not_connected and not_written prove that the server has not seen it.
enum class phase : std::uint8_t { not_connected, not_written, written, replied };

enum class transport_fault : std::uint8_t {
    none,
    dns,
    connect,
    tls,
    timeout,
    connection_lost,
    bad_reply,
    too_large
};

// What the API's own code adds to an HTTP status; who knows how the codes are spelt translates them.
enum class api_word : std::uint8_t {
    none,
    not_a_user,           // the call wants a user's token
    wrong_state,          // whom we addressed is in no state to be spoken through
    conversation_unknown, // there is no such conversation
    permission_missing,   // the client lacks it for every conversation
    conversation_refused, // a division's or this one conversation's refusal
};

std::string_view name_of(phase p) noexcept;
std::string_view name_of(transport_fault fault) noexcept;

struct request_facts {
    phase reached = phase::not_connected;
    transport_fault fault = transport_fault::none;
    int http_status = 0;      // 0: no reply
    bool reply_whole = false; // the reply was read to its end and, where one is due, its body was understood
    api_word word = api_word::none;
    std::string api_code;      // as the API wrote it, for people; empty if there is none
    bool not_the_apis = false; // a 4xx without an error body of Genesys': an edge's, a firewall's, a proxy's
    int login_status = 0;      // what the token service answered when there was no token; 0: nothing
    bool agents_own = false;   // with the token of one agent: what is refused to it concerns no other
    std::string detail; // a sentence for the operator: ErrorBody.message or the system's error text; scrubbed
    std::string correlation_id;                      // ININ-Correlation-Id, empty if there is none
    std::optional<std::chrono::seconds> retry_after; // Retry-After, else the message's "[N] seconds"
};

// What the API told about everybody's use of the token (inin-ratelimit-*). Absent: not told.
struct rate_headers {
    std::optional<int> allowed;                // inin-ratelimit-allowed: requests per window
    std::optional<int> count;                  // inin-ratelimit-count: used in this window
    std::optional<std::chrono::seconds> reset; // inin-ratelimit-reset: to the end of the window
};

// What has been learned of the window that the API counts in.
struct server_window {
    std::chrono::milliseconds length{0}; // 0: nothing has been learned
    bool slides = false;                 // else it starts again from nothing
    bool operator==(const server_window&) const = default;
};

} // namespace cannedd
