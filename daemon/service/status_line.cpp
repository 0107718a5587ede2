#include "service/status_line.hpp"

#include <algorithm>

#include <date/date.h>

namespace cannedd {
namespace {

// Its end says what to do; systemctl wraps it.
constexpr std::size_t reason_bytes_max = 480;
constexpr std::size_t names_max = 3;

// A character is not cut in two.
std::string shortened(const std::string& words) {
    if (words.size() <= reason_bytes_max) return words;
    auto end = reason_bytes_max;
    while (end > 0 && (static_cast<unsigned char>(words.at(end)) & 0xC0U) == 0x80U)
        --end;
    return words.substr(0, end) + "...";
}

class sentence {
public:
    void add(const std::string& words) {
        if (!text_.empty()) text_ += "; ";
        text_ += words;
    }
    void add_names(const std::vector<std::string>& names, const std::string& what) {
        if (names.empty()) return;
        std::string words = names.size() == 1 ? "account " : "accounts ";
        for (std::size_t at = 0; at < std::min(names.size(), names_max); ++at)
            words += (at > 0 ? ", " : "") + names.at(at);
        if (names.size() > names_max) words += " and " + std::to_string(names.size() - names_max) + " more";
        add(words + ' ' + what);
    }
    std::string take() { return std::move(text_); }

private:
    std::string text_;
};

template<typename Property>
std::vector<std::string> names_of(const service_facts& facts, Property is) {
    std::vector<std::string> names;
    for (const auto& one : facts.accounts)
        if (is(one)) names.push_back(one.name);
    return names;
}

std::string pending_words(const service_facts& facts) {
    const auto rows = std::to_string(facts.pending);
    if (!facts.next_at) return rows + " waiting";
    return rows + " planned, the next at " +
           date::format("%F %T UTC", std::chrono::floor<seconds>(*facts.next_at));
}

std::string queue_words(const service_facts& facts) {
    auto words = pending_words(facts) + ", " + std::to_string(facts.sending) + " on their way";
    if (facts.in_doubt > 0) words += " (" + std::to_string(facts.in_doubt) + " in doubt)";
    if (facts.held > 0) words += ", " + std::to_string(facts.held) + " held";
    if (facts.unconfirmed > 0) words += ", " + std::to_string(facts.unconfirmed) + " unconfirmed";
    return words;
}

} // namespace

std::string stopped_line(const service_facts& facts) {
    return "stopped: " + std::to_string(facts.pending) + " waiting" +
           (facts.sending > 0 ? ", " + std::to_string(facts.sending) + " in doubt until the next start" : "");
}

std::string status_line(const service_facts& facts) {
    sentence told;
    if (!facts.store_trouble.empty()) told.add("database: " + shortened(facts.store_trouble));
    std::size_t reasons = 0;
    std::vector<std::string> more_paused;
    for (const auto& one : facts.accounts) {
        if (!one.paused) continue;
        if (reasons++ == 0)
            told.add("account " + one.name + " is paused: " + shortened(one.paused_reason));
        else
            more_paused.push_back(one.name);
    }
    told.add_names(more_paused, more_paused.size() == 1 ? "is paused as well" : "are paused as well");
    told.add_names(names_of(facts, [](const auto& one) { return one.unreachable && !one.paused; }),
                   "cannot reach the API");
    if (!facts.refused_reload.empty())
        told.add("the last reload was refused: " + shortened(facts.refused_reload));
    if (!facts.restart_needed.empty()) told.add("a restart is needed: " + shortened(facts.restart_needed));
    if (!facts.metrics_trouble.empty())
        told.add("metrics are not served: " + shortened(facts.metrics_trouble));
    if (facts.reload_waits) told.add("a new configuration waits for the database");
    const auto slow = names_of(facts, [](const auto& one) { return one.told_to_wait && !one.paused; });
    told.add_names(slow, slow.size() == 1 ? "was told to slow down" : "were told to slow down");
    const auto wrong = told.take();
    return wrong.empty() ? "delivering: " + queue_words(facts) : wrong + "; " + queue_words(facts);
}

} // namespace cannedd
