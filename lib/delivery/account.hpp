// What the delivery room knows of one account at run time.
#pragma once

#include "delivery/account_gate.hpp"
#include "delivery/settings.hpp"
#include "genesys/conversation_api.hpp"
#include "policy/fair_turns.hpp"

#include <string>
#include <utility>

namespace cannedd {

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
