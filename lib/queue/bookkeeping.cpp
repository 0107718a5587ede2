#include "queue/bookkeeping.hpp"

namespace cannedd {
namespace sql {

const text count{"count", R"(
INSERT INTO counters (account, status, messages) VALUES (?1, ?2, ?3)
    ON CONFLICT (account, status) DO UPDATE SET messages = messages + excluded.messages)"};
const text lane_refresh{"lane_refresh", "INSERT INTO lane_refresh (lane) VALUES (?1)"};
const text triggers_keep{"triggers_keep", "UPDATE own_writes SET one = 1"};
const text triggers_stand_aside{"triggers_stand_aside", "UPDATE own_writes SET one = 2"};

} // namespace sql

void bookkeeping::moved(const std::string& account, message_status from, message_status to) {
    if (from == to) return;
    --counts_[{account, from}];
    ++counts_[{account, to}];
}

void bookkeeping::head_changed(const std::string& lane) {
    db_.use(sql::lane_refresh).with(lane).run();
}

void bookkeeping::settle() {
    for (const auto& [of, more] : counts_)
        if (more != 0) db_.use(sql::count).with(of.first, name_of(of.second), more).run();
    counts_.clear();
}

void bookkeeping::triggers_keep(bool keep) {
    db_.use(keep ? sql::triggers_keep : sql::triggers_stand_aside).run();
}

} // namespace cannedd
