#include "unit/daemon/page_samples.hpp"

#include <cmath>

namespace cannedd::test {
namespace {

constexpr auto conversation = "3f8c1c52-93a4-4f43-b1f0-0e6f6f3a5d11";

account_facts account(const std::string& name, std::int64_t pending, std::int64_t sent) {
    account_facts it;
    it.queue.name = name;
    it.queue.messages[static_cast<std::size_t>(message_status::pending)] = pending;
    it.queue.messages[static_cast<std::size_t>(message_status::sent)] = sent * 31;
    it.requests_per_minute = 300;
    it.sent = sent;
    return it;
}

void set(account_facts& of, message_status status, std::int64_t count) {
    of.queue.messages.at(static_cast<std::size_t>(status)) = count;
}

problem_row problem(const page_facts& facts, std::int64_t id, message_status status, const std::string& error,
                    const std::string& detail, milliseconds ago) {
    problem_row it;
    it.id = id;
    it.account = "support";
    it.status = status;
    it.error = error;
    it.detail = detail;
    it.conversation = conversation;
    it.since = facts.now - ago;
    it.text = "Your parcel has left our warehouse & is on its way.";
    return it;
}

// A day's traffic in small: swells, and one slow spell.
void fill_hour(page_facts& facts) {
    for (std::size_t at = 0; at < facts.hour.size(); ++at) {
        auto& minute = facts.hour.at(at);
        const auto wave = std::sin(static_cast<double>(at) / 9.0);
        const auto slow = at > 32 && at < 39 ? 40 : 1;
        minute.sent =
            at == 17 ? 0 : 120 + static_cast<std::int64_t>(90 * wave) + static_cast<std::int64_t>(at % 7) * 4;
        minute.median = milliseconds((180 + static_cast<int>(at % 5) * 25) * slow);
        minute.late = minute.median * (4 + static_cast<int>(at % 3));
        facts.whole_hour.sent += minute.sent;
    }
    facts.whole_hour.median = milliseconds(230);
    facts.whole_hour.late = milliseconds(1480);
}

} // namespace

page_facts idle_facts() {
    page_facts facts;
    facts.now = wall_time(milliseconds(1'760'000'000'000));
    facts.version = "0.1.0";
    facts.sqlite = "3.40.1";
    facts.database = "/var/lib/cannedd/queue.db";
    facts.watched = seconds(95);
    facts.hour.resize(minutes_kept);
    facts.accounts.push_back(account("default", 0, 0));
    return facts;
}

page_facts busy_facts() {
    auto facts = idle_facts();
    facts.watched = seconds(3600);
    fill_hour(facts);
    facts.accounts.clear();
    auto sales = account("sales", 1'204, 4'180);
    sales.requests = 284;
    sales.in_flight = 8;
    sales.queue.oldest = facts.now - seconds(218);
    sales.queue.ages = {702, 502, 0, 0, 0, 0, 0};
    sales.queue.requests_allowed = 300;
    sales.queue.requests_used = 291;
    sales.queue.window_resets_at = facts.now + seconds(17);
    auto support = account("support", 12, 2'311);
    support.requests = 61;
    support.in_flight = 1;
    support.queue.oldest = facts.now - milliseconds(600);
    support.queue.ages = {4, 0, 0, 8, 0, 0, 0};
    set(support, message_status::failed, 3);
    facts.accounts = {sales, support, account("night-shift", 0, 0)};
    facts.problems = {
        problem(facts, 91'220, message_status::failed, "conversation_ended",
                "The conversation is over; nothing can be sent into it any more. (HTTP 404, "
                "correlation id 6f1e2c0a)",
                minutes(12)),
        problem(facts, 90'118, message_status::failed, "conversation_ended", "", minutes(31)),
        problem(facts, 90'002, message_status::failed, "missing_variable",
                "Response parcel_sent needs the variable tracking_code. Nothing was sent. Insert a "
                "new row whose variables have the value, or give it a default.",
                minutes(48))};
    return facts;
}

page_facts troubled_facts() {
    auto facts = busy_facts();
    for (std::size_t at = 40; at < facts.hour.size(); ++at)
        facts.hour.at(at) = past_minute();
    facts.accounts.at(0).breaker_open = true;
    facts.accounts.at(0).queue.breaker_until = facts.now + seconds(40);
    facts.accounts.at(0).in_flight = 0;
    facts.accounts.at(0).in_doubt = 2;
    facts.accounts.at(0).queue.ages = {40, 61, 412, 691, 0, 0, 0};
    facts.accounts.at(0).queue.oldest = facts.now - minutes(24);
    auto& support = facts.accounts.at(1);
    support.paused = true;
    support.queue.paused_reason = "forbidden: the OAuth client lacks the permission "
                                  "conversation:message:create (HTTP 403, correlation id "
                                  "77aa01)";
    set(support, message_status::held, 4);
    set(support, message_status::unconfirmed, 1);
    facts.accounts.at(2).queue.blocked_until = facts.now + seconds(31);
    const auto unsure = problem(facts, 91'877, message_status::unconfirmed, "unconfirmed",
                                "A message that begins \"Your parcel has left\" is there.", minutes(3));
    const auto held = problem(facts, 91'640, message_status::held, "forbidden",
                              "This agent's user lacks a permission (or the division).", minutes(9));
    facts.problems.insert(facts.problems.begin(), {unsure, held});
    doubt_row doubt;
    doubt.id = 91'903;
    doubt.account = "sales";
    doubt.conversation = conversation;
    doubt.since = facts.now - seconds(4);
    facts.doubts = {doubt, doubt};
    facts.doubts.back().id = 91'904;
    return facts;
}

} // namespace cannedd::test
