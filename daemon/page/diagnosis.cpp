#include "page/diagnosis.hpp"

#include "page/words.hpp"

#include <algorithm>

namespace cannedd {
namespace {

constexpr minutes late{10};

bool lies_ahead(const std::optional<wall_time>& moment, wall_time now) {
    return moment && *moment > now;
}

std::string waiting_words(std::int64_t waiting) {
    if (waiting == 0) return "Nothing waits for it.";
    return counted(waiting, "message waits.", "messages wait.");
}

notice notice_of_store(const page_facts& facts) {
    notice it;
    it.how = concern::trouble;
    it.title = "The database is in trouble";
    it.sentence = facts.store_trouble + ". Nothing new is sent until it works again; results are kept.";
    return it;
}

notice notice_of_reading(const page_facts& facts) {
    notice it;
    it.title = "The queue could not be read for this page";
    it.sentence = facts.reading_trouble + ". What follows lacks its numbers.";
    return it;
}

notice notice_of_account(const account_facts& account, const account_state& state) {
    const auto& name = account.queue.name;
    notice it;
    it.how = state.how;
    it.title = "Account " + name + ": " + state.name;
    const auto* const end = state.sentence.ends_with('.') ? " " : ". ";
    it.sentence = state.sentence + end + waiting_words(messages_of(account, message_status::pending));
    if (account.paused)
        it.command = "UPDATE accounts SET paused = 0 WHERE account = " + quoted_sql(name) + ";";
    return it;
}

notice notice_of_lateness(const account_facts& account, wall_time now) {
    notice it;
    it.title = "Account " + account.queue.name + " is late";
    it.sentence = "Its oldest message has waited for " + span_words(now - *account.queue.oldest) + "; " +
                  counted(messages_of(account, message_status::pending), "waits", "wait") + ", and at most " +
                  std::to_string(account.requests_per_minute) + " requests a minute may leave.";
    it.command = "SELECT * FROM queue_due WHERE account = " + quoted_sql(account.queue.name) + ";";
    return it;
}

notice notice_of_decisions(std::int64_t unconfirmed, std::int64_t held) {
    notice it;
    it.title = counted(unconfirmed + held, "message waits for a person", "messages wait for a person");
    if (unconfirmed > 0)
        it.sentence =
            counted(unconfirmed, "is", "are") + " unconfirmed: nobody can tell whether it was read. ";
    if (held > 0) it.sentence += counted(held, "is", "are") + " held.";
    it.command = "SELECT * FROM queue_problems WHERE status IN ('unconfirmed', 'held');";
    return it;
}

std::vector<notice> all_notices(const page_facts& facts) {
    std::vector<notice> found;
    if (!facts.store_trouble.empty()) found.push_back(notice_of_store(facts));
    if (!facts.reading_trouble.empty()) found.push_back(notice_of_reading(facts));
    for (const auto& account : facts.accounts) {
        if (!account.configured) continue;
        const auto state = state_of(account, facts.now);
        if (state.how != concern::none)
            found.push_back(notice_of_account(account, state));
        else if (account.queue.oldest && facts.now - *account.queue.oldest > late)
            found.push_back(notice_of_lateness(account, facts.now));
    }
    const auto unconfirmed = messages_in(facts, message_status::unconfirmed);
    const auto held = messages_in(facts, message_status::held);
    if (unconfirmed + held > 0) found.push_back(notice_of_decisions(unconfirmed, held));
    std::ranges::stable_sort(found, std::ranges::greater(), &notice::how);
    return found;
}

// No notice: they are over, and stay in the queue for weeks.
std::string calm_headline(const page_facts& facts) {
    const auto rows =
        messages_in(facts, message_status::failed) + messages_in(facts, message_status::expired);
    if (rows == 0) return "All is well";
    return "Nothing stands still, " + counted(rows, "row needs a look", "rows need a look");
}

std::string summary_of(const page_facts& facts) {
    const auto waiting = messages_in(facts, message_status::pending);
    std::string words =
        waiting == 0 ? "Nothing waits. " : counted(waiting, "message waits. ", "messages wait. ");
    const auto period = facts.watched < minutes(60) ? "since the start " + span_words(facts.watched) + " ago"
                                                    : std::string("in the last hour");
    if (facts.whole_hour.sent == 0) return words + "None was sent " + period + ".";
    return words + counted(facts.whole_hour.sent, "was sent ", "were sent ") + period +
           ", half of them within " + span_words(facts.whole_hour.median) + ".";
}

} // namespace

account_state state_of(const account_facts& account, wall_time now) {
    account_state state{.how = concern::none, .name = "delivering", .sentence = {}};
    if (!account.configured) {
        state = {.how = concern::attention,
                 .name = "not configured",
                 .sentence = "Rows name accounts that the configuration does not have."};
    } else if (account.paused) {
        const auto& reason = account.queue.paused_reason;
        state = {.how = concern::trouble,
                 .name = "paused",
                 .sentence = reason.empty() ? "It was paused by an operator." : reason};
    } else if (account.breaker_open) {
        state = {.how = concern::trouble,
                 .name = "unreachable",
                 .sentence = "The API or the network is down; its messages lose no attempt."};
        if (lies_ahead(account.queue.breaker_until, now))
            state.sentence +=
                " One request tries again at " + clock_words(*account.queue.breaker_until, now) + ".";
    } else if (lies_ahead(account.queue.blocked_until, now)) {
        state = {.how = concern::attention,
                 .name = "told to wait",
                 .sentence = "The API said to slow down: nothing leaves before " +
                             clock_words(*account.queue.blocked_until, now) + "."};
    }
    return state;
}

page_diagnosis diagnose(const page_facts& facts) {
    page_diagnosis diagnosis;
    diagnosis.notices = all_notices(facts);
    diagnosis.summary = summary_of(facts);
    if (diagnosis.notices.empty()) {
        diagnosis.headline = calm_headline(facts);
        return diagnosis;
    }
    diagnosis.how = diagnosis.notices.front().how;
    diagnosis.headline = diagnosis.notices.size() == 1
                             ? diagnosis.notices.front().title
                             : std::to_string(diagnosis.notices.size()) + " things need a look";
    if (diagnosis.notices.size() > notices_max) {
        diagnosis.more = diagnosis.notices.size() - notices_max;
        diagnosis.notices.resize(notices_max);
    }
    return diagnosis;
}

} // namespace cannedd
