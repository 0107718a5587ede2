// One account as it is served: its gate, its claimer and its follower, under the plan that it was given last.
#pragma once

#include "delivery/account.hpp"
#include "delivery/account_plan.hpp"
#include "delivery/claimer.hpp"
#include "delivery/follower.hpp"

#include <memory>

namespace cannedd {

class account_line {
public:
    // Makes the API: throws std::runtime_error.
    account_line(account_plan plan, delivery_context& context, task_group& deliveries);

    // What the file remembers of it; before it begins.
    void restore(const std::vector<account_row>& remembered, recorder& recording, logger& log);
    // Once; after what a former run left is being looked after: it claims at once.
    void begin(task_group& claims, task_group& followings);
    // What the plan would have to be given; null: it has that already. Throws as the constructor does.
    std::shared_ptr<conversation_api> api_for(const account_plan& wanted);
    // api: what api_for() gave.
    void change(account_plan wanted, std::shared_ptr<conversation_api> api);
    // Gone from the configuration: what is in flight ends, then the API is let go.
    void retire();
    void let_go_when_idle();
    void stop();

    account& served() { return account_; }
    const std::string& name() const { return account_.name; }
    bool retired() const { return retired_; }
    bool has_api() const { return account_.api != nullptr; }
    account_gate& gate() { return gate_; }
    const account_gate& gate() const { return gate_; }
    claimer& claims() { return claims_; }
    const claimer& claims() const { return claims_; }
    std::size_t attempts() const { return account_.in_flight; }

private:
    account_plan plan_;
    account_gate gate_;
    account account_;
    claimer claims_;
    follower follows_;
    bool begun_ = false;
    bool retired_ = false;
};

} // namespace cannedd
