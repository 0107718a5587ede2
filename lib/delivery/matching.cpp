#include "delivery/matching.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include <utf8proc.h>

namespace cannedd {
namespace {

// Stamps may be cut to whole seconds, and not all of the servers have the same clock: this much earlier than
// the attempt's begin still counts.
constexpr milliseconds tolerance{2000};

std::string composed(const std::string& text) {
    utf8proc_uint8_t* out = nullptr;
    const auto* in = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    constexpr auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    const auto length = utf8proc_map(in, static_cast<utf8proc_ssize_t>(text.size()), &out, options);
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(out, &std::free);
    if (length < 0) return text; // not UTF-8: compared as it is
    return {reinterpret_cast<const char*>(out), static_cast<std::size_t>(length)};
}

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

} // namespace

std::string normalised(const std::string& text) {
    std::string out;
    for (const char c : composed(text)) {
        if (!is_blank(c))
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    if (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

wall_time earliest_of_interest(const match_question& question) {
    const auto text = normalised(question.text);
    auto earliest = question.since;
    for (const auto& row : question.unnamed)
        if (normalised(row.text) == text) earliest = std::min(earliest, row.started_at);
    return earliest;
}

match_answer match(const match_question& question) {
    const auto text = normalised(question.text);
    const auto not_before = [&](const remote_message& m, wall_time since) {
        return m.timestamp >= since - tolerance;
    };
    const auto may_be_of = [&](const remote_message& m, wall_time since) { // m tells no text, or no time
        return m.timestamp == wall_time() || not_before(m, since);
    };
    std::vector<remote_message> free, unsure;
    for (const auto& m : question.outbound) {
        const bool is_owned =
            std::find(question.owned.begin(), question.owned.end(), m.id) != question.owned.end();
        if (is_owned || (!m.unread && normalised(m.text) != text)) continue;
        (m.unread || m.timestamp == wall_time() ? unsure : free).push_back(m);
    }
    const auto any_unsure_of = [&](wall_time since) {
        return std::any_of(unsure.begin(), unsure.end(), [&](const auto& m) { return may_be_of(m, since); });
    };
    std::stable_sort(free.begin(), free.end(),
                     [](const auto& a, const auto& b) { return a.timestamp < b.timestamp; });

    auto unnamed = question.unnamed;
    std::erase_if(unnamed, [&](const auto& row) { return normalised(row.text) != text; });
    std::stable_sort(unnamed.begin(), unnamed.end(),
                     [](const auto& a, const auto& b) { return a.started_at < b.started_at; });

    const auto take = [&](wall_time since) {
        const auto found =
            std::find_if(free.begin(), free.end(), [&](const auto& m) { return not_before(m, since); });
        std::optional<remote_message> taken;
        if (found == free.end()) return taken;
        taken = *found;
        free.erase(found);
        return taken;
    };
    match_answer answer;
    answer.perhaps = any_unsure_of(question.since);
    for (const auto& row : unnamed) {
        const auto taken = take(row.started_at);
        if (!taken) continue;
        if (any_unsure_of(row.started_at)) { // that one may be the row's, and this one ours
            answer.perhaps = answer.perhaps || not_before(*taken, question.since);
            continue;
        }
        remote_claim claim;
        claim.message_id = row.id;
        claim.remote_message_id = taken->id;
        answer.others.push_back(std::move(claim));
    }
    answer.mine = take(question.since);
    if (answer.mine) answer.perhaps = false;
    return answer;
}

} // namespace cannedd
