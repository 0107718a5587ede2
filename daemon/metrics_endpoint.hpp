// Answers GET /metrics, /healthz and /readyz on one address, one short connection at a time each. Plain
// HTTP/1.0 by hand: it answers three fixed paths to a scraper on the same host, and Beast stays in its one
// file.
#pragma once

#include "time/time_source.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <set>
#include <string>

namespace cannedd {

struct endpoint_answer {
    int status = 200;
    std::string body;
};

class metrics_endpoint {
public:
    // listen: host:port, [v6]:port. answer(path) gives the page; 404 pages too. Throws std::system_error when
    // it cannot listen.
    metrics_endpoint(asio::any_io_executor executor, time_source& time, const std::string& listen,
                     std::function<endpoint_answer(const std::string& path)> answer);

    std::string address() const; // host:port, the port that it has where 0 was asked for
    asio::awaitable<void> run(); // until stop()
    void stop();

private:
    asio::awaitable<void> serve(std::shared_ptr<asio::ip::tcp::socket> peer);

    asio::any_io_executor executor_;
    time_source& time_;
    std::function<endpoint_answer(const std::string&)> answer_;
    asio::ip::tcp::acceptor acceptor_;
    std::set<std::shared_ptr<asio::ip::tcp::socket>> peers_;
    bool stopping_ = false;
};

} // namespace cannedd
