// A conversation that is refused (403) is that conversation's trouble: its division, its owner. Several of
// them, with no message accepted in between, are the account's: it lacks more than it is told. Pure.
#pragma once

#include <cstddef>
#include <set>
#include <string>

namespace cannedd {

class refusal_streak {
public:
    static constexpr std::size_t several = 3; // different conversations

    // Whether the account is to blame by now; then it counts from the beginning.
    bool refused(const std::string& conversation) {
        conversations_.insert(conversation);
        if (conversations_.size() < several) return false;
        conversations_.clear();
        return true;
    }
    void accepted() { conversations_.clear(); }

private:
    std::set<std::string> conversations_;
};

} // namespace cannedd
