// Keeps the lock file at its path: whoever deletes it (a cleaner of "stale" locks) must not let a second
// daemon in.
#pragma once

#include "log/logger.hpp"
#include "queue/sqlite_store.hpp"
#include "time/time_source.hpp"

#include <memory>

namespace cannedd {

class lock_keeper {
public:
    static constexpr seconds between_looks{1};

    lock_keeper(database_lock& lock, time_source& time, logger& log);
    asio::awaitable<void> run(); // until stop()
    void stop();

private:
    void look();

    database_lock& lock_;
    time_source& time_;
    logger& log_;
    std::unique_ptr<alarm> wake_;
    bool lost_ = false;
    bool stopping_ = false;
};

} // namespace cannedd
