// Coroutines that run beside the one that started them, counted, so that the daemon can wait until the last
// has ended. An exception that leaves a task is a bug of ours: it goes on to io_context::run() and so to
// main.
#pragma once

#include "time/time_source.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>

#include <memory>

namespace cannedd {

class task_group {
public:
    task_group(asio::any_io_executor executor, time_source& time)
        : executor_(std::move(executor)), ended_(time.make_alarm()) {}

    void spawn(asio::awaitable<void> task) {
        ++running_;
        asio::co_spawn(executor_, std::move(task), [this](const std::exception_ptr& failure) {
            --running_;
            ended_->ring();
            if (failure) std::rethrow_exception(failure);
        });
    }

    std::size_t running() const { return running_; }

    // False: the deadline came first.
    asio::awaitable<bool> wait_until_empty(steady_time deadline) {
        while (running_ > 0) {
            const bool one_ended = co_await ended_->wait_until(deadline);
            if (!one_ended) co_return running_ == 0;
        }
        co_return true;
    }

private:
    asio::any_io_executor executor_;
    std::unique_ptr<alarm> ended_;
    std::size_t running_ = 0;
};

} // namespace cannedd
