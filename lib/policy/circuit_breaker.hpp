// Stops sending to an API or network that is down, so that an outage costs no message its attempts.
// closed -> open after `failures` consecutive failures; open -> half_open after cool_off, when one probe may
// pass; its success closes, its failure opens again with cool_off doubled, 1 minute at most. Pure: time is an
// argument.
#pragma once

#include "time/instant.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace cannedd {

struct breaker_settings {
    int failures = 10;                               // 1..
    milliseconds cool_off = std::chrono::seconds(5); // the first
    milliseconds cool_off_max = std::chrono::minutes(1);
    bool operator==(const breaker_settings&) const = default;
};

enum class breaker_state : std::uint8_t { closed, open, half_open };
std::string_view name_of(breaker_state state) noexcept;

class circuit_breaker {
public:
    explicit circuit_breaker(const breaker_settings& settings)
        : settings_(settings), cool_off_(settings.cool_off) {}

    breaker_state state(steady_time now) const; // open whose cool_off has passed reads as half_open
    // Whether a request may leave now. Half open: only while no probe is out.
    bool admits(steady_time now) const;
    void admitted(steady_time now); // after admits() said yes
    void succeeded();               // also when it left before the breaker opened: the API answers
    // began: when the request left. What left before the breaker opened says nothing about the probe.
    void failed(steady_time began, steady_time now);
    // The request ended without telling anything about the API's health (given up, throttled): frees the
    // probe, if it was the probe.
    void abandoned(steady_time began);
    // An operator says that it is mended: one request may find out now.
    void probe_at_once(steady_time now) { until_ = std::min(until_, now); }

    steady_time opens_again_at() const { return until_; } // meaningful while open
    int consecutive_failures() const { return failures_; }
    milliseconds cool_off() const { return cool_off_; }
    void restore(breaker_state state, int failures, milliseconds cool_off, steady_time until);
    void change(const breaker_settings& settings);

private:
    breaker_settings settings_;
    bool open_ = false;
    bool probing_ = false;
    steady_time probe_began_{}; // while probing_
    int failures_ = 0;
    milliseconds cool_off_;
    steady_time until_{};
};

} // namespace cannedd
