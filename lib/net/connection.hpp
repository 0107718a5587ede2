// A connection that is open: bytes out, bytes in, until its deadline. The deadline is one moment for all that
// goes on until it is set again; when it comes, the socket is closed and whatever was under way ends with an
// error. After any error a connection is of no more use.
#pragma once

#include "time/instant.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <span>
#include <string>
#include <string_view>

namespace cannedd {

namespace asio = boost::asio;

struct transfer {
    boost::system::error_code error;
    std::size_t bytes = 0;
};

class connection {
public:
    virtual ~connection() = default;
    virtual void expires_at(steady_time deadline) = 0;
    virtual void expires_never() = 0;
    virtual bool expired() const = 0;
    // All of it, or an error. After an error nobody knows how much the other side got.
    virtual asio::awaitable<transfer> write(std::string_view bytes) = 0;
    virtual asio::awaitable<transfer> read_some(std::span<char> space) = 0;
    // Nothing has arrived that nobody asked for, not even the other side's goodbye: it may be used once more.
    virtual bool quiet() = 0;
    // Ends an idle connection politely; waits a second at most for the other side to do the same.
    virtual asio::awaitable<void> goodbye() = 0;
};

// The system's words, and plain ones for what the libraries call "End of file" and "stream truncated".
std::string words_of(const boost::system::error_code& error);

} // namespace cannedd
