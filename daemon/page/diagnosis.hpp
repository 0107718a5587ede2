// What is wrong, worst first, and the page's first sentence. Pure.
#pragma once

#include "page/facts.hpp"

#include <string>
#include <vector>

namespace cannedd {

enum class concern : std::uint8_t { none, attention, trouble };

struct account_state {
    concern how = concern::none;
    std::string name;     // delivering, paused, ...
    std::string sentence; // why, until when; empty: nothing to say
};

struct notice {
    concern how = concern::attention;
    std::string title, sentence;
    std::string command; // SQL that ends it; empty: there is none
};

struct page_diagnosis {
    concern how = concern::none;
    std::string headline, summary;
    std::vector<notice> notices; // at most notices_max
    std::size_t more = 0;        // notices that were left out
};

inline constexpr std::size_t notices_max = 8;

account_state state_of(const account_facts& account, wall_time now);
page_diagnosis diagnose(const page_facts& facts);

} // namespace cannedd
