// What the delivery room knows of one account at run time.
#pragma once

#include "delivery/account_gate.hpp"
#include "delivery/settings.hpp"
#include "genesys/conversation_api.hpp"
#include "policy/refusal_streak.hpp"

#include <memory>
#include <string>
#include <utility>

namespace cannedd {

struct account {
    account(std::string name_, const account_options& options_, account_gate& gate_,
            std::shared_ptr<conversation_api> api_)
        : name(std::move(name_)), options(options_), gate(gate_), api(std::move(api_)) {}

    std::string name;
    account_options options;
    account_gate& gate;
    // Another one after a reload: whoever uses it across an await holds it, so it ends with its last user.
    std::shared_ptr<conversation_api> api;
    refusal_streak barred;     // conversations since a message was accepted
    std::size_t in_flight = 0; // attempts, 0..options.connections
};

} // namespace cannedd
