// Sends requests to one origin (scheme, host, port). Reports facts; never throws for the network.
#pragma once

#include "net/http_message.hpp"
#include "time/instant.hpp"

#include <boost/asio/awaitable.hpp>

namespace cannedd {

namespace asio = boost::asio;

class http_transport {
public:
    virtual ~http_transport() = default;
    // One request, one exchange; the deadline bounds all of it: waiting for a connection, DNS, TLS, writing,
    // reading. A request is written at most once: a kept-alive connection that turns out dead before the
    // first byte is replaced, after it the exchange ends as `written`.
    virtual asio::awaitable<http_exchange> exchange(http_request request, steady_time deadline) = 0;
    // Idle connections go, and none is kept from now on: io_context::run() can return by itself. Requests
    // that wait, and those that come, are served all the same. Destroying a transport does this too.
    virtual void close() = 0;
};

} // namespace cannedd
