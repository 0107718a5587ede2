// A task of the room's own, for what must go on when its caller has left: a look-up that a deadline
// abandoned, a goodbye. It holds what it needs by value. An exception in one is a bug of ours: it leaves
// through io_context::run().
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <utility>

namespace cannedd {

inline void spawn(const boost::asio::any_io_executor& executor, boost::asio::awaitable<void> task) {
    boost::asio::co_spawn(executor, std::move(task), [](std::exception_ptr error) {
        if (error) std::rethrow_exception(error);
    });
}

} // namespace cannedd
