// What a person asks of the queue at a glance: counts by state, ages of what waits, the newest problems, what
// is in doubt. Read through a connection of its own that can only read: it waits for no lock, creates
// nothing, and no part of it grows with the queue: what would is counted up to counted_max.
#pragma once

#include "queue/message.hpp"

#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cannedd {

// Pending messages by the time since they were created; the last slot is what is older.
inline constexpr std::array<milliseconds, 6> age_limits{minutes(1),  minutes(5),   minutes(15),
                                                        minutes(60), minutes(360), minutes(1440)};
using age_counts = std::array<std::int64_t, age_limits.size() + 1>;
inline constexpr std::size_t statuses = static_cast<std::size_t>(message_status::unconfirmed) + 1;
using counts_by_status = std::array<std::int64_t, statuses>; // by message_status

struct account_overview {
    std::string name; // not_configured: all that no account of the configuration answers for
    counts_by_status messages{};
    age_counts ages{};
    std::optional<wall_time> oldest; // of those that could go now or are being tried again
    std::string paused_reason;
    std::optional<wall_time> blocked_until;
    std::optional<wall_time> breaker_until;
    std::optional<int> requests_allowed, requests_used; // as the server counts them
    std::optional<wall_time> window_resets_at;
};

struct problem_row {
    std::int64_t id = 0;
    std::string account;
    message_status status = message_status::failed; // failed, expired, held, unconfirmed
    std::string error, detail;
    std::string conversation; // or the agent that the row names
    wall_time since{};        // finished_at, else created_at
    std::string text; // of the message, empty before its response was rendered: whoever shows it decides
};

struct doubt_row {
    std::int64_t id = 0;
    std::string account;
    std::string conversation;
    wall_time since{};
};

struct queue_overview {
    std::string trouble; // why it could not be read, in SQLite's words: then the rest is empty
    std::vector<account_overview> accounts;
    std::vector<problem_row> problems; // the newest of each state, at most problems_max in all
    std::vector<doubt_row> doubts;     // at most doubts_max
};

inline constexpr int counted_max = 10'000;
inline constexpr std::size_t problems_max = 100;
inline constexpr int doubts_max = 20;

queue_overview read_overview(const std::filesystem::path& database, const std::set<std::string>& configured,
                             wall_time now);

} // namespace cannedd
