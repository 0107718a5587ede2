#include "metrics/endpoint.hpp"

#include "time/no_throw.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <sstream>
#include <stdexcept>

namespace cannedd {
namespace {

namespace ip = asio::ip;
constexpr std::size_t request_bytes_max = 8 * 1024;
constexpr std::size_t peers_max = 16;
constexpr seconds request_deadline{5};
constexpr seconds between_tries{3}; // to listen

ip::tcp::endpoint parse_endpoint(const std::string& listen) {
    const auto colon = listen.rfind(':');
    if (colon == std::string::npos) throw std::invalid_argument("metrics.listen: no port in " + listen);
    auto host = listen.substr(0, colon);
    if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
    if (host == "localhost") host = "127.0.0.1";
    const int port = std::stoi(listen.substr(colon + 1));
    return {ip::make_address(host), static_cast<ip::port_type>(port)};
}

std::string reason(int status) {
    switch (status) {
    case 200: return "OK";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    default: return "Service Unavailable";
    }
}

// The page may load nothing, run nothing, be framed by nobody, and stays in no cache.
constexpr std::string_view page_headers =
    "text/html; charset=utf-8\r\n"
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
    "Cache-Control: no-store\r\nReferrer-Policy: no-referrer";

std::string to_http(const endpoint_answer& page) {
    std::string head =
        "HTTP/1.0 " + std::to_string(page.status) + ' ' + reason(page.status) + "\r\nContent-Type: ";
    head += page.kind == endpoint_answer::content::page ? page_headers
                                                        : "text/plain; version=0.0.4; charset=utf-8";
    head += "\r\nX-Content-Type-Options: nosniff\r\nContent-Length: " + std::to_string(page.body.size());
    return head + "\r\nConnection: close\r\n\r\n" + page.body;
}

// "GET /metrics HTTP/1.1" -> "/metrics"; nothing for other methods.
std::string requested_path(const std::string& head) {
    constexpr std::string_view get = "GET ";
    if (!head.starts_with(get)) return {};
    const auto end = head.find_first_of(" ?\r\n", get.size());
    return head.substr(get.size(), end - get.size());
}

} // namespace

metrics_endpoint::metrics_endpoint(asio::any_io_executor executor, time_source& time, logger& log,
                                   std::string listen,
                                   std::function<endpoint_answer(const std::string&)> answer)
    : executor_(executor)
    , time_(time)
    , log_(log)
    , listen_(std::move(listen))
    , again_(time.make_alarm())
    , answer_(std::move(answer))
    , acceptor_(std::move(executor)) {}

// Nothing in the way: empty; else the system's words.
std::string metrics_endpoint::try_to_listen() {
    const auto wanted = parse_endpoint(listen_);
    boost::system::error_code error;
    acceptor_.open(wanted.protocol(), error);
    if (!error) acceptor_.set_option(ip::tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(wanted, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) return {};
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    return error.message();
}

asio::awaitable<void> metrics_endpoint::begin_to_listen() {
    trouble_ = try_to_listen();
    if (!trouble_.empty())
        log_.error(
            "metrics are not served, delivery goes on: metrics.listen cannot be used, it is tried again",
            {{"address", listen_}, {"why", trouble_}});
    while (!stopping_ && !trouble_.empty()) {
        co_await again_->wait_until(time_.steady() + between_tries);
        if (!stopping_) trouble_ = try_to_listen();
    }
    if (stopping_) co_return;
    std::ostringstream address; // with the port that it has where 0 was asked for
    address << acceptor_.local_endpoint();
    log_.notice("metrics are served", {{"address", address.str()}});
}

asio::awaitable<void> metrics_endpoint::run() {
    co_await begin_to_listen();
    while (!stopping_) {
        auto [error, peer] = co_await acceptor_.async_accept(no_throw);
        if (stopping_) co_return;
        if (error) { // out of descriptors, most likely: not a reason to spin
            co_await time_.sleep_until(time_.steady() + std::chrono::milliseconds(100));
            continue;
        }
        if (peers_.size() >= peers_max) make_room();
        auto rethrow = [](const std::exception_ptr& failure) {
            if (failure) std::rethrow_exception(failure);
        };
        auto shared = std::make_shared<ip::tcp::socket>(std::move(peer));
        asio::co_spawn(executor_, serve(std::move(shared)), rethrow);
    }
}

// Who connects and says nothing must not keep a health check out.
void metrics_endpoint::make_room() {
    boost::system::error_code ignored;
    peers_.front()->close(ignored);
    peers_.erase(peers_.begin());
}

asio::awaitable<void> metrics_endpoint::serve(std::shared_ptr<ip::tcp::socket> peer) {
    peers_.push_back(peer);
    asio::steady_timer deadline(executor_, request_deadline);
    deadline.async_wait([peer](const boost::system::error_code& cancelled) {
        boost::system::error_code ignored;
        if (!cancelled) peer->close(ignored);
    });
    std::string head;
    auto into = asio::dynamic_buffer(head, request_bytes_max);
    const auto [error, bytes] = co_await asio::async_read_until(*peer, into, "\r\n\r\n", no_throw);
    if (!error && !stopping_) {
        const auto path = requested_path(head);
        const auto page = path.empty() ? endpoint_answer{405, "only GET\n"} : answer_(path);
        const auto reply = to_http(page);
        co_await asio::async_write(*peer, asio::buffer(reply), no_throw);
        boost::system::error_code ignored;
        peer->shutdown(ip::tcp::socket::shutdown_send, ignored);
    }
    deadline.cancel();
    std::erase(peers_, peer);
}

void metrics_endpoint::stop() {
    stopping_ = true;
    again_->ring();
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    for (const auto& peer : peers_)
        peer->close(ignored);
}

} // namespace cannedd
