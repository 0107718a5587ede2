// What a scraper and a health check are answered: /metrics, /healthz, /readyz. From counters and from what is
// in memory: a page never waits for the database's lock, and never scans the queue.
#pragma once

#include "delivery/engine.hpp"
#include "metrics.hpp"
#include "metrics_endpoint.hpp"

#include <string>

namespace cannedd {

class status_pages {
public:
    status_pages(metrics& numbers, engine& machine, const time_source& time);

    endpoint_answer answer(const std::string& path);

private:
    metrics& numbers_;
    engine& machine_;
    const time_source& time_;
};

} // namespace cannedd
