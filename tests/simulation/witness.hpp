// Looks at the database at the very moment a request leaves, over a connection of its own, and says what must
// not be: a text that no durable row stands for, a row that overtakes another of its lane, two at once in one
// conversation, a request of a paused account.
#pragma once

#include "connection.hpp"
#include "journal.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>

namespace cannedd::simulation {

class witness {
public:
    // Where the clock is set, a row's time may have come by one clock and not by the other.
    witness(time_source& time, journal& notes, bool clock_is_true)
        : time_(time), notes_(notes), clock_is_true_(clock_is_true) {}

    void look_through(std::unique_ptr<connection> eyes) { eyes_ = std::move(eyes); }
    void look_away();
    bool looks() const { return eyes_ != nullptr; }
    connection& eyes() { return *eyes_; }

    // What the daemon does. answered() follows sends() unless the daemon dies.
    void requests(const std::string& account, const std::string& operation);
    void sends(const std::string& account, const std::string& conversation, const std::string& text);
    void answered(const std::string& conversation) { in_flight_.erase(conversation); }

    // The daemon has had time to notice that the operator paused (or resumed) the account.
    void knows_pause(const std::string& account, bool paused);

    // lanes and counters against what the rows themselves say.
    void check_bookkeeping();

private:
    void check_row(std::int64_t id, const std::string& lane, std::int64_t order_at);

    time_source& time_;
    journal& notes_;
    bool clock_is_true_;
    std::unique_ptr<connection> eyes_;
    std::set<std::string> in_flight_;
    std::set<std::string> paused_;
};

} // namespace cannedd::simulation
