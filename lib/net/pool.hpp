// Places for connections, and the connections that wait for their next use. At most `connections_max` places
// are taken at once; who finds none waits in line until its deadline. A connection that has idled for its
// time is closed politely; one on which anything has arrived meanwhile is dropped, for its other side is gone
// or confused.
#pragma once

#include "net/connection.hpp"
#include "time/time_source.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace cannedd {

class connection_pool : public std::enable_shared_from_this<connection_pool> {
public:
    // A place in the pool, given back when it goes out of scope; the connection in it is then dropped unless
    // kept.
    class lease {
    public:
        lease(std::shared_ptr<connection_pool> pool, std::unique_ptr<connection> line_)
            : line(std::move(line_)), pool_(std::move(pool)) {}
        lease(lease&&) noexcept = default;
        lease& operator=(lease&&) = delete;
        ~lease() {
            if (pool_) pool_->give_place_back();
        }
        // For the next one who asks, for as long as `idle`.
        void keep(steady_duration idle) { pool_->keep(std::move(line), idle); }

        std::unique_ptr<connection> line; // null: none was idle, open one

    private:
        std::shared_ptr<connection_pool> pool_;
    };

    connection_pool(asio::any_io_executor executor, time_source& time, std::size_t connections_max);

    // Nothing: the deadline came first.
    asio::awaitable<std::optional<lease>> take(steady_time deadline);
    // Idle connections go, and none is kept from now on; those who wait and those who come are still served.
    void close();

private:
    struct waiter;
    struct idle_connection {
        idle_connection(std::unique_ptr<connection> line_, steady_time until_)
            : line(std::move(line_)), until(until_) {}
        std::unique_ptr<connection> line;
        steady_time until;
    };

    void give_place_back();
    void keep(std::unique_ptr<connection> line, steady_duration idle);
    std::unique_ptr<connection> latest_idle();
    void dismiss(std::unique_ptr<connection> line);
    static asio::awaitable<void> sweep(std::shared_ptr<connection_pool> self);
    steady_time dismiss_stale();

    asio::any_io_executor executor_;
    time_source& time_;
    std::size_t places_free_;
    std::deque<std::shared_ptr<waiter>> waiting_;
    std::vector<idle_connection> idle_; // the latest at the back
    std::unique_ptr<alarm> sweep_clock_;
    steady_time next_sweep_ = steady_time::max();
    bool sweeping_ = false;
    bool closed_ = false;
};

} // namespace cannedd
