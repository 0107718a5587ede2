// What the page tells, as plain values: gathered by status_pages, written by status_page, both of which see
// nothing else.
#pragma once

#include "page/recent_activity.hpp"
#include "queue/overview.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cannedd {

struct account_facts {
    account_overview queue;
    bool configured = true;
    bool paused = false, breaker_open = false;
    int requests_per_minute = 0; // as configured
    std::int64_t requests = 0;   // in the last minute
    std::size_t in_flight = 0, in_doubt = 0;
    std::int64_t sent = 0; // in the last hour
};

struct page_facts {
    wall_time now{};
    std::string version, sqlite;
    std::string database; // its path
    std::string store_trouble;
    std::string reading_trouble; // then queue and problems are empty
    bool refreshes = false;
    bool show_texts = false;
    seconds watched{}; // since the start, at most an hour
    std::vector<account_facts> accounts;
    std::vector<problem_row> problems;
    std::vector<doubt_row> doubts;
    std::vector<past_minute> hour;
    past_minute whole_hour;
};

} // namespace cannedd
