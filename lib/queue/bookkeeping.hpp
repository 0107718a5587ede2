// Counters and lanes of the daemon's own writes. For everybody else the schema's triggers keep them; they
// cost two thirds of a mark and a verdict, so within a transaction that says so (books::own) they stand
// aside, and this keeps the same tables: counters once at the end, a lane when its head changed.
#pragma once

#include "queue/database.hpp"
#include "queue/message.hpp"

#include <map>
#include <string>
#include <utility>

namespace cannedd {

class bookkeeping {
public:
    // Within a write_transaction of books::own.
    explicit bookkeeping(database& db) : db_(db) {}

    void moved(const std::string& account, message_status from, message_status to);
    // The lane's row is brought up to date at once: the next change may ask it.
    void head_changed(const std::string& lane);
    // For a statement that changes many rows: the triggers see to it.
    template<typename Work>
    auto left_to_triggers(Work&& work) {
        settle();
        triggers_keep(true);
        const auto done = work();
        triggers_keep(false);
        return done;
    }
    // What is left to write, before the commit.
    void settle();

private:
    void triggers_keep(bool keep);

    database& db_;
    std::map<std::pair<std::string, message_status>, int> counts_; // by how many there are more
};

} // namespace cannedd
