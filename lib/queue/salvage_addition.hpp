// Puts what was salvaged into a queue that is there: a backup that was restored. Of rows that both have, the
// salvaged one is newer and replaces the other; what the damaged file could not show stays as the backup has
// it. Pending rows of the backup stay pending: before anything is sent, cannedd --requeue-unproven looks
// whether they were.
#pragma once

#include "queue/salvage.hpp"

namespace cannedd {

struct addition_report {
    salvage_report salvaged;
    std::int64_t before = 0; // messages in the queue
    std::int64_t after = 0;
};

// By way of a file beside `queue`, then in one transaction: all or nothing. Throws as salvage_queue() does,
// and std::runtime_error with a sentence when `queue` is none, or cannot be written.
addition_report add_salvaged(const std::filesystem::path& queue, const std::filesystem::path& damaged,
                             logger& log, const std::function<void(std::int64_t)>& progress);

} // namespace cannedd
