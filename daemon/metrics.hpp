// The Prometheus metrics of the contract. What delivery tells is counted as it happens; what the queue knows
// is read from its counters when a scrape asks, never by a scan.
#pragma once

#include "delivery/account_gate.hpp"
#include "delivery/observer.hpp"
#include "queue/message_store.hpp"
#include "time/time_source.hpp"

#include <prometheus/registry.h>

#include <map>
#include <memory>
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
    void committed(steady_duration took, std::size_t changes) override;

    // Sets the gauges from the queue's counters and the gates.
    void refresh(message_store& store, const std::map<std::string, account_gate*>& gates, wall_time now,
                 std::int64_t wal_bytes);
    // The exposition format, text version 0.0.4.
    std::string text() const;

private:
    struct families;
    prometheus::Registry registry_;
    std::unique_ptr<families> families_;
};

} // namespace cannedd
