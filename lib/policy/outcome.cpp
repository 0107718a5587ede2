#include "policy/outcome.hpp"

#include <array>

namespace cannedd {
namespace {

bool is_success(int status) {
    return status >= 200 && status < 300;
}

// From 440 on they are edges' own (444, 460, 494 to 499): none is in the API's definition.
constexpr int edges_own_min = 440, edges_own_max = 499;

// "Slow down" means the same whoever says it.
bool is_nobodys_verdict(const request_facts& facts) {
    const int status = facts.http_status;
    return (facts.not_the_apis && status != 429) || (status >= edges_own_min && status <= edges_own_max);
}

outcome classify_status(const request_facts& facts, request_kind kind, bool cached) {
    const auto in_doubt = kind == request_kind::send ? outcome::indeterminate : outcome::unavailable;
    if (is_nobodys_verdict(facts)) return in_doubt;
    switch (facts.http_status) {
    case 400:
        if (facts.word == api_word::not_a_user) return outcome::account_fault;
        return cached || facts.word == api_word::wrong_state ? outcome::stale : outcome::refused;
    case 401: return outcome::unauthorized;
    case 403: return facts.word == api_word::permission_missing ? outcome::account_fault : outcome::barred;
    case 404:
    case 409:
    case 410: return outcome::stale;
    case 408: return in_doubt;
    case 429: return outcome::throttled;
    default: break;
    }
    const bool refused = facts.http_status >= 400 && facts.http_status < 500;
    return refused ? outcome::refused : in_doubt; // 5xx, and what a 1xx or 3xx should mean here nobody knows
}

errc error_of_status(const request_facts& facts) {
    if (is_nobodys_verdict(facts)) return errc::unavailable;
    switch (facts.http_status) {
    case 400: return facts.word == api_word::not_a_user ? errc::not_a_user : errc::bad_request;
    case 401: return errc::unauthorized;
    case 403: return errc::forbidden;
    case 404:
    case 410:
        return facts.word == api_word::conversation_unknown ? errc::conversation_not_found : errc::not_found;
    case 408: return errc::timeout;
    case 409: return errc::conflict;
    case 413: return errc::too_large;
    case 429: return errc::throttled;
    case 503:
    case 504: return errc::unavailable;
    default: break;
    }
    if (facts.http_status >= 500) return errc::server_error;
    return facts.http_status >= 400 ? errc::bad_request : errc::bad_reply;
}

} // namespace

std::string_view name_of(outcome what) noexcept {
    constexpr std::array<std::string_view, outcome_count> names{
        "accepted",     "refused",       "stale",         "throttled", "unavailable",
        "unauthorized", "account_fault", "indeterminate", "not_sent",  "barred"};
    return names.at(static_cast<std::size_t>(what));
}

outcome classify(const request_facts& facts, request_kind kind, bool cached) noexcept {
    const bool may_have_arrived = facts.reached == phase::written || facts.reached == phase::replied;
    if (!may_have_arrived) return outcome::unavailable;
    // The head of an error answer decides even when its body broke off; a success must be whole.
    if (facts.http_status != 0 && !is_success(facts.http_status)) return classify_status(facts, kind, cached);
    if (is_success(facts.http_status) && facts.reply_whole && facts.fault == transport_fault::none)
        return outcome::accepted;
    return kind == request_kind::send ? outcome::indeterminate : outcome::unavailable;
}

errc error_of(const request_facts& facts) noexcept {
    if (facts.http_status != 0 && !is_success(facts.http_status)) return error_of_status(facts);
    if (facts.login_status != 0) {
        if (is_success(facts.login_status)) return errc::bad_reply;
        return facts.login_status == 429 ? errc::throttled : errc::unavailable;
    }
    switch (facts.fault) {
    case transport_fault::dns: return errc::dns;
    case transport_fault::connect: return errc::connect;
    case transport_fault::tls: return errc::tls;
    case transport_fault::timeout: return errc::timeout;
    case transport_fault::connection_lost: return errc::connection_lost;
    case transport_fault::bad_reply:
    case transport_fault::too_large:
    case transport_fault::none: break;
    }
    return errc::bad_reply;
}

bool is_outage(const request_facts& facts) noexcept {
    if (facts.http_status == 0) return true;
    return facts.http_status == 408 || facts.http_status >= 500 || is_nobodys_verdict(facts);
}

bool is_unread_success(const request_facts& facts) noexcept {
    return is_success(facts.http_status) && facts.fault == transport_fault::none;
}

} // namespace cannedd
