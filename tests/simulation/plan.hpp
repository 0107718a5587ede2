// What the seed decides before a run begins: who there is, what producers and operators will do and when, and
// how often what goes wrong. Whatever depends on the daemon's own steps (which answer a request gets, where a
// crash strikes) is thrown later, from dice that the plan has forked. All times are since the run's begin.
#pragma once

#include "delivery/account.hpp"
#include "dice.hpp"
#include "machine.hpp"
#include "policy/circuit_breaker.hpp"
#include "policy/disposition.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cannedd::simulation {

struct planned_account {
    std::string name;
    rate_settings rate;
    account_options options;
    milliseconds expire_after{};
    bool tells_rate = false; // inin-ratelimit-* headers
    bool lists = false;      // its token is a user's, which may ask for all conversations at once
};

// How a server keeps a text.
enum class keeping : std::uint8_t {
    exactly,
    escaped,   // entities
    plain,     // blanks are blanks, what is not seen is gone
    cut_off,   // from here on a reader would notice
    with_more, // something appended
    other_links,
    misread, // UTF-8 taken for Latin-1
    without, // what ASCII does not hold is gone
    url_escaped,
    last
};

struct planned_conversation {
    std::string id;
    std::string agent_id;
    std::size_t account = 0;
    bool exists = true;
    std::optional<milliseconds> ends, rings_until, unreadable_from, readable_again;
    std::vector<milliseconds> moves; // a reconnect: another communication
    bool spoke_before = false;       // a person said the same texts long ago
    bool hides_texts = false;        // reading back lists messages now and then without their text
    bool lists_nothing = false;      // ... or no messages at all
    bool unlisted = false;           // not in the list of a user's conversations
    bool listed_as_it_was = false;   // ... or with the communication that it had before the last move
    keeping keeps = keeping::exactly;
};

struct planned_row {
    milliseconds at{};
    std::size_t conversation = 0;
    enum class addressing : std::uint8_t { conversation, both, agent } by = addressing::conversation;
    bool upper_case = false; // the conversation's id, as some producers write it
    std::string account;     // not always one that is configured
    std::string text;
    bool as_response = false;
    int priority = 0;
    std::optional<milliseconds> not_before_after, expires_after;
    bool held = false;
};

// An UPDATE by an operator, of any row that is in the state then.
struct planned_intervention {
    milliseconds at{};
    enum class kind : std::uint8_t {
        cancel,
        hold,
        release,
        replay,
        judge,
        reschedule,
        pause,
        unpause,
        last
    } what{};
};

// From `at`, for `length`.
struct planned_trouble {
    milliseconds at{}, length{};
    enum class kind : std::uint8_t { lock, reader, disk_full, write_fails, sync_fails, outage, last } what{};
};

struct planned_stop {
    enum class kind : std::uint8_t { kill, power_cut, drain } what{};
    std::optional<milliseconds> at; // else:
    int effects = 0;                // that the daemon still has, from its start
    milliseconds down_for{};
    bool reboots = false;
};

// The configuration file is written anew, and the daemon told if it is there: which accounts it has from then
// on, and whether their settings differ.
struct planned_reload {
    milliseconds at{};
    std::set<std::size_t> accounts;
    bool changes_settings = false;
};

struct planned_clock_step {
    milliseconds at{}, by{};
    bool asleep = false; // nobody set it: the machine was suspended so long
};

// How a request fares: shares of 1, the rest goes well.
struct fault_rates {
    double unreachable = 0, not_written = 0;                // certainly not sent
    double lost_before = 0, lost_after = 0;                 // connection lost, processed or not
    double timeout_before = 0, timeout_after = 0;           // no answer in time
    double server_error_before = 0, server_error_after = 0; // 500, 502, 503, 504, 408
    double cut_short = 0;                                   // processed, the answer is not whole
    double without_id = 0;                                  // 202
    double refused = 0, stale = 0, throttled = 0, unauthorized = 0, account_fault = 0;
};

struct plan {
    std::uint64_t seed = 0;
    milliseconds active{}; // afterwards nothing goes wrong any more
    std::vector<planned_account> accounts;
    std::vector<planned_conversation> conversations;
    std::vector<planned_row> rows;
    std::vector<planned_intervention> interventions;
    std::vector<planned_trouble> troubles;
    std::vector<planned_stop> stops;
    std::vector<planned_clock_step> clock_steps;
    std::vector<planned_reload> reloads;
    fault_rates faults;
    decision_limits limits;
    breaker_settings breaker;
    milliseconds settle{}, request_timeout{}, arrival_max{}, lag_max{}, answer_max{};
    milliseconds clock_skew{}; // of the server's clock
    milliseconds date_ahead{}; // of the clock that tells the Date, before the one that stamps messages
    milliseconds drain{};
    bool follows = false;
    bool stops_what_is_sent = false; // who cancels means what is being sent, too
    bool producer_stays = true;      // connected; else it comes and goes with each statement
    bool producer_syncs = true;      // else synchronous=NORMAL: a power cut may lose its last rows
    dice network{0}, crashes{0}, disk{0}, neighbours{0}, daemon{0}, teardown{0};
};

plan make_plan(std::uint64_t seed);

} // namespace cannedd::simulation
