// How Asio's operations are awaited here: an error is a value beside the result, never an exception.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cannedd {

inline constexpr auto no_throw = boost::asio::as_tuple(boost::asio::use_awaitable);

} // namespace cannedd
