// What a scraper, a health check and a person are answered: /metrics, /healthz, /readyz and the page. From
// counters and from what is in memory: none waits for the database's lock, none scans the queue.
#pragma once

#include "config/settings.hpp"
#include "delivery/engine.hpp"
#include "metrics/endpoint.hpp"
#include "metrics/metrics.hpp"
#include "page/facts.hpp"

#include <optional>
#include <string>

namespace cannedd {

class status_pages {
public:
    // configured: as it is in force.
    status_pages(metrics& numbers, const recent_activity& lately, engine& machine, const time_source& time,
                 const settings& configured);

    endpoint_answer answer(const std::string& path);

private:
    page_facts gather() const;
    void add_account(page_facts& facts, const engine::account_state& account) const;
    const page_facts& recent_facts();

    metrics& numbers_;
    const recent_activity& lately_;
    engine& machine_;
    const time_source& time_;
    const settings& configured_;
    std::optional<page_facts> gathered_; // kept for a moment: whoever hammers the page costs no reading
    steady_time gathered_at_{};
};

} // namespace cannedd
