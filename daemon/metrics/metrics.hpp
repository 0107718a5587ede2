// The Prometheus metrics of the contract. What delivery tells is counted as it happens; what the queue knows
// is read from its counters when a scrape asks, never by a scan.
#pragma once

#include "delivery/engine.hpp"
#include "delivery/observer.hpp"
#include "time/time_source.hpp"

#include <prometheus/registry.h>

#include <map>
#include <memory>
#include <set>
#include <string>

namespace cannedd {

class metrics final : public delivery_observer {
public:
    explicit metrics(const std::string& sqlite_version);
    ~metrics() override;

    void request_ended(const std::string& account, std::string_view operation, const request_facts& facts,
                       steady_duration took) override;
    void attempt_ended(const std::string& account, outcome what) override;
    void delivered(const std::string& account, milliseconds since_due) override;
    void ended(const std::string& account, row_end how, std::size_t rows) override;
    void token_requested(const std::string& account, const request_facts& facts) override;
    void committed(steady_duration took, std::size_t changes) override;

    void reloaded(bool well, wall_time now);

    // When the accounts' own certificates expire: of those that have one.
    void certificates(const std::map<std::string, wall_time>& expire);

    // Sets the gauges from the queue's counters and what the engine is doing.
    void refresh(engine& machine, wall_time now);
    // The exposition format, text version 0.0.4.
    std::string text() const;

private:
    void begin_account(const std::string& name);
    void forget_gauges(const std::string& name);
    void follow_accounts(const engine& machine);

    struct families;
    struct of_account;
    of_account& account(const std::string& name);

    prometheus::Registry registry_;
    std::unique_ptr<families> families_;
    std::map<std::string, std::unique_ptr<of_account>> of_accounts_; // that are or were served
    std::map<std::string, prometheus::Histogram*> request_times_;    // by operation
    std::set<std::string> accounts_;                                 // that are served
    std::map<std::string, wall_time> certificates_;
};

} // namespace cannedd
