#include "page/words.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include <date/date.h>

namespace cannedd {
namespace {

constexpr std::size_t repeated_min = 12; // bytes that words and text must share to be a repetition
constexpr std::string_view left_out = "[…]";

std::string two_units(std::int64_t large, const char* first, std::int64_t small, const char* second) {
    auto words = std::to_string(large) + first;
    if (small > 0) words += ' ' + std::to_string(small) + second;
    return words;
}

// How many bytes at the begin of the words stand in the text as well, when it is at least so many.
std::size_t repeated(std::string_view words, std::string_view text, std::size_t least) {
    const auto at = words.size() < least ? text.npos : text.find(words.substr(0, least));
    if (at == text.npos) return 0;
    const auto there = text.substr(at);
    return static_cast<std::size_t>(std::ranges::mismatch(words, there).in1 - words.begin());
}

} // namespace

std::string span_words(milliseconds span) {
    const auto ms = std::max<std::int64_t>(span.count(), 0);
    if (ms < 100) return std::to_string(ms) + " ms";
    if (ms < 9950 && (ms + 50) / 100 % 10 == 0) return std::to_string((ms + 50) / 1000) + " s";
    if (ms < 9950) {
        std::array<char, 16> tenths{};
        std::snprintf(tenths.data(), tenths.size(), "%.1f s", static_cast<double>(ms) / 1000);
        return tenths.data();
    }
    const auto s = (ms + 500) / 1000;
    if (s < 60) return std::to_string(s) + " s";
    if (s < 3600) return std::to_string(s / 60) + " min";
    if (s < 86'400) return two_units(s / 3600, " h", s % 3600 / 60, " min");
    return two_units(s / 86'400, " d", s % 86'400 / 3600, " h");
}

std::string clock_words(wall_time time, wall_time now) {
    const bool today = std::chrono::floor<date::days>(time) == std::chrono::floor<date::days>(now);
    return date::format(today ? "%T" : "%e %b %H:%M", std::chrono::floor<seconds>(time));
}

std::string grouped(std::int64_t count) {
    auto digits = std::to_string(count);
    for (auto at = digits.size(); at > 3; at -= 3)
        digits.insert(at - 3, 1, ',');
    return digits;
}

std::string counted(std::int64_t count, std::string_view one, std::string_view many) {
    return grouped(count) + ' ' + std::string(count == 1 ? one : many);
}

std::string quoted_sql(std::string_view name) {
    std::string quoted = "'";
    for (const char letter : name)
        quoted += letter == '\'' ? "''" : std::string(1, letter);
    return quoted + "'";
}

std::int64_t messages_of(const account_facts& account, message_status status) {
    return account.queue.messages.at(static_cast<std::size_t>(status));
}

std::int64_t messages_in(const page_facts& facts, message_status status) {
    std::int64_t sum = 0;
    for (const auto& account : facts.accounts)
        sum += messages_of(account, status);
    return sum;
}

std::string without_text(std::string_view words, std::string_view text) {
    const auto least = std::min(repeated_min, std::max<std::size_t>(text.size(), 4));
    std::string kept;
    while (!words.empty()) {
        const auto same = repeated(words, text, least);
        if (same > 0)
            kept += left_out;
        else
            kept += words.front();
        words.remove_prefix(std::max<std::size_t>(same, 1));
    }
    return kept;
}

std::string problem_sentence(const problem_row& problem, bool show_texts) {
    if (show_texts) return problem.detail;
    if (problem.status == message_status::unconfirmed) // its detail may tell both texts
        return "It may or may not have been delivered: look at the conversation, then set status = 'sent', "
               "'failed' or 'pending'. Its error_detail says what was found there.";
    return without_text(problem.detail, problem.text);
}

} // namespace cannedd
