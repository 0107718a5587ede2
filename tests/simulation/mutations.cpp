#include "mutations.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

namespace cannedd::simulation {
namespace {

constexpr std::array<mutation_facts, 36> facts{{
    {mutation::resend_without_verify, "resend_without_verify", "twice"},
    {mutation::impatient_reading, "impatient_reading", "twice"},
    {mutation::mark_after_send, "mark_after_send", "unmarked"},
    {mutation::drop_busy_result, "drop_busy_result", "stuck"},
    {mutation::forget_bucket, "forget_bucket", "rate"},
    {mutation::limiter_bypassed, "limiter_bypassed", "rate"},
    {mutation::owned_says_none, "owned_says_none", "lost"},
    {mutation::unnamed_says_none, "unnamed_says_none", "lost"},
    {mutation::unread_says_absent, "unread_says_absent", "twice"},
    {mutation::kept_says_other, "kept_says_other", "twice"},
    {mutation::nearly_says_other, "nearly_says_other", "twice"},
    {mutation::stamps_believed, "stamps_believed", "twice"},
    {mutation::listing_believed, "listing_believed", "twice"},
    // Matching looks beyond what the stamps say since a Date may be ahead of them: no second copy, but a
    // person is asked.
    {mutation::own_clock_trusted, "own_clock_trusted", "unexplained"},
    {mutation::interrupted_says_none, "interrupted_says_none", "stuck"},
    {mutation::youngest_first, "youngest_first", "order"},
    {mutation::book_forgets, "book_forgets", "one_in_flight"},
    {mutation::sync_does_nothing, "sync_does_nothing", "twice"},
    {mutation::attempts_not_closed, "attempts_not_closed", "attempts"},
    {mutation::pause_ignored, "pause_ignored", "paused"},
    {mutation::nothing_expires, "nothing_expires", "expired"},
    {mutation::counters_drift, "counters_drift", "counters"},
    {mutation::lanes_drift, "lanes_drift", "lanes"},
    {mutation::due_too_soon, "due_too_soon", "early"},
    {mutation::answers_ignored, "answers_ignored", "ghost"},
    {mutation::doubt_given_up, "doubt_given_up", "unexplained"},
    {mutation::purges_all, "purges_all", "acknowledged"},
    {mutation::fails_silently, "fails_silently", "state"},
    {mutation::sigterm_ignored, "sigterm_ignored", "hang"},
    {mutation::pages_get_lost, "pages_get_lost", "integrity"},
    {mutation::store_throws, "store_throws", "bug"},
    {mutation::start_gives_up_at_lock, "start_gives_up_at_lock", "bug"},
    {mutation::reload_drops_account, "reload_drops_account", "unserved"},
    {mutation::replaced_kept, "replaced_kept", "kept"},
    {mutation::orphan_ignored, "orphan_ignored", "stuck"},
    {mutation::stop_ignored, "stop_ignored", "stopped"},
}};
static_assert(facts.size() + 1 == static_cast<std::size_t>(mutation::last));

constexpr milliseconds ahead = seconds(3); // due_too_soon

class broken_store final : public message_store {
public:
    broken_store(mutation how, std::unique_ptr<message_store> honest, std::function<connection*()> tamper)
        : how_(how), honest_(std::move(honest)), tamper_(std::move(tamper)) {}

    std::unique_ptr<one_moment> read_at_one_moment() override { return honest_->read_at_one_moment(); }
    store_result<std::vector<due_lane>> due(const std::string& account, wall_time now, std::size_t limit,
                                            turn whose) override {
        if (how_ == mutation::youngest_first)
            alter("UPDATE lanes SET head_id = (SELECT m.id FROM messages AS m WHERE m.lane = lanes.lane AND "
                  "m.status = 'pending' AND m.due_at <= " +
                  std::to_string(now.time_since_epoch().count()) +
                  " ORDER BY m.order_at DESC, m.id DESC LIMIT 1) WHERE sending = 0 AND due_at <= " +
                  std::to_string(now.time_since_epoch().count()));
        if (how_ == mutation::counters_drift)
            alter("UPDATE counters SET messages = messages + 1 WHERE status = 'sent'");
        if (how_ == mutation::lanes_drift) alter("UPDATE lanes SET priority = 7");
        if (how_ == mutation::due_too_soon) now += ahead;
        return honest_->due(account, now, limit, whose);
    }
    store_result<std::optional<message>> load(std::int64_t id) override { return honest_->load(id); }
    store_result<std::optional<wall_time>> next_due(const std::string& account, wall_time now) override {
        return honest_->next_due(account, now);
    }
    store_result<int> hold_unknown_accounts(wall_time now) override {
        return honest_->hold_unknown_accounts(now);
    }
    store_result<int> expire(wall_time now, int limit) override {
        if (how_ == mutation::nothing_expires) return 0;
        if (how_ == mutation::store_throws && now.time_since_epoch() % seconds(10) > seconds(9))
            throw std::logic_error("a mutation");
        return honest_->expire(now, limit);
    }
    store_result<std::optional<wall_time>> next_expiry() override { return honest_->next_expiry(); }

    store_result<std::vector<bool>> apply(std::span<const change> changes) override {
        if (how_ == mutation::stop_ignored) alter("UPDATE messages SET stop = NULL WHERE stop IS NOT NULL");
        if (how_ == mutation::mark_after_send) return apply_late(changes);
        if (how_ == mutation::attempts_not_closed)
            return apply_altered<verdict>(changes, [](verdict& told) { told.has_attempt = false; });
        if (how_ == mutation::own_clock_trusted)
            return apply_altered<mark>(changes, [](mark& marking) { marking.started_at_server.reset(); });
        if (how_ == mutation::due_too_soon)
            return apply_altered<mark>(changes, [](mark& marking) { marking.now += ahead; });
        if (how_ == mutation::answers_ignored)
            return apply_altered<verdict>(changes, [](verdict& told) {
                if (told.to != message_status::sent) return;
                told.to = message_status::failed;
                told.error = errc::server_error;
            });
        if (how_ == mutation::fails_silently)
            return apply_altered<verdict>(changes, [](verdict& told) { told.error.reset(); });
        if (how_ == mutation::doubt_given_up)
            return apply_altered<verdict>(changes, [](verdict& told) {
                if (told.was_marked && !told.has_attempt && told.to == message_status::pending)
                    told.to = message_status::unconfirmed;
            });
        auto done = honest_->apply(changes);
        const bool dropped =
            !done && done.error().kind == store_trouble::busy && how_ == mutation::drop_busy_result;
        if (dropped) return std::vector<bool>(changes.size(), true);
        return done;
    }

    std::set<std::string> take_who_came_first() override { return honest_->take_who_came_first(); }
    std::vector<set_aside_row> take_set_aside() override { return honest_->take_set_aside(); }

    store_result<std::vector<interrupted_message>> interrupted() override {
        if (how_ == mutation::interrupted_says_none) return std::vector<interrupted_message>();
        auto left = honest_->interrupted();
        if (how_ == mutation::orphan_ignored && left)
            std::erase_if(*left, [this](const auto& one) {
                if (!registered_.contains(one.row.account)) ignored_.insert(one.row.id);
                return ignored_.contains(one.row.id);
            });
        return left;
    }
    store_result<std::vector<std::string>> owned(std::span<const std::string> ids) override {
        if (how_ == mutation::owned_says_none) return std::vector<std::string>();
        return honest_->owned(ids);
    }
    store_result<std::vector<operator_change>> take_operator_changes() override {
        return honest_->take_operator_changes();
    }
    store_result<std::vector<std::int64_t>> unproven(const std::string& account,
                                                     wall_time planned_after) override {
        return honest_->unproven(account, planned_after);
    }
    store_result<std::optional<unproven_message>> load_unproven(std::int64_t id) override {
        return honest_->load_unproven(id);
    }
    store_result<std::vector<spoken_message>> spoken(const std::string& sent_to,
                                                     wall_time named_since) override {
        auto said = honest_->spoken(sent_to, named_since);
        if (said)
            std::erase_if(*said, [this](const spoken_message& one) {
                if (!one.remote_message_id.empty()) return how_ == mutation::listing_believed;
                return how_ == mutation::unnamed_says_none;
            });
        return said;
    }
    store_result<int> answers(std::int64_t id, int attempts, int http_status) override {
        return honest_->answers(id, attempts, http_status);
    }
    store_result<std::optional<wall_time>> first_doubt(std::int64_t id) override {
        return honest_->first_doubt(id);
    }
    store_result<std::vector<followed_message>> followed(const std::string& account,
                                                         std::size_t limit) override {
        return honest_->followed(account, limit);
    }

    store_result<bool> register_accounts(std::span<const account_registration> all) override {
        auto done = honest_->register_accounts(all);
        if (!done && done.error().kind == store_trouble::busy && how_ == mutation::start_gives_up_at_lock)
            throw std::runtime_error("locked");
        registered_.clear();
        for (const auto& one : all)
            registered_.insert(one.account);
        return done;
    }
    store_result<int> fill_expiries(int limit) override { return honest_->fill_expiries(limit); }
    store_result<std::vector<account_row>> accounts() override {
        auto rows = honest_->accounts();
        if (how_ == mutation::forget_bucket && rows)
            for (auto& row : *rows)
                forget(row.memory);
        return rows;
    }
    store_result<std::set<std::string>> paused_accounts() override {
        if (how_ == mutation::pause_ignored) return std::set<std::string>();
        return honest_->paused_accounts();
    }
    store_result<std::vector<std::string>> pending_accounts() override { return honest_->pending_accounts(); }
    store_result<std::optional<std::string>> response(const std::string& name) override {
        return honest_->response(name);
    }

    store_result<std::vector<status_count>> counts() override { return honest_->counts(); }
    store_result<std::optional<wall_time>> oldest_undelivered(const std::string& account,
                                                              wall_time now) override {
        return honest_->oldest_undelivered(account, now);
    }
    store_result<std::optional<wall_time>> oldest_due(const std::string& account, wall_time now) override {
        return honest_->oldest_due(account, now);
    }
    store_result<rest_of_work> work_left(wall_time horizon) override { return honest_->work_left(horizon); }
    store_result<std::int64_t> data_version() override { return honest_->data_version(); }
    store_result<bool> check_file() override { return honest_->check_file(); }
    store_result<checkpoint_report> checkpoint(log_room room) override { return honest_->checkpoint(room); }
    std::int64_t wal_bytes() override { return honest_->wal_bytes(); }
    store_result<int> purge(wall_time now, const retention_limits& limits, int slice_rows) override {
        auto kept = limits;
        if (how_ == mutation::purges_all) kept.sent = milliseconds(0);
        return honest_->purge(now, kept, slice_rows);
    }

private:
    void alter(const std::string& statement) {
        if (auto* const on = tamper_()) on->execute(statement);
    }

    static void forget(account_memory& memory) {
        account_memory nothing;
        nothing.account = memory.account;
        memory = nothing;
    }

    // Marks wait in memory for the next change of the same row.
    store_result<std::vector<bool>> apply_late(std::span<const change> changes) {
        std::vector<change> real;
        for (const auto& what : changes)
            if (!std::holds_alternative<mark>(what)) {
                real.insert(real.end(), kept_back_.begin(), kept_back_.end());
                kept_back_.clear();
                break;
            }
        const auto first = real.size();
        std::vector<change> marks;
        for (const auto& what : changes)
            (std::holds_alternative<mark>(what) ? marks : real).push_back(what);
        auto done = honest_->apply(real);
        if (!done) {
            kept_back_.assign(real.begin(), real.begin() + static_cast<std::ptrdiff_t>(first));
            return done;
        }
        kept_back_.insert(kept_back_.end(), marks.begin(), marks.end());
        std::vector<bool> told;
        auto at = first;
        for (const auto& what : changes)
            told.push_back(std::holds_alternative<mark>(what) || (*done)[at++]);
        return told;
    }

    template<typename Kind, typename Alter>
    store_result<std::vector<bool>> apply_altered(std::span<const change> changes, Alter alteration) {
        std::vector<change> altered(changes.begin(), changes.end());
        for (auto& what : altered)
            if (auto* const wanted = std::get_if<Kind>(&what)) alteration(*wanted);
        return honest_->apply(altered);
    }

    mutation how_;
    std::unique_ptr<message_store> honest_;
    std::function<connection*()> tamper_;
    std::vector<change> kept_back_;
    std::set<std::string> registered_;
    std::set<std::int64_t> ignored_;
};

} // namespace

std::span<const mutation_facts> all_mutations() noexcept {
    return facts;
}

std::optional<mutation> mutation_named(std::string_view name) noexcept {
    const auto found =
        std::find_if(facts.begin(), facts.end(), [&](const auto& f) { return f.name == name; });
    if (found == facts.end()) return std::nullopt;
    return found->what;
}

std::unique_ptr<message_store> broken(mutation how, std::unique_ptr<message_store> honest,
                                      std::function<connection*()> tamper) {
    if (how == mutation::none) return honest;
    return std::make_unique<broken_store>(how, std::move(honest), std::move(tamper));
}

} // namespace cannedd::simulation
