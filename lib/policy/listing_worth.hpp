// Whether a user's conversations are asked for in one list rather than each by itself, and whether a list is
// believed. Pure; one for each token that lists.
// A list pays when several look-ups by themselves have lately shown conversations that a list would show: who
// looks for what has ended, or for others' conversations, never asks for one.
// It is believed when it agrees with what those look-ups showed. That the customer's `peer` is the agent's
// communication is known from a blog alone, and that the list holds all of them from nobody.
// One list a minute shows all there is to show. One that failed, was not confirmed or lacked what was wanted
// is not asked for again for longer each time, so that who cannot list pays for a look-up twice only now and
// then.
#pragma once

#include "time/instant.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <utility>

namespace cannedd {

class listing_worth {
public:
    static constexpr std::size_t several = 2;       // look-ups
    static constexpr minutes lately{1};             // within
    static constexpr std::size_t witnesses_max = 8; // that a list is compared with
    static constexpr minutes rest_min{1};
    static constexpr minutes rest_max{60};

    // A look-up by itself showed the agent's communication of a conversation.
    void looked_up(std::string conversation, std::string communication, steady_time now) {
        std::erase_if(witnesses_, [&](const witness& one) { return one.conversation == conversation; });
        if (witnesses_.size() == witnesses_max) witnesses_.pop_front();
        witnesses_.push_back(witness{std::move(conversation), std::move(communication), now});
    }

    bool pays(steady_time now) const {
        const auto is_reason = [&](const witness& one) {
            return one.since_last_list && one.at > now - lately;
        };
        return now >= rests_until_ &&
               std::ranges::count_if(witnesses_, is_reason) >= static_cast<std::ptrdiff_t>(several);
    }

    // listed: conversation -> the agent's communication in it.
    bool confirmed(const std::map<std::string, std::string>& listed) const {
        std::ptrdiff_t agreeing = 0; // one may have been transferred meanwhile
        for (const auto& one : witnesses_) {
            const auto found = listed.find(one.conversation);
            if (found != listed.end()) agreeing += found->second == one.communication ? 1 : -1;
        }
        return agreeing > 0;
    }

    // What a list was asked for was in it: what is looked up next, it lacked, or it is new.
    void served(steady_time now) {
        rest_ = rest_min;
        rest(now);
    }
    void disappointed(steady_time now) {
        rest(now);
        rest_ = std::min(rest_ * 2, rest_max);
    }

private:
    struct witness {
        std::string conversation;
        std::string communication;
        steady_time at;
        bool since_last_list = true;
    };

    void rest(steady_time now) {
        rests_until_ = now + rest_;
        for (auto& one : witnesses_)
            one.since_last_list = false;
    }

    std::deque<witness> witnesses_; // the newest last
    steady_time rests_until_{};
    minutes rest_ = rest_min;
};

} // namespace cannedd
