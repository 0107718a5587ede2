// What one request came to, judged by its facts alone: the table of api-facts. Pure.
// "Don't know" is an outcome: a send whose request began to leave and was not answered for certain is
// indeterminate.
#pragma once

#include "error/errc.hpp"
#include "policy/facts.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cannedd {

enum class outcome : std::uint8_t {
    accepted,      // 2xx, read to its end
    refused,       // permanent for this message: 400, 413, 415 and other 4xx
    stale,         // 404, 409, 410, and 400 that speaks of a state: whom we addressed may have changed
    throttled,     // 429
    unavailable,   // certainly not processed, or harmless to ask again: try later
    unauthorized,  // 401
    account_fault, // not.a.user, 403 for want of a permission: the same for every message of the account
    indeterminate, // may have been processed
    not_sent,      // ended before its request: the look-ups gave a reason
    barred,        // another 403: this conversation is closed to us (division, owner)
};
inline constexpr std::size_t outcome_count = static_cast<std::size_t>(outcome::barred) + 1;

std::string_view name_of(outcome what) noexcept;

// A look-up changes nothing at the server: unanswered, it is merely unavailable. A send is not.
enum class request_kind : std::uint8_t { look_up, send };

// `cached`: the addressee came from a cache, so that a plain 400, too, may only mean that it is out of date.
outcome classify(const request_facts& facts, request_kind kind, bool cached = false) noexcept;

// The error code (errc.hpp) of a request that was not accepted.
errc error_of(const request_facts& facts) noexcept;

// Whether the answer says that the API or the way to it is down (for the breaker): no answer, 408 or 5xx.
bool is_outage(const request_facts& facts) noexcept;

// A success that arrived and of which nobody could make anything, once it is known that it was not
// understood.
bool is_unread_success(const request_facts& facts) noexcept;

} // namespace cannedd
