// Which conversations have a message in flight, and when each may have the next. One message at a time per
// conversation, also when one row names the conversation and another only its agent.
#pragma once

#include "policy/conversation_pace.hpp"

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace cannedd {

class conversation_book;

// The right to have the conversation's one message in flight; given back when it goes out of scope.
class conversation_seat {
public:
    conversation_seat(conversation_seat&& other) noexcept
        : book_(std::exchange(other.book_, nullptr)), conversation_(std::move(other.conversation_)) {}
    conversation_seat& operator=(conversation_seat&& other) noexcept {
        std::swap(book_, other.book_);
        std::swap(conversation_, other.conversation_);
        return *this;
    }
    inline ~conversation_seat();
    const std::string& conversation() const { return conversation_; }

private:
    friend class conversation_book;
    conversation_seat(conversation_book& book, std::string conversation)
        : book_(&book), conversation_(std::move(conversation)) {}
    conversation_book* book_;
    std::string conversation_;
};

// Outlives its seats.
class conversation_book {
public:
    // Nothing: another message is in flight there.
    std::optional<conversation_seat> enter(const std::string& conversation) {
        if (!busy_.insert(conversation).second) return std::nullopt;
        return conversation_seat(*this, conversation);
    }
    bool busy(const std::string& conversation) const { return busy_.contains(conversation); }

    // When the conversation may have its next message; the past means at once.
    steady_time next(const std::string& conversation) const {
        const auto found = paces_.find(conversation);
        return found == paces_.end() ? steady_time::min() : found->second.next();
    }
    // The same, if one more were sent now.
    steady_time next_after(const std::string& conversation, steady_time now,
                           const pace_settings& pace) const {
        const auto found = paces_.find(conversation);
        auto it = found == paces_.end() ? conversation_pace(pace) : found->second;
        it.take(now);
        return it.next();
    }
    void sent(const std::string& conversation, steady_time now, const pace_settings& pace) {
        if (paces_.size() >= paces_max)
            std::erase_if(paces_, [&](const auto& p) { return p.second.idle(now); });
        paces_.try_emplace(conversation, pace).first->second.take(now);
    }

private:
    friend class conversation_seat;
    void leave(const std::string& conversation) { busy_.erase(conversation); }

    static constexpr std::size_t paces_max = 10'000; // above it, those with nothing to remember are dropped
    std::unordered_set<std::string> busy_;
    std::unordered_map<std::string, conversation_pace> paces_;
};

inline conversation_seat::~conversation_seat() {
    if (book_ != nullptr) book_->leave(conversation_);
}

} // namespace cannedd
