// Which conversations have a message in flight, and when each may have the next. One message at a time per
// conversation, also when one row names the conversation and another only its agent.
#pragma once

#include "policy/conversation_pace.hpp"

#include <string>
#include <unordered_map>
#include <unordered_set>

namespace cannedd {

class conversation_book {
public:
    // False: another message is in flight there.
    bool enter(const std::string& conversation) { return busy_.insert(conversation).second; }
    void leave(const std::string& conversation) { busy_.erase(conversation); }
    bool busy(const std::string& conversation) const { return busy_.contains(conversation); }

    // When the conversation may have its next message; the past means at once.
    steady_time next(const std::string& conversation) const {
        const auto found = paces_.find(conversation);
        return found == paces_.end() ? steady_time::min() : found->second.next();
    }
    void sent(const std::string& conversation, steady_time now, const pace_settings& pace) {
        if (paces_.size() >= paces_max)
            std::erase_if(paces_, [&](const auto& p) { return p.second.idle(now); });
        paces_.try_emplace(conversation, pace).first->second.take(now);
    }

private:
    static constexpr std::size_t paces_max = 10'000; // above it, those with nothing to remember are dropped
    std::unordered_set<std::string> busy_;
    std::unordered_map<std::string, conversation_pace> paces_;
};

} // namespace cannedd
