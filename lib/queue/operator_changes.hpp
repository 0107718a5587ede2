// What people did to rows since it was last asked, for the log: the daemon notices that somebody has
// committed, and `changes`, kept by triggers, tells what. Cheap when nothing was done; a bulk change costs a
// count.
#pragma once

#include "queue/database.hpp"
#include "queue/operator_change.hpp"

#include <cstdint>
#include <vector>

namespace cannedd {

class operator_changes {
public:
    // What was done before is not told.
    explicit operator_changes(database& db);
    std::vector<operator_change> take();

private:
    std::int64_t newest() const;

    database& db_;
    std::int64_t told_;
};

} // namespace cannedd
