#include "error/errc.hpp"

#include <algorithm>
#include <array>

namespace cannedd {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 38> names{
    "missing_text",
    "unknown_response",
    "missing_variable",
    "bad_variables",
    "text_too_long",
    "unknown_account",
    "no_active_conversation",
    "ambiguous_conversation",
    "conversation_not_found",
    "conversation_ended",
    "agent_not_in_conversation",
    "agent_not_connected",
    "customer_not_found",
    "not_a_user",
    "forbidden",
    "unauthorized",
    "invalid_client",
    "bad_text",
    "bad_request",
    "not_found",
    "conflict",
    "too_large",
    "throttled",
    "server_error",
    "unavailable",
    "timeout",
    "dns",
    "connect",
    "tls",
    "connection_lost",
    "bad_reply",
    "attempts_exhausted",
    "unconfirmed",
    "bot_in_conversation",
    "outside_window",
    "not_text",
    "no_contact",
    "sent_elsewhere",
};
static_assert(names.size() == static_cast<std::size_t>(errc::sent_elsewhere) + 1);

} // namespace

std::string_view name_of(errc code) noexcept {
    return names.at(static_cast<std::size_t>(code));
}

std::optional<errc> errc_named(std::string_view name) noexcept {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<errc>(found - names.begin());
}

} // namespace cannedd
