// What the delivery room knows of one account at run time.
#pragma once

#include "delivery/account_gate.hpp"
#include "genesys/conversation_api.hpp"
#include "policy/conversation_pace.hpp"
#include "policy/fair_turns.hpp"
#include "time/instant.hpp"

#include <map>
#include <string>

namespace cannedd {

struct account {
    account(std::string name_, route default_route_, std::size_t connections_, pace_settings pace_,
            account_gate& gate_, conversation_api& api_)
        : name(std::move(name_))
        , default_route(default_route_)
        , connections(connections_)
        , gate(gate_)
        , api(&api_)
        , pace(pace_) {}

    std::string name;
    route default_route;     // for rows that name none
    std::size_t connections; // messages in flight at most, 1..256
    account_gate& gate;
    conversation_api* api; // another one after a reload
    pace_settings pace;    // of each conversation
    fair_turns turns;
    std::size_t in_flight = 0;
};

} // namespace cannedd
