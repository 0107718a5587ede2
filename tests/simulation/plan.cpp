#include "plan.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cannedd::simulation {
namespace {

using std::chrono::hours;

std::string uuid(char kind, std::size_t number) {
    const auto digit = static_cast<char>('a' + static_cast<int>(number % 6));
    return std::string(8, kind) + "-0000-4000-8000-00000000000" + digit;
}

// Each seed knows some faults and not others (swarm testing: A. Groce et al., ISSTA 2012): a mixture of
// everything would hide what two of them do together.
double some(dice& throws, double at_most) {
    return throws.chance(0.35) ? throws.fraction() * at_most : 0.0;
}

fault_rates throw_faults(dice throws) {
    fault_rates rates;
    if (throws.chance(0.08)) return rates;
    for (double* rate : {&rates.unreachable, &rates.not_written, &rates.lost_before, &rates.lost_after,
                         &rates.timeout_before, &rates.timeout_after, &rates.server_error_before,
                         &rates.server_error_after, &rates.cut_short})
        *rate = some(throws, 0.18);
    rates.without_id = some(throws, 0.8);
    rates.refused = some(throws, 0.1);
    rates.stale = some(throws, 0.1);
    rates.throttled = some(throws, 0.06);
    rates.unauthorized = some(throws, 0.06);
    rates.account_fault = some(throws, 0.02);
    return rates;
}

void throw_settings(plan& it, dice throws) {
    const bool is_long = throws.chance(0.06);
    it.active = is_long ? throws.span(seconds(90), seconds(150)) : throws.span(seconds(4), seconds(25));
    const std::array<doubt_policy, 3> others{doubt_policy::hold, doubt_policy::resend, doubt_policy::verify};
    it.limits.doubt = throws.chance(0.15) ? throws.one_of(others) : doubt_policy::verify;
    it.limits.attempts_max = throws.small(2, 8);
    it.limits.backoff.base = throws.span(milliseconds(50), seconds(1));
    it.limits.backoff.max = throws.span(seconds(1), seconds(6));
    it.breaker.failures = throws.small(2, 10);
    it.breaker.cool_off = throws.span(milliseconds(500), seconds(3));
    it.breaker.cool_off_max = seconds(10);
    it.settle = throws.span(milliseconds(300), seconds(2));
    it.arrival_max = it.settle * 9 / 10;
    it.lag_max = throws.chance(0.5) ? it.settle * 99 / 100 : milliseconds(0);
    it.answer_max = throws.span(milliseconds(5), milliseconds(600));
    it.request_timeout = throws.span(it.settle, seconds(5));
    it.clock_skew = throws.chance(0.5) ? milliseconds(0) : throws.span(-seconds(90), seconds(90));
    it.drain = throws.span(seconds(1), seconds(8));
    it.follows = throws.chance(0.2);
    it.producer_stays = throws.chance(0.7);
    it.producer_syncs = throws.chance(0.75);
}

void throw_accounts(plan& it, dice throws) {
    const int many = throws.chance(0.3) ? 2 : 1;
    for (int i = 0; i < many; ++i) {
        planned_account one;
        one.name = i == 0 ? "default" : "second";
        constexpr std::array<int, 5> rates{12, 30, 60, 300, 3000};
        one.rate.requests_per_minute = throws.one_of(rates);
        one.rate.burst = throws.small(1, std::min(20, one.rate.requests_per_minute));
        one.options.default_route = route::message;
        one.options.connections = static_cast<std::size_t>(throws.small(1, 8));
        one.options.burst = one.rate.burst;
        if (throws.chance(0.7)) one.options.pace.messages_per_minute = 6000;
        one.expire_after = throws.chance(0.8) ? milliseconds(hours(1)) : throws.span(seconds(20), minutes(3));
        one.tells_rate = throws.chance(0.3);
        it.accounts.push_back(std::move(one));
    }
}

void throw_conversations(plan& it, dice throws) {
    const int many = throws.small(1, 6);
    const auto sometime = [&](double probability) -> std::optional<milliseconds> {
        if (!throws.chance(probability)) return std::nullopt;
        return throws.span(milliseconds(0), it.active);
    };
    for (int i = 0; i < many; ++i) {
        planned_conversation one;
        const auto number = static_cast<std::size_t>(i);
        one.id = uuid('c', number);
        // Now and then two conversations have one agent: ambiguous.
        one.agent_id = uuid('a', throws.chance(0.06) && i > 0 ? number - 1 : number);
        one.account = static_cast<std::size_t>(throws.between(0, static_cast<int>(it.accounts.size()) - 1));
        one.exists = !throws.chance(0.04);
        one.ends = sometime(0.1);
        one.rings_until = sometime(0.08);
        one.unreadable_from = sometime(0.05);
        if (const auto moved = sometime(0.12)) one.moves.push_back(*moved);
        one.spoke_before = throws.chance(0.2);
        one.hides_texts = throws.chance(0.05);
        it.conversations.push_back(std::move(one));
    }
}

void throw_rows(plan& it, dice throws) {
    const auto rates = it.accounts.front().rate.requests_per_minute;
    const int most = it.active > seconds(60) ? 90 : (rates < 60 ? 10 : 26);
    const int many = throws.small(1, most);
    const bool in_bursts = throws.chance(0.4);
    const double same_text = throws.chance(0.6) ? 0.6 : 0.1;
    const double unusual = throws.chance(0.5) ? 0.15 : 0.0;
    auto at = milliseconds(0);
    for (int i = 0; i < many; ++i) {
        planned_row row;
        if (!in_bursts || throws.chance(0.15)) at = throws.span(milliseconds(0), it.active * 9 / 10);
        row.at = at;
        row.conversation =
            static_cast<std::size_t>(throws.between(0, static_cast<int>(it.conversations.size()) - 1));
        const auto mark = "c" + std::to_string(row.conversation);
        row.as_response = throws.chance(unusual / 2);
        row.text = row.as_response || throws.chance(same_text) ? mark + " good day"
                                                               : mark + " note " + std::to_string(i);
        if (throws.chance(0.25))
            row.by = throws.chance(0.5) ? planned_row::addressing::agent : planned_row::addressing::both;
        row.upper_case = throws.chance(0.1);
        row.account = it.accounts[it.conversations[row.conversation].account].name;
        if (throws.chance(unusual / 8)) row.account = "nobody";
        if (throws.chance(0.3)) row.priority = throws.small(-2, 2);
        if (throws.chance(unusual)) row.not_before_after = throws.span(-seconds(5), it.active / 2);
        if (throws.chance(unusual)) row.expires_after = throws.span(milliseconds(100), seconds(30));
        row.held = throws.chance(unusual / 4);
        it.rows.push_back(std::move(row));
    }
}

void throw_interventions(plan& it, dice throws) {
    if (throws.chance(0.5)) return;
    const int many = throws.small(1, 12);
    for (int i = 0; i < many; ++i) {
        planned_intervention one;
        one.at = throws.span(milliseconds(0), it.active);
        one.what = static_cast<planned_intervention::kind>(
            throws.between(0, static_cast<int>(planned_intervention::kind::last) - 1));
        it.interventions.push_back(one);
    }
}

void throw_troubles(plan& it, dice throws) {
    if (throws.chance(0.45)) return;
    const int many = throws.small(1, 4);
    for (int i = 0; i < many; ++i) {
        planned_trouble one;
        one.at = throws.span(milliseconds(0), it.active);
        one.length = throws.chance(0.85) ? throws.span(milliseconds(5), seconds(4))
                                         : throws.span(seconds(4), seconds(16));
        one.what = static_cast<planned_trouble::kind>(
            throws.between(0, static_cast<int>(planned_trouble::kind::last) - 1));
        it.troubles.push_back(one);
    }
}

void throw_stops(plan& it, dice throws) {
    const int many = throws.chance(0.3) ? 0 : throws.small(1, 4);
    for (int i = 0; i < many; ++i) {
        planned_stop one;
        one.what = static_cast<planned_stop::kind>(throws.between(0, 2));
        if (one.what == planned_stop::kind::drain || throws.chance(0.3))
            one.at = throws.span(milliseconds(0), it.active);
        else
            one.effects = throws.chance(0.5) ? throws.small(1, 60) : throws.small(1, 600);
        if (one.what == planned_stop::kind::drain && throws.chance(0.3)) one.effects = throws.small(1, 40);
        one.down_for = throws.chance(0.6) ? throws.span(milliseconds(0), milliseconds(500))
                                          : throws.span(milliseconds(500), seconds(20));
        one.reboots = one.what == planned_stop::kind::power_cut || throws.chance(0.05);
        it.stops.push_back(one);
    }
}

void throw_reloads(plan& it, dice throws) {
    if (!throws.chance(0.35)) return;
    const int many = throws.small(1, 4);
    for (int i = 0; i < many; ++i) {
        planned_reload one;
        one.at = throws.span(milliseconds(0), it.active);
        for (std::size_t account = 0; account < it.accounts.size(); ++account)
            if (throws.chance(0.75)) one.accounts.insert(account);
        one.changes_settings = throws.chance(0.6);
        it.reloads.push_back(std::move(one));
    }
}

// A step that is taken back before the daemon looks again (after a second) has been for nobody; what
// producers dated meanwhile is dated so.
constexpr milliseconds between_clock_steps{1500};

void throw_clock_steps(plan& it, dice throws) {
    if (!throws.chance(0.2)) return;
    const int many = throws.small(1, 2);
    for (int i = 0; i < many; ++i) {
        planned_clock_step one;
        one.at = throws.span(milliseconds(0), it.active - between_clock_steps);
        one.by = throws.chance(0.3) ? throws.span(-seconds(3), seconds(3)) : throws.span(-hours(6), hours(6));
        one.asleep = throws.chance(0.3);
        if (one.asleep) one.by = throws.span(seconds(1), hours(9));
        const bool seen = it.clock_steps.empty() ||
                          std::chrono::abs(it.clock_steps.back().at - one.at) >= between_clock_steps;
        if (seen) it.clock_steps.push_back(one);
    }
}

// What servers do to texts, and texts to which it matters.
constexpr const char* delicate_end = " Tom & Jerry's\u00A0tea \u2665\uFE0F by https://shop.example/a?b=1";

void throw_keeping(plan& it, dice throws) {
    if (throws.chance(0.4)) return;
    for (auto& one : it.conversations) {
        if (throws.chance(0.5))
            one.keeps = static_cast<keeping>(throws.between(0, static_cast<int>(keeping::last) - 1));
        one.lists_nothing = throws.chance(0.06);
        one.hides_texts |= throws.chance(0.1);
        if (throws.chance(0.15)) one.unreadable_from = throws.span(milliseconds(0), it.active / 2);
        if (one.unreadable_from && throws.chance(0.8))
            one.readable_again = *one.unreadable_from + throws.span(seconds(1), seconds(8));
    }
    for (auto& row : it.rows)
        if (throws.chance(0.7)) row.text += delicate_end;
    if (!throws.chance(0.3)) return;
    it.date_ahead = throws.span(seconds(2), seconds(55));
    if (throws.chance(0.8)) return;
    it.date_ahead = throws.span(minutes(2), throws.chance(0.5) ? minutes(10) : std::chrono::hours(14));
    for (auto& one : it.conversations) { // two distortions of one message are more than is promised
        if (one.keeps >= keeping::cut_off) one.keeps = keeping::exactly;
        one.hides_texts = false;
    }
}

void throw_lists(plan& it, dice throws) {
    for (auto& one : it.accounts)
        one.lists = throws.chance(0.6);
    for (auto& one : it.conversations) {
        one.unlisted = throws.chance(0.15);
        one.listed_as_it_was = throws.chance(0.4);
        if (throws.chance(0.2)) one.moves.push_back(throws.span(milliseconds(0), it.active));
    }
}

} // namespace

plan make_plan(std::uint64_t seed) {
    plan it;
    it.seed = seed;
    dice throws(seed * 0x2545f4914f6cdd1dU + 1);
    throw_settings(it, throws.fork());
    it.faults = throw_faults(throws.fork());
    throw_accounts(it, throws.fork());
    throw_conversations(it, throws.fork());
    throw_rows(it, throws.fork());
    throw_interventions(it, throws.fork());
    throw_troubles(it, throws.fork());
    throw_stops(it, throws.fork());
    throw_clock_steps(it, throws.fork());
    for (dice* stream : {&it.network, &it.crashes, &it.disk, &it.neighbours, &it.daemon})
        *stream = throws.fork();
    throw_reloads(it, throws.fork());
    it.teardown = throws.fork();
    it.stops_what_is_sent =
        seed % 6 == 1; // no dice: the seeds that are tests live as they did when they were found
    throw_keeping(it, throws.fork());
    throw_lists(it, throws.fork());
    return it;
}

} // namespace cannedd::simulation
