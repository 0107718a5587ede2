// What the delivery room knows of one account at run time.
#pragma once

#include "delivery/account_gate.hpp"
#include "delivery/settings.hpp"
#include "genesys/conversation_api.hpp"
#include "policy/refusal_streak.hpp"

#include <functional>
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
    refusal_streak barred;       // conversations since a message was accepted
    std::size_t in_flight = 0;   // connection holds, 0..options.connections
    std::function<void()> freed; // a connection was
};

// A share in an account's connections, from the claim of a row until its answer is there: while that is being
// recorded, the next row may be on its way.
class connection_hold {
public:
    explicit connection_hold(account& of) : of_(&of) { ++of.in_flight; }
    connection_hold(connection_hold&& from) noexcept : of_(std::exchange(from.of_, nullptr)) {}
    connection_hold& operator=(connection_hold&&) = delete;
    ~connection_hold() { let_go(); }

    void let_go() {
        account* const held = std::exchange(of_, nullptr);
        if (held == nullptr) return;
        --held->in_flight;
        if (held->freed) held->freed();
    }

private:
    account* of_;
};

} // namespace cannedd
