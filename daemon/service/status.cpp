#include "service/status.hpp"

#include "service/status_line.hpp"

#include <map>

namespace cannedd {
namespace {

constexpr seconds between_looks{2};
constexpr seconds planned_from{60}; // what is tried again within that time only waits
constexpr int failures_told = 3;    // in a row: with a queue of one row the breaker opens minutes later

void add_counts(service_facts& facts, message_store& store) {
    const auto counts = store.counts();
    if (!counts) return;
    for (const auto& it : *counts) {
        switch (it.status) {
        case message_status::pending: facts.pending += it.messages; break;
        case message_status::sending: facts.sending += it.messages; break;
        case message_status::held: facts.held += it.messages; break;
        case message_status::unconfirmed: facts.unconfirmed += it.messages; break;
        default: break;
        }
    }
}

// Nothing when the store cannot tell: then they are told as waiting.
void add_plan(service_facts& facts, message_store& store, wall_time now) {
    const auto names = store.pending_accounts();
    if (!names) return;
    constexpr auto ever = wall_time(milliseconds(253'402'300'799'999));
    std::optional<wall_time> first;
    for (const auto& name : *names) {
        const auto next = store.oldest_due(name, ever);
        if (!next) return;
        if (*next && (!first || **next < *first)) first = **next;
    }
    if (first && *first > now + planned_from) facts.next_at = first;
}

void add_reasons(service_facts& facts, message_store& store) {
    const auto rows = store.accounts();
    if (!rows) return;
    std::map<std::string, std::string> reasons;
    for (const auto& it : *rows)
        reasons[it.memory.account] = it.paused_reason;
    for (auto& one : facts.accounts)
        if (one.paused) one.paused_reason = reasons[one.name];
}

} // namespace

service_status::service_status(engine& machine, const metrics_endpoint* endpoint, service_notifier& notifier,
                               time_source& time)
    : engine_(machine), endpoint_(endpoint), notifier_(notifier), time_(time), wake_(time.make_alarm()) {}

void service_status::reload_refused(std::string why) {
    refused_reload_ = std::move(why);
    ready();
}

void service_status::reload_begun() {
    refused_reload_.clear();
    reload_waits_ = true;
}

void service_status::reload_in_force(std::string restart_needed) {
    reload_waits_ = false;
    restart_needed_ = std::move(restart_needed);
    ready();
}

std::string service_status::line() {
    service_facts facts;
    if (const auto health = engine_.health(); !health.ok) facts.store_trouble = health.trouble;
    facts.refused_reload = refused_reload_;
    facts.restart_needed = restart_needed_;
    facts.reload_waits = reload_waits_;
    if (endpoint_ != nullptr) facts.metrics_trouble = endpoint_->trouble();
    bool any_paused = false;
    engine_.for_each_account([&](const engine::account_state& it) {
        facts.accounts.push_back(
            {.name = it.name,
             .paused = it.gate.paused(),
             .paused_reason = {},
             .unreachable = it.gate.breaker_open() || it.gate.failures_in_a_row() >= failures_told,
             .told_to_wait = it.gate.told_to_wait()});
        facts.in_doubt += static_cast<std::int64_t>(it.in_doubt);
        any_paused = any_paused || it.gate.paused();
    });
    if (any_paused) add_reasons(facts, engine_.store());
    add_counts(facts, engine_.store());
    if (facts.pending > 0) add_plan(facts, engine_.store(), time_.wall());
    return status_line(facts);
}

std::string service_status::last_line() {
    service_facts facts;
    add_counts(facts, engine_.store());
    return stopped_line(facts);
}

void service_status::ready() {
    is_ready_ = true;
    told_ = line();
    notifier_.ready(told_);
}

asio::awaitable<void> service_status::run() {
    while (!stopping_ && notifier_.is_heard()) {
        co_await wake_->wait_until(time_.steady() + between_looks);
        if (stopping_) co_return;
        if (!is_ready_) continue; // who waits for the first READY is told nothing else
        auto now = line();
        if (now == told_) continue;
        notifier_.status(now);
        told_ = std::move(now);
    }
}

void service_status::stop() {
    stopping_ = true;
    wake_->ring();
}

} // namespace cannedd
