#include "delivery/account_line.hpp"

#include <algorithm>
#include <utility>

namespace cannedd {

account_line::account_line(account_plan plan, delivery_context& context, task_group& deliveries)
    : plan_(std::move(plan))
    , gate_(plan_.name, plan_.rate, plan_.breaker, context.recording, context.time, context.log,
            context.observer)
    , account_(plan_.name, plan_.options, gate_, plan_.api->make(gate_))
    , claims_(context, account_, plan_.rate, deliveries)
    , follows_(context, account_) {}

void account_line::restore(const std::vector<account_row>& remembered, recorder& recording, logger& log) {
    const auto mine = std::find_if(remembered.begin(), remembered.end(),
                                   [this](const auto& row) { return row.memory.account == name(); });
    recording.add_rider(gate_);
    if (mine == remembered.end()) return;
    gate_.restore(*mine);
    if (mine->paused)
        log.warning("the account is paused, its rows wait until paused is set to 0",
                    {{"account", name()}, {"reason", mine->paused_reason}});
}

void account_line::begin(task_group& claims, task_group& followings) {
    if (std::exchange(begun_, true)) return;
    claims.spawn(claims_.run());
    followings.spawn(follows_.run());
}

std::shared_ptr<conversation_api> account_line::api_for(const account_plan& wanted) {
    if (has_api() && wanted.api->makes_the_same(*plan_.api)) return nullptr;
    return wanted.api->make(gate_);
}

void account_line::change(account_plan wanted, std::shared_ptr<conversation_api> api) {
    gate_.change(wanted.rate, wanted.breaker);
    claims_.change(wanted.rate);
    account_.options = wanted.options;
    if (api) account_.api = std::move(api);
    plan_ = std::move(wanted);
    retired_ = false;
    claims_.retire(false);
}

void account_line::retire() {
    retired_ = true;
    claims_.retire(true);
}

void account_line::let_go_when_idle() {
    if (retired_ && claims_.in_flight() == 0) account_.api.reset();
}

void account_line::stop() {
    claims_.stop();
    follows_.stop();
}

} // namespace cannedd
