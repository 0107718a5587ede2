#include "policy/circuit_breaker.hpp"

#include <algorithm>
#include <array>

namespace cannedd {

std::string_view name_of(breaker_state state) noexcept {
    constexpr std::array<std::string_view, 3> names{"closed", "open", "half_open"};
    return names.at(static_cast<std::size_t>(state));
}

breaker_state circuit_breaker::state(steady_time now) const {
    if (!open_) return breaker_state::closed;
    return now < until_ ? breaker_state::open : breaker_state::half_open;
}

bool circuit_breaker::admits(steady_time now) const {
    switch (state(now)) {
    case breaker_state::closed: return true;
    case breaker_state::open: return false;
    case breaker_state::half_open: return !probing_;
    }
    return false;
}

void circuit_breaker::admitted(steady_time now) {
    probing_ = state(now) == breaker_state::half_open;
    if (probing_) probe_began_ = now;
}

void circuit_breaker::succeeded() {
    open_ = false;
    probing_ = false;
    failures_ = 0;
    cool_off_ = settings_.cool_off;
}

void circuit_breaker::failed(steady_time began, steady_time now) {
    ++failures_;
    if (!open_) {
        if (failures_ < settings_.failures) return;
    } else {
        if (!probing_ || began < probe_began_) return; // left before the breaker opened: it says nothing new
        cool_off_ = std::min(cool_off_ * 2, settings_.cool_off_max);
    }
    open_ = true;
    probing_ = false;
    until_ = now + cool_off_;
}

void circuit_breaker::abandoned(steady_time began) {
    if (began >= probe_began_) probing_ = false;
}

void circuit_breaker::restore(breaker_state state, int failures, milliseconds cool_off, steady_time until) {
    open_ = state != breaker_state::closed;
    probing_ = false;
    failures_ = failures;
    cool_off_ =
        std::clamp(cool_off, settings_.cool_off, std::max(settings_.cool_off, settings_.cool_off_max));
    until_ = until;
}

void circuit_breaker::change(const breaker_settings& settings) {
    settings_ = settings;
    if (!open_) cool_off_ = settings.cool_off;
}

} // namespace cannedd
