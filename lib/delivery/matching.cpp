#include "delivery/matching.hpp"

#include "text/likeness.hpp"

#include <algorithm>

namespace cannedd {
namespace {

// Stamps may be cut to whole seconds.
constexpr milliseconds cut_off{2000};
// The clock whose Date we read may be ahead of the one that stamps messages.
constexpr milliseconds clocks_apart = minutes(1);
// From an attempt's begin until its message has its stamp.
constexpr milliseconds stamped_within = minutes(1);
// The same words from so long before were said before, whatever the clocks show.
constexpr milliseconds long_before = minutes(30);

struct candidate {
    remote_message shown;
    std::string text; // folded
};

bool tells_no_text(const remote_message& m) {
    return m.unread || m.text.empty();
}

bool is_since(const remote_message& m, wall_time since) {
    return m.timestamp == wall_time() || m.timestamp >= since - clocks_apart;
}

wall_time newest_of(const std::vector<remote_message>& messages) {
    wall_time newest;
    for (const auto& m : messages)
        newest = std::max(newest, m.timestamp);
    return newest;
}

// How far the server's clock is ahead of the one that stamps messages, at most.
milliseconds ahead_at_most(const match_question& question) {
    const auto newest = newest_of(question.outbound);
    if (question.read_at == wall_time() || newest == wall_time()) return clocks_apart;
    auto ahead = std::max(question.read_at, question.since) - newest + cut_off;
    const bool is_steady =
        question.read_at + cut_off >= question.since; // else what it told before tells nothing
    for (const auto& row : question.spoken) {
        if (row.remote_message_id.empty() || !is_steady) continue;
        const auto own = std::ranges::find(question.outbound, row.remote_message_id, &remote_message::id);
        if (own == question.outbound.end() || own->timestamp == wall_time()) continue;
        ahead = std::min(ahead, row.started_at + stamped_within - own->timestamp);
    }
    return std::max(ahead, clocks_apart);
}

class judgement {
public:
    judgement(const match_question& question, std::string text)
        : question_(question)
        , text_(std::move(text))
        , may_be_stamped_(question.since - ahead_at_most(question)) {
        sort_out();
    }

    match_answer answer();

private:
    void sort_out();
    void serve_others(match_answer& told);
    void serve(const spoken_message& row, match_answer& told);
    std::optional<remote_message> take(wall_time since, milliseconds ahead);
    bool any_unsure_since(wall_time since) const;
    bool may_be_ours(const remote_message& m) const;
    bool any_same_may_be_ours() const;
    void look_for_doubt(match_answer& told) const;
    const candidate* nearly_ours() const;
    bool lists_too_little() const;

    const match_question& question_;
    std::string text_;
    wall_time may_be_stamped_;           // ours, at the earliest
    std::vector<remote_message> same_;   // by time
    std::vector<remote_message> unsure_; // tell no text, or the text and no time
    std::vector<candidate> rest_;        // say something else
    bool shaken_ = false;                // whose one was, nobody knows: nor whose the next ones are
    bool reserved_ = false;              // one that could be ours may be another row's
};

void judgement::sort_out() {
    for (const auto& m : question_.outbound) {
        if (std::ranges::find(question_.owned, m.id) != question_.owned.end()) continue;
        auto text = folded(m.text);
        const bool is_same = !tells_no_text(m) && text == text_;
        if (tells_no_text(m) || (is_same && m.timestamp == wall_time()))
            unsure_.push_back(m);
        else if (is_same)
            same_.push_back(m);
        else
            rest_.push_back({.shown = m, .text = std::move(text)});
    }
    std::ranges::stable_sort(same_, {}, &remote_message::timestamp);
}

bool judgement::any_unsure_since(wall_time since) const {
    return std::ranges::any_of(unsure_, [since](const auto& m) { return is_since(m, since); });
}

bool judgement::may_be_ours(const remote_message& m) const {
    return m.timestamp == wall_time() || m.timestamp >= may_be_stamped_;
}

bool judgement::any_same_may_be_ours() const {
    return std::ranges::any_of(same_, [this](const auto& m) {
        return may_be_ours(m) || m.timestamp >= question_.since - long_before;
    });
}

// The first that is not before; where there is none, or it came so late that it is another's, one from before
// it, by as much as the clock that told `since` may be ahead: the last of a minute, the first of more.
std::optional<remote_message> judgement::take(wall_time since, milliseconds ahead) {
    const auto first_since = [this](wall_time moment) {
        return std::ranges::find_if(same_, [moment](const auto& m) { return m.timestamp >= moment; });
    };
    auto found = first_since(since - cut_off);
    const bool is_late = found == same_.end() || found->timestamp > since + stamped_within + clocks_apart;
    if (is_late && found != same_.begin() && is_since(*std::prev(found), since))
        --found;
    else if (is_late && ahead > clocks_apart)
        found = first_since(since - ahead);
    if (found == same_.end()) return std::nullopt;
    std::optional<remote_message> taken = std::move(*found);
    same_.erase(found);
    return taken;
}

void judgement::serve(const spoken_message& row, match_answer& told) {
    // It was certainly said: else one of a clock that is far ahead takes what an identical later row said.
    const auto taken = take(row.started_at, question_.since - may_be_stamped_);
    if (!taken) return;
    shaken_ = shaken_ || any_unsure_since(row.started_at);
    if (shaken_) { // it may be the row's, and it may be ours
        reserved_ = reserved_ || is_since(*taken, question_.since);
        return;
    }
    remote_claim claim;
    claim.message_id = row.id;
    claim.remote_message_id = taken->id;
    told.others.push_back(std::move(claim));
}

void judgement::serve_others(match_answer& told) {
    std::vector<const spoken_message*> rows;
    for (const auto& row : question_.spoken) {
        if (!row.remote_message_id.empty()) continue;
        const auto text = folded(row.text);
        if (text == text_)
            rows.push_back(&row);
        else
            std::erase_if(rest_, [&](const candidate& one) { return one.text == text; });
    }
    std::ranges::stable_sort(rows, {}, &spoken_message::started_at);
    for (const auto* row : rows)
        serve(*row, told);
}

// Messages of ours that were accepted before must be there.
bool judgement::lists_too_little() const {
    const auto is_missing = [this](const spoken_message& row) {
        return !row.remote_message_id.empty() && row.started_at < question_.since &&
               row.started_at >= question_.since - listed_within &&
               std::ranges::find(question_.listed, row.remote_message_id) == question_.listed.end();
    };
    return std::ranges::any_of(question_.spoken, is_missing);
}

const candidate* judgement::nearly_ours() const {
    const auto found = std::ranges::find_if(rest_, [this](const candidate& one) {
        return may_be_ours(one.shown) && likeness_of(question_.text, one.shown.text) == likeness::near;
    });
    return found == rest_.end() ? nullptr : &*found;
}

void judgement::look_for_doubt(match_answer& told) const {
    if (std::ranges::any_of(unsure_, [this](const auto& m) { return may_be_ours(m); }))
        told.why = match_doubt::tells_too_little;
    else if (reserved_)
        told.why = match_doubt::may_be_anothers;
    else if (any_same_may_be_ours())
        told.why = match_doubt::too_old;
    else if (const auto* one = nearly_ours()) {
        told.why = match_doubt::nearly;
        told.nearly_text = one->shown.text;
    } else if (lists_too_little())
        told.why = match_doubt::lists_too_little;
    else if (question_.listed.empty()) // in a conversation somebody has always said something
        told.why = match_doubt::lists_nothing;
}

match_answer judgement::answer() {
    match_answer told;
    serve_others(told);
    told.mine = take(question_.since, clocks_apart);
    if (!told.mine) look_for_doubt(told);
    return told;
}

} // namespace

std::vector<std::string> ids_of(const std::vector<remote_message>& messages) {
    std::vector<std::string> ids;
    ids.reserve(messages.size());
    for (const auto& m : messages)
        ids.push_back(m.id);
    return ids;
}

std::string_view sentence_of(match_doubt why) {
    switch (why) {
    case match_doubt::tells_too_little:
        return "the conversation shows a message that may be this one: Genesys does not tell its text or its "
               "time";
    case match_doubt::may_be_anothers:
        return "the conversation shows its text, but it may be that of another message";
    case match_doubt::too_old: return "the conversation shows its text with a time from before it was sent";
    case match_doubt::nearly: return "the conversation shows a text that is nearly this one";
    case match_doubt::lists_too_little:
        return "the conversation does not list what was certainly sent, so that nothing can be told from it";
    case match_doubt::lists_nothing:
        return "the conversation lists no message of anybody, so that nothing can be told from it";
    case match_doubt::none: break;
    }
    return "";
}

wall_time earliest_of_interest(const match_question& question) {
    const auto text = folded(question.text);
    auto earliest = question.since;
    for (const auto& row : question.spoken)
        if (row.remote_message_id.empty() && folded(row.text) == text)
            earliest = std::min(earliest, row.started_at);
    return earliest;
}

match_answer match(const match_question& question) {
    return judgement(question, folded(question.text)).answer();
}

} // namespace cannedd
