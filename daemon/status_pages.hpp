// What a scraper and a health check are answered: /metrics, /healthz, /readyz. From counters and from what is
// in memory: a page never waits for the database's lock, and never scans the queue.
#pragma once

#include "delivery/store_health.hpp"
#include "metrics.hpp"
#include "metrics_endpoint.hpp"

#include <map>
#include <memory>
#include <string>

namespace cannedd {

class upkeep;

class status_pages {
public:
    using gates_by_name = std::map<std::string, std::unique_ptr<account_gate>>;

    status_pages(metrics& numbers, message_store& store, const store_health& health,
                 const gates_by_name& gates, const upkeep& keeping, const time_source& time);

    endpoint_answer answer(const std::string& path);

private:
    metrics& numbers_;
    message_store& store_;
    const store_health& health_;
    const gates_by_name& gates_;
    const upkeep& keeping_;
    const time_source& time_;
};

} // namespace cannedd
