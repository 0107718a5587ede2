#include "page/sections.hpp"

#include "page/words.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace cannedd {
namespace {

constexpr std::array<const char*, age_limits.size() + 1> age_names{
    "under 1 min", "1–5 min", "5–15 min", "15–60 min", "1–6 h", "6–24 h", "over a day"};
constexpr std::array states_in_order{
    message_status::pending, message_status::sending, message_status::held,    message_status::unconfirmed,
    message_status::sent,    message_status::failed,  message_status::expired, message_status::cancelled};
constexpr std::size_t groups_shown = 12;
constexpr std::size_t ids_shown = 6;
constexpr std::size_t text_bytes_shown = 160;

void open_section(html& page, html::literal title, const std::string& aside) {
    page.markup("<section><div class=\"title\"><h2>").markup(title).markup("</h2><p>");
    page.text(aside).markup("</p></div>");
}

// --- accounts

// Those that something is wrong with first, then those that have most to do.
std::vector<const account_facts*> in_order(const page_facts& facts) {
    std::vector<const account_facts*> order;
    for (const auto& account : facts.accounts)
        order.push_back(&account);
    const auto rank = [&](const account_facts* it) {
        return std::tuple(state_of(*it, facts.now).how, messages_of(*it, message_status::pending), it->sent);
    };
    std::ranges::stable_sort(order, std::ranges::greater(), rank);
    return order;
}

void write_number(html& page, html::literal label, std::int64_t value, const std::string& below = {}) {
    page.markup("<td class=\"n\" data-label=\"").markup(label).markup("\">");
    if (value == 0)
        page.markup("<span class=\"zero\">0</span>");
    else
        page.text(grouped(value));
    if (!below.empty()) page.markup("<span class=\"why\">").text(below).markup("</span>");
    page.markup("</td>");
}

void write_rate(html& page, const account_facts& account, wall_time now) {
    page.markup("<td>");
    if (account.configured) {
        const auto all = std::max(account.requests_per_minute, 1);
        const auto left = std::max<std::int64_t>(all - account.requests, 0);
        page.text(grouped(account.requests) + " used, " + grouped(left) + " left of " + grouped(all));
        const auto share = 100.0 * static_cast<double>(account.requests) / all;
        page.markup("<span class=\"meter\"><i style=\"width:")
            .coordinate(std::min(share, 100.0))
            .markup("%\"></i></span>");
        const auto& queue = account.queue;
        if (queue.requests_allowed && queue.requests_used && queue.window_resets_at > now)
            page.markup("<span class=\"why\">")
                .text("Genesys counts " + grouped(*queue.requests_used) + " of " +
                      grouped(*queue.requests_allowed) + " until " +
                      clock_words(*queue.window_resets_at, now))
                .markup("</span>");
    }
    page.markup("</td>");
}

void write_account(html& page, const account_facts& account, wall_time now) {
    const auto state = state_of(account, now);
    page.markup("<tr><td><span class=\"name\">")
        .text(account.queue.name)
        .markup("</span> <span class=\"pill ");
    write_tone(page, state.how);
    page.markup("\">").text(state.name).markup("</span>");
    if (!state.sentence.empty()) page.markup("<span class=\"why\">").text(state.sentence).markup("</span>");
    page.markup("</td>");
    write_rate(page, account, now);
    const auto& oldest = account.queue.oldest;
    write_number(page, "Waiting", messages_of(account, message_status::pending),
                 oldest ? "oldest " + span_words(now - *oldest) : std::string());
    const auto doubts = static_cast<std::int64_t>(account.in_doubt);
    write_number(page, "On their way", static_cast<std::int64_t>(account.in_flight),
                 doubts > 0 ? grouped(doubts) + " in doubt" : std::string());
    write_number(page, "Sent, last hour", account.sent);
    page.markup("</tr>");
}

// --- queue

void write_cell(html& page, const std::string& name, std::int64_t value, bool capped, double share,
                html::literal shade) {
    page.markup("<div style=\"--weight:").coordinate(value > 0 ? 0.1 + 0.3 * share : 0);
    page.markup(";--shade:var(").markup(shade).markup(")\"><dt>").text(name);
    if (value == 0)
        page.markup("</dt><dd class=\"zero\">");
    else
        page.markup("</dt><dd>");
    page.text(grouped(value)).text(capped ? "+" : "").markup("</dd></div>");
}

html::literal shade_of(message_status status) {
    switch (status) {
    case message_status::pending:
    case message_status::sending: return "--blue";
    case message_status::sent: return "--good";
    case message_status::cancelled: return "--soft";
    default: return "--warn";
    }
}

void write_states(html& page, const page_facts& facts) {
    page.markup("<dl class=\"strip\" style=\"--cells:8\">");
    for (const auto status : states_in_order)
        write_cell(page, std::string(name_of(status)), messages_in(facts, status), false, 0,
                   shade_of(status));
    page.markup("</dl>");
}

void write_ages(html& page, const page_facts& facts) {
    age_counts ages{};
    std::array<bool, age_limits.size() + 1> capped{};
    std::int64_t all = 0;
    for (const auto& account : facts.accounts)
        for (std::size_t slot = 0; slot < ages.size(); ++slot) {
            ages.at(slot) += account.queue.ages.at(slot);
            all += account.queue.ages.at(slot);
            capped.at(slot) = capped.at(slot) || account.queue.ages.at(slot) >= counted_max;
        }
    page.markup("<p class=\"caption\">What is pending, by the time since it was inserted</p>"
                "<dl class=\"strip\" style=\"--cells:7\">");
    for (std::size_t slot = 0; slot < ages.size(); ++slot)
        write_cell(page, age_names.at(slot), ages.at(slot), capped.at(slot),
                   all > 0 ? static_cast<double>(ages.at(slot)) / static_cast<double>(all) : 0, "--blue");
    page.markup("</dl>");
}

// --- problems

// Rows of one account with the same end are told once, by the newest of them.
struct problem_group {
    const problem_row* newest = nullptr;
    std::vector<std::int64_t> ids;
};

std::vector<problem_group> grouped_problems(const page_facts& facts) {
    std::vector<problem_group> groups;
    std::map<std::tuple<std::string, message_status, std::string>, std::size_t> place;
    for (const auto& row : facts.problems) {
        const auto [at, fresh] = place.try_emplace({row.account, row.status, row.error}, groups.size());
        if (fresh) groups.push_back({.newest = &row, .ids = {}});
        groups.at(at->second).ids.push_back(row.id);
    }
    return groups;
}

std::string ids_words(const std::vector<std::int64_t>& ids) {
    std::string words = ids.size() == 1 ? "row " : "rows ";
    for (std::size_t at = 0; at < std::min(ids.size(), ids_shown); ++at)
        words += (at > 0 ? ", " : "") + std::to_string(ids.at(at));
    if (ids.size() > ids_shown)
        words += " and " + grouped(static_cast<std::int64_t>(ids.size() - ids_shown)) + " more";
    return words;
}

concern concern_of(message_status status) {
    const bool waits = status == message_status::unconfirmed || status == message_status::held;
    return waits ? concern::attention : concern::trouble;
}

// How a row ended that has no code.
std::string_view ended_by(message_status status) {
    return status == message_status::expired ? "its time passed" : "by a person";
}

void write_group(html& page, const problem_group& group, const page_facts& facts) {
    const auto& row = *group.newest;
    page.markup("<li><h3><span class=\"pill ");
    write_tone(page, concern_of(row.status));
    page.markup("\">").text(name_of(row.status)).markup("</span><code>");
    page.text(row.error.empty() ? ended_by(row.status) : row.error).markup("</code><span>");
    page.text(ids_words(group.ids)).markup("</span><span>");
    page.text(span_words(facts.now - row.since) + " ago").markup("</span></h3>");
    if (const auto sentence = problem_sentence(row, facts.show_texts); !sentence.empty())
        page.markup("<p>").text(sentence).markup("</p>");
    if (facts.show_texts && !row.text.empty())
        page.markup("<p><q>").text(std::string_view(row.text).substr(0, text_bytes_shown)).markup("</q></p>");
    page.markup("<p class=\"where\">").text(row.account).markup(" · <span class=\"id\">");
    page.text(row.conversation).markup("</span></p></li>");
}

} // namespace

void write_tone(html& page, concern how) {
    switch (how) {
    case concern::none: page.markup("none"); break;
    case concern::attention: page.markup("attention"); break;
    case concern::trouble: page.markup("trouble"); break;
    }
}

void write_accounts(html& page, const page_facts& facts) {
    const auto order = in_order(facts);
    open_section(page, "Accounts", "Rate: requests in the last minute");
    page.markup("<div class=\"card\"><table class=\"accounts\"><thead><tr><th>Account</th><th>Rate</th>"
                "<th class=\"n\">Waiting</th><th class=\"n\">On their way</th>"
                "<th class=\"n\">Sent, last hour</th></tr></thead><tbody>");
    for (std::size_t at = 0; at < std::min(order.size(), accounts_shown); ++at)
        write_account(page, *order.at(at), facts.now);
    page.markup("</tbody></table>");
    if (order.size() > accounts_shown)
        page.markup("<p class=\"caption\">")
            .text("And " + std::to_string(order.size() - accounts_shown) + " more that have less to do.")
            .markup("</p>");
    page.markup("</div></section>");
}

void write_queue(html& page, const page_facts& facts) {
    open_section(page, "The queue", {});
    page.markup("<div class=\"card\">");
    write_states(page, facts);
    write_ages(page, facts);
    page.markup("</div></section>");
}

void write_problems(html& page, const page_facts& facts) {
    const auto groups = grouped_problems(facts);
    open_section(page, "Problems",
                 groups.empty() ? "" : "The newest of each kind; all of them: SELECT * FROM queue_problems");
    page.markup("<div class=\"card\">");
    if (groups.empty()) {
        page.markup("<p class=\"empty\">No message has failed, expired, or waits for a person.</p>");
    } else {
        page.markup("<ul class=\"problems\">");
        for (std::size_t at = 0; at < std::min(groups.size(), groups_shown); ++at)
            write_group(page, groups.at(at), facts);
        page.markup("</ul>");
    }
    page.markup("</div></section>");
}

void write_doubts(html& page, const page_facts& facts) {
    if (facts.doubts.empty()) return;
    open_section(page, "In doubt", "Sent without an answer: read back before anything is said twice");
    page.markup("<div class=\"card\"><table><thead><tr><th>Row</th><th>Account</th><th>Conversation</th>"
                "<th class=\"n\">For</th></tr></thead><tbody>");
    for (const auto& doubt : facts.doubts) {
        page.markup("<tr><td>").text(std::to_string(doubt.id)).markup("</td><td>").text(doubt.account);
        page.markup("</td><td class=\"id\">").text(doubt.conversation).markup("</td><td class=\"n\">");
        page.text(span_words(facts.now - doubt.since)).markup("</td></tr>");
    }
    page.markup("</tbody></table></div></section>");
}

} // namespace cannedd
