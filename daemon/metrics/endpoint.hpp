// Answers GET /, /metrics, /healthz and /readyz on one address, one short connection at a time each. Plain
// HTTP/1.0 by hand: it answers a few fixed paths to a scraper on the same host, and Beast stays in its one
// file.
#pragma once

#include "log/logger.hpp"
#include "time/time_source.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cannedd {

struct endpoint_answer {
    enum class content : std::uint8_t { text, page };
    int status = 200;
    std::string body;
    content kind = content::text;
};

class metrics_endpoint {
public:
    // listen: host:port, [v6]:port. answer(path) gives the page; 404 pages too.
    metrics_endpoint(asio::any_io_executor executor, time_source& time, logger& log, std::string listen,
                     std::function<endpoint_answer(const std::string& path)> answer);

    // Until stop(). An address that is taken, or not there yet, is tried again every few seconds.
    asio::awaitable<void> run();
    bool listens() const { return acceptor_.is_open(); }
    const std::string& trouble() const { return trouble_; } // why it does not listen; empty: it does
    void stop();

private:
    asio::awaitable<void> begin_to_listen();
    std::string try_to_listen();
    void make_room();
    asio::awaitable<void> serve(std::shared_ptr<asio::ip::tcp::socket> peer);

    asio::any_io_executor executor_;
    time_source& time_;
    logger& log_;
    std::string listen_;
    std::unique_ptr<alarm> again_;
    std::string trouble_;
    std::function<endpoint_answer(const std::string&)> answer_;
    asio::ip::tcp::acceptor acceptor_;
    std::vector<std::shared_ptr<asio::ip::tcp::socket>> peers_; // the oldest first
    bool stopping_ = false;
};

} // namespace cannedd
