// An account's gate: every request to its API passes here, first come first served. Behind it are the
// limiter, the circuit breaker and the pause; their state rides along with the recorder's commits. What a
// crash may forget is bounded: the file always holds a lease, the number of requests that may have left since
// it was written; when that many have, the next one waits for a commit. So a restart knows an upper bound of
// what the server saw.
#pragma once

#include "delivery/observer.hpp"
#include "delivery/recorder.hpp"
#include "genesys/request_gate.hpp"
#include "log/logger.hpp"
#include "policy/circuit_breaker.hpp"
#include "policy/rate_limiter.hpp"
#include "time/time_source.hpp"

#include <deque>
#include <functional>
#include <map>
#include <string>

namespace cannedd {

class account_gate final : public request_gate, public commit_rider {
public:
    account_gate(std::string account, const rate_settings& rate, const breaker_settings& breaker,
                 recorder& recorder, time_source& time, logger& log, delivery_observer& observer);

    // --- request_gate
    asio::awaitable<admission> admit(std::string_view operation) override;
    void answered(std::string_view operation, const request_facts& facts, const rate_headers& seen,
                  steady_duration took) override;
    void token_requested(const request_facts& facts) override { observer_.token_requested(account_, facts); }
    void login_throttled(const request_facts& facts) override;
    // The admitted request will not be made.
    void give_back();

    // --- commit_rider
    std::optional<account_memory> on_board() override;
    void landed() override;

    // Whether a new message may be begun now, and if not, when to look again (max: when something happens).
    bool open(steady_time now) const;
    steady_time opens(steady_time now) const;
    // How many messages may be begun, while it is open: at least one.
    std::size_t room(steady_time now) const;
    void restore(const account_row& row);
    void change(const rate_settings& rate, const breaker_settings& breaker);

    bool paused() const { return paused_; }
    void pause(const std::string& reason); // by us: written with the next commit
    void set_paused(bool paused);          // by the operator: read from the file
    void start_draining();
    bool breaker_open() const;
    // How long look-ups that were refused as `throttled` had better stay away; 0: none is.
    milliseconds operation_rest() const;

    double balance() const;
    bool blocked() const;      // by the rate, ours or the server's
    bool told_to_wait() const; // by the server
    int failures_in_a_row() const { return breaker_.consecutive_failures(); }
    // Rung whenever something changed that may open the gate.
    void on_change(std::function<void()> notify) { notify_ = std::move(notify); }

private:
    struct waiter;

    std::optional<admission> refusal(steady_time now) const;
    bool lease_spent() const { return granted_ - granted_when_saved_ >= lease_; }
    void grant(steady_time now);
    void judge(std::string_view operation, const request_facts& facts, const rate_headers& seen,
               steady_time began, steady_time now);
    void throttled(std::string_view operation, const request_facts& facts, const rate_headers& seen,
                   steady_time now);
    bool is_throttled(std::string_view operation, steady_time now) const;
    void restore_window(const account_memory& memory, milliseconds left, steady_time now);
    void wake_first();
    bool is_ordinary(const request_facts& facts, steady_time now) const;
    void changed(); // more than a count: written with the next commit
    void told();
    // Steady time in ms, and the end of the slice of 100 ms that it lies in: answers are never counted too
    // early.
    static std::int64_t to_ms(steady_time t) {
        return std::chrono::floor<milliseconds>(t.time_since_epoch()).count();
    }
    static std::int64_t slice_end(steady_time t) { return (to_ms(t) / slice_ms + 1) * slice_ms; }
    static constexpr std::int64_t slice_ms = 100;

    std::string account_;
    int lease_; // requests that may leave between two saves, 1..64
    recorder& recorder_;
    time_source& time_;
    logger& log_;
    delivery_observer& observer_;
    rate_limiter limiter_;
    circuit_breaker breaker_;
    breaker_state reported_ = breaker_state::closed;
    std::deque<waiter*> queue_;
    std::map<std::int64_t, int> answers_; // steady ms (rounded up to 100) -> answers, of the last minute
    std::map<std::string, steady_time, std::less<>> throttled_until_; // by operation, while all others may go
    steady_time look_ups_throttled_until_{}; // before the start: which of them is not remembered
    rate_headers seen_;
    std::optional<steady_time> window_resets_at_;
    std::int64_t granted_ = 0;
    std::int64_t granted_when_saved_ = 0;
    std::int64_t granted_aboard_ = 0;
    std::int64_t saved_at_ms_ = 0;
    std::int64_t aboard_at_ms_ = 0;
    server_window window_aboard_;
    breaker_state breaker_aboard_ = breaker_state::closed;
    int failures_aboard_ = 0;
    bool dirty_ = true;
    bool urgent_ = true; // what a lease does not cover has changed, too
    bool paused_ = false;
    bool draining_ = false;
    std::optional<std::string> pause_reason_; // not yet durable
    std::optional<std::string> pause_reason_aboard_;
    std::function<void()> notify_;
};

} // namespace cannedd
