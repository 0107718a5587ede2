// The engine's accounts: prepared beside what runs, registered, swapped in; and what a former run left.
#include "delivery/engine_parts.hpp"
#include "policy/outcome.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace cannedd {

engine::parts::change_of_accounts engine::parts::prepare(std::vector<account_plan> plans) {
    change_of_accounts prepared;
    for (auto& plan : plans) {
        change_of_accounts::one it;
        const auto served = lines.find(plan.name);
        if (served == lines.end())
            it.fresh = std::make_unique<account_line>(plan, context, deliveries);
        else
            it.api = served->second->api_for(plan);
        it.plan = std::move(plan);
        prepared.accounts.push_back(std::move(it));
    }
    return prepared;
}

// False: the database does not take it now.
bool engine::parts::put_in_force() {
    std::vector<account_registration> all;
    for (const auto& one : wanted->accounts)
        all.push_back({.account = one.plan.name,
                       .expire_after = one.plan.expire_after,
                       .requests_per_minute = one.plan.rate.requests_per_minute,
                       .conversation_per_minute = one.plan.options.pace.messages_per_minute});
    const auto registered = store->register_accounts(all);
    if (!registered) {
        if (!std::exchange(says_it_waits, true))
            log.notice("the accounts are ready and wait for the database",
                       {{"why", registered.error().detail}});
        health.failed(registered.error());
        return false;
    }
    says_it_waits = false;
    const auto remembered = store->accounts();
    const auto left = store->interrupted();
    if (!remembered || !left) {
        health.failed(remembered ? left.error() : remembered.error());
        return false;
    }
    health.worked();
    auto fresh = std::move(*wanted);
    wanted.reset();
    swap(fresh, *remembered);
    if (proves) {
        look_for_unproven();
        return true;
    }
    look_after(*left); // before anything is claimed: their conversations are taken
    for (auto& [name, line] : lines)
        line->begin(runners, followings);
    if (fresh.applied) fresh.applied();
    wake_claimers();
    return true;
}

void engine::parts::swap(change_of_accounts& fresh, const std::vector<account_row>& remembered) {
    if (fresh.options) options = std::move(*fresh.options);
    std::set<std::string> configured;
    for (auto& one : fresh.accounts) {
        configured.insert(one.plan.name);
        if (!one.fresh) {
            lines.at(one.plan.name)->change(std::move(one.plan), std::move(one.api));
            continue;
        }
        auto& line = *(lines[one.plan.name] = std::move(one.fresh));
        line.restore(remembered, recording, log);
    }
    for (auto& [name, line] : lines) {
        if (configured.contains(name) || line->retired()) continue;
        log.warning(
            "the account is gone from the configuration: what is in flight ends, its other rows are held",
            {{"account", name}});
        line->retire();
    }
    keeping.look_at_new_accounts();
}

void engine::parts::look_after(const std::vector<interrupted_message>& left) {
    for (const auto& unsure : left) {
        if (attended(unsure.row.lane)) continue;
        const auto owner = lines.find(unsure.row.account);
        if (owner != lines.end() && !owner->second->retired())
            owner->second->claims().recover(unsure);
        else
            deliveries.spawn(give_up_orphan(unsure));
    }
}

bool engine::parts::attended(const std::string& lane) const {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const auto& line) { return line.second->claims().attends(lane); });
}

// Nobody has the means to read it back, and its conversation must not wait for ever.
asio::awaitable<void> engine::parts::give_up_orphan(interrupted_message unsure) {
    verdict told;
    told.message_id = unsure.row.id;
    told.was_marked = true;
    told.attempts = unsure.row.attempts;
    told.to = message_status::unconfirmed;
    told.now = time.wall();
    told.error = errc::unconfirmed;
    told.detail =
        "the daemon ended while it was being sent, and its account '" + unsure.row.account +
        "' is no longer configured, so it cannot be read back: look into the conversation, then set "
        "status to sent, or (once the account is configured again) to pending to send it once more";
    told.has_attempt = unsure.attempt_open;
    told.attempt.finished_at = told.now;
    told.attempt.phase = name_of(phase::written);
    told.attempt.outcome = name_of(outcome::indeterminate);
    told.attempt.error = errc::connection_lost;
    log.error("a message in doubt belongs to an account that is not configured: it is unconfirmed",
              {{"id", unsure.row.id}, {"account", unsure.row.account}});
    change recorded(std::move(told));
    co_await recording.commit(std::move(recorded));
}

void engine::parts::let_go_of_retired() {
    if (wanted) return; // it may count on what an account still has
    for (auto& [name, line] : lines)
        line->let_go_when_idle();
}

} // namespace cannedd
