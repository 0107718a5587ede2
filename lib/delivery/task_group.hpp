// Coroutines that run beside the one that started them, counted, so that the engine can wait until the last
// has ended. Each keeps the engine's parts alive for as long as its frame exists: whoever goes first, the
// engine or the loop, no frame outlives what it uses. An exception that leaves a task is a bug of ours: it
// goes on to io_context::run() and so to main.
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

    // What the tasks use, this group included. Before the first spawn().
    void owned_by(std::weak_ptr<void> owner) { owner_ = std::move(owner); }

    void spawn(asio::awaitable<void> task) {
        ++running_;
        auto owner = owner_.lock();
        auto held = hold(owner, std::move(task));
        asio::co_spawn(executor_, std::move(held), [this, owner](const std::exception_ptr& failure) {
            --running_;
            ended_->ring();
            if (failure) std::rethrow_exception(failure);
        });
    }

    std::size_t running() const { return running_; }

    // False: the deadline came first. It is read anew after hurry().
    asio::awaitable<bool> wait_until_empty(const steady_time& deadline) {
        while (running_ > 0) {
            const auto until = deadline;
            const bool rung = co_await ended_->wait_until(until);
            if (!rung && deadline <= until) break;
        }
        co_return running_ == 0;
    }
    void hurry() { ended_->ring(); }

private:
    // A frame's arguments go last.
    static asio::awaitable<void> hold(std::shared_ptr<void> /*owner*/, asio::awaitable<void> task) {
        co_await std::move(task);
    }

    asio::any_io_executor executor_;
    std::unique_ptr<alarm> ended_;
    std::weak_ptr<void> owner_;
    std::size_t running_ = 0;
};

} // namespace cannedd
