#include "lock_keeper.hpp"

#include <utility>

namespace cannedd {

lock_keeper::lock_keeper(database_lock& lock, time_source& time, logger& log)
    : lock_(lock), time_(time), log_(log), wake_(time.make_alarm()) {}

asio::awaitable<void> lock_keeper::run() {
    while (!stopping_) {
        look();
        co_await wake_->wait_until(time_.steady() + between_looks);
    }
}

void lock_keeper::look() {
    const auto now = lock_.keep();
    if (now == database_lock::state::taken_again)
        log_.warning(
            "the lock file was deleted or replaced; it is made and locked again: leave it where it is");
    const bool was_lost = std::exchange(lost_, now == database_lock::state::lost);
    if (lost_ && !was_lost)
        log_.error(
            "the lock file was deleted or replaced, and cannot be made and locked again: another cannedd "
            "may be starting (it will find the database locked), or the directory cannot be written");
}

void lock_keeper::stop() {
    stopping_ = true;
    wake_->ring();
}

} // namespace cannedd
