#include "policy/disposition.hpp"

#include <algorithm>
#include <array>

namespace cannedd {
namespace {

disposition act(action what, errc error) {
    return {what, error, milliseconds(0), false};
}

// What the token in use was refused: a person must see to it, and it stops all who share the token.
disposition stop_sharers(errc error, const try_history& history) {
    return act(history.agents_own ? action::hold : action::pause_account, error);
}

// Later, at no cost of attempts: the row is not to blame.
disposition defer(errc error, const try_history& history, const decision_limits& limits) {
    const auto delay = std::max<milliseconds>(backoff(limits.backoff, history.deferrals + 1, history.chance),
                                              history.told_to_wait);
    return {action::retry, error, delay, false};
}

// Later, when somebody has come: the customer waits for this row meanwhile, and look-ups of those who wait
// take but a share of the rate (look_share.hpp).
disposition wait_for_somebody(errc error, const try_history& history, const decision_limits& limits) {
    auto patient = limits;
    patient.backoff.max = std::clamp(waiting_max, patient.backoff.base, patient.backoff.max);
    return defer(error, history, patient);
}

// Later, as one attempt of so many.
disposition try_again(errc error, errc when_exhausted, const try_history& history,
                      const decision_limits& limits) {
    if (history.attempts >= limits.attempts_max) return {action::fail, when_exhausted, milliseconds(0), true};
    const auto delay = backoff(limits.backoff, history.attempts, history.chance);
    return {action::retry, error, delay, true};
}

// After a 500, which may be the fault of what is sent: those behind it in its lane must not wait for it.
disposition try_again_unless_500(errc error, const try_history& history, const decision_limits& limits) {
    if (history.answers_500 >= tries_of_500) return {action::fail, errc::server_error, milliseconds(0), true};
    return try_again(error, errc::attempts_exhausted, history, limits);
}

disposition decide_doubt(errc error, const try_history& history, const decision_limits& limits) {
    switch (limits.doubt) {
    case doubt_policy::verify: return act(action::verify, error);
    case doubt_policy::hold: return {action::unconfirmed, errc::unconfirmed, milliseconds(0), true};
    case doubt_policy::resend: break;
    }
    return try_again_unless_500(error, history, limits);
}

} // namespace

std::string_view name_of(action what) noexcept {
    constexpr std::array<std::string_view, 11> names{
        "record_sent", "retry",       "fail",          "fail_lane", "hold",       "hold_lane",
        "look_again",  "renew_token", "pause_account", "verify",    "unconfirmed"};
    return names.at(static_cast<std::size_t>(what));
}

disposition decide(outcome what, errc error, const try_history& history, const decision_limits& limits) {
    switch (what) {
    case outcome::accepted: return act(action::record_sent, error);
    case outcome::refused: return {action::fail, error, milliseconds(0), true};
    case outcome::stale: return act(action::look_again, error);
    case outcome::throttled: return act(action::retry, error); // the limiter knows until when
    case outcome::unavailable: return defer(error, history, limits);
    case outcome::unauthorized:
        return history.token_renewed ? stop_sharers(error, history) : act(action::renew_token, error);
    case outcome::account_fault: return stop_sharers(error, history);
    case outcome::barred:
        if (history.agents_own || history.barred_often) return stop_sharers(error, history);
        return act(action::hold_lane, error);
    case outcome::indeterminate: return decide_doubt(error, history, limits);
    case outcome::not_sent: break;
    }
    return {action::fail, error, milliseconds(0), true};
}

disposition decide_stale(errc error, const try_history& history, const decision_limits& limits) {
    if (error == errc::conflict && history.answers_409 < tries_of_conflict)
        return try_again(error, error, history, limits);
    return {action::fail, error, milliseconds(0), true};
}

disposition decide_setback(errc reason, const try_history& history, const decision_limits& limits) {
    switch (reason) {
    case errc::conversation_ended:
        return history.waits_for_ended ? defer(reason, history, limits) : act(action::fail_lane, reason);
    case errc::no_active_conversation: return try_again(reason, reason, history, limits);
    case errc::bot_in_conversation:
    case errc::agent_not_connected: return wait_for_somebody(reason, history, limits);
    case errc::unknown_account:
    case errc::not_a_user: return act(action::hold, reason); // this row's agent has no token; others have
    case errc::forbidden:
    case errc::invalid_client:
    case errc::unauthorized: return stop_sharers(reason, history);
    default: return act(action::fail, reason);
    }
}

disposition decide_absent(errc error, const try_history& history, const decision_limits& limits) {
    if (history.breaker_open) return defer(error, history, limits);
    return try_again_unless_500(error, history, limits);
}

} // namespace cannedd
