// What the delivery room knows of one account at run time.
#pragma once

#include "delivery/account_gate.hpp"
#include "genesys/conversation_api.hpp"
#include "policy/conversation_pace.hpp"
#include "policy/fair_turns.hpp"

#include <string>
#include <utility>

namespace cannedd {

struct account_options {
    account_options() = default;
    route default_route = route::agentless; // for rows that name none
    std::size_t connections = 8;            // messages in flight at most, 1..256
    int burst = 20;                         // of the account's bucket, in requests
    pace_settings pace;                     // of each conversation
};

struct account {
    account(std::string name_, const account_options& options_, account_gate& gate_, conversation_api& api_)
        : name(std::move(name_)), options(options_), gate(gate_), api(&api_) {}

    std::string name;
    account_options options;
    account_gate& gate;
    conversation_api* api; // another one after a reload
    fair_turns turns;
    std::size_t in_flight = 0;
};

} // namespace cannedd
