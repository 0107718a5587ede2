// Counters and lanes of the daemon's own writes. For everybody else the schema's triggers keep them; they
// took two thirds of a mark and a verdict, so on the daemon's connection triggers are off (opening.cpp), and
// whoever changes a row's status, account, due_at or what else a lane tells says it here, in the same
// transaction.
#pragma once

#include "error/errc.hpp"
#include "queue/database.hpp"
#include "queue/message.hpp"
#include "queue/set_aside_row.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cannedd {

// What the books must know of a row before it is changed.
struct booked_row {
    std::int64_t id = 0;
    std::string account;
    message_status status = message_status::pending;
    std::string lane;
};
// Of a query that tells id, account, status and lane.
std::vector<booked_row> read_booked_rows(statement& rows);

struct row_owner {
    std::string account;
    std::string lane;
    message_status status = message_status::pending; // as it is now
};
row_owner owner_of(database& db, std::int64_t message_id);

class bookkeeping {
public:
    // Within a write_transaction.
    explicit bookkeeping(database& db) : db_(db) {}

    void moved(const std::string& account, message_status from, message_status to);
    // A try of it has: it is as `whose` says, and that is not what was asked for where a person has stopped
    // it.
    void ended(const row_owner& whose, std::int64_t id, message_status from, message_status asked);
    // Without a try of its own.
    void set_aside(const booked_row& row, message_status to, std::optional<errc> error);
    // Held, with their counts; their lanes are the caller's to refresh.
    void hold(const std::vector<booked_row>& rows, errc error, std::string_view detail);
    void deleted(const std::string& account, message_status status, int rows);
    // Its head or what the lane tells of it has changed: brought up to date at once, for the next change may
    // ask. by: whose row left it.
    void refresh(const std::string& lane, const std::string& by);
    void refresh(const std::set<std::string>& lanes);
    // A row that was aside waits again, at its old place: before its lane is refreshed.
    void rejoins(const std::string& lane, std::int64_t id);
    // What is left to write, before the commit.
    void settle();
    // Accounts whose row came first in a lane because another's left it: nobody else tells them.
    const std::set<std::string>& came_first() const { return came_first_; }
    const std::vector<set_aside_row>& set_aside() const { return set_aside_; }

private:
    void go_on(const std::string& lane, const std::string& by); // nothing of it is being sent
    void keep(const std::string& lane, const statement& head, const std::string& by);

    database& db_;
    std::map<std::pair<std::string, message_status>, int> counts_; // by how many there are more
    std::set<std::string> came_first_;
    std::vector<set_aside_row> set_aside_;
};

} // namespace cannedd
