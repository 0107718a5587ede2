// What came: each text once, and when. Times are of the steady clock, which all processes of a machine share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <vector>

namespace cannedd::bench {

class arrivals {
public:
    void came(std::size_t number, std::int64_t at_ns) {
        if (number >= at_ns_.size()) at_ns_.resize(number + number / 2 + 1024);
        if (at_ns_[number] != 0) {
            ++duplicates_;
            return;
        }
        at_ns_[number] = at_ns;
        if (messages_++ == 0) first_ns_ = at_ns;
        last_ns_ = at_ns;
    }
    void other_request() { ++others_; }
    void forget() { *this = arrivals(); }

    std::size_t messages() const { return messages_; }

    // One line of JSON.
    void report(std::ostream& out, std::int64_t now_ns) const {
        out << R"({"messages": )" << messages_ << R"(, "duplicates": )" << duplicates_ << R"(, "others": )"
            << others_ << R"(, "first_ns": )" << first_ns_ << R"(, "last_ns": )" << last_ns_
            << R"(, "now_ns": )" << now_ns << "}\n";
    }
    // NUMBER NANOSECONDS, a line each.
    void list(std::ostream& out) const {
        for (std::size_t number = 0; number < at_ns_.size(); ++number)
            if (at_ns_[number] != 0) out << number << ' ' << at_ns_[number] << '\n';
    }

private:
    std::vector<std::int64_t> at_ns_; // by number; 0: not yet
    std::size_t messages_ = 0, duplicates_ = 0, others_ = 0;
    std::int64_t first_ns_ = 0, last_ns_ = 0;
};

} // namespace cannedd::bench
