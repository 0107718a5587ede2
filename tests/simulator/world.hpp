// Everything the simulator is: one org, its people and conversations, its rules and its memory.
// Single-threaded.
#pragma once

#include "simulator/clock.hpp"
#include "simulator/conversations.hpp"
#include "simulator/fault_plan.hpp"
#include "simulator/journal.hpp"
#include "simulator/oauth.hpp"
#include "simulator/openapi.hpp"
#include "simulator/rate_window.hpp"
#include "simulator/reading.hpp"
#include "simulator/response_library.hpp"
#include "simulator/settings.hpp"

#include <map>
#include <string>

namespace cannedd::sim {

struct world {
    explicit world(std::uint64_t seed)
        : chance(seed)
        , talks(time, chance)
        , readers(time, set)
        , tokens(time, chance, set)
        , faults(time, chance)
        , responses(time, chance)
        , definition(openapi_document()) {}
    world(const world&) = delete;
    world& operator=(const world&) = delete;

    settings set;
    clock time;
    dice chance;
    conversations talks;
    reading readers;
    oauth tokens;
    fault_plan faults;
    response_library responses;
    openapi definition;
    journal memory;
    std::map<std::string, rate_window> rates; // by client id
    bool check_replies = false;
    bool log_whole_requests = false;
    bool accepting = true; // whether the API's port takes connections

    // A plan (file or control call): settings, and clients, users, conversations, libraries, responses, which
    // are added; faults replace the rules there were. Throws std::invalid_argument with a sentence.
    void apply(const json::value& plan);
    // Hands accepted messages on towards the customers, unless deliveries are paused.
    void deliver();
};

} // namespace cannedd::sim
