#include "integration/genesys/connect_proxy.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <functional>
#include <mutex>
#include <thread>

namespace cannedd {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using asked_for = std::function<void(std::string)>;

// One tunnel: the CONNECT, then bytes both ways until either side has had enough.
class tunnel : public std::enable_shared_from_this<tunnel> {
public:
    tunnel(tcp::socket client, tcp::endpoint server, asked_for tell)
        : client_(std::move(client))
        , server_(client_.get_executor())
        , address_(std::move(server))
        , tell_(std::move(tell)) {}

    void start() {
        asio::async_read_until(client_, asio::dynamic_buffer(head_), "\r\n\r\n",
                               [self = shared_from_this()](auto error, std::size_t) {
                                   if (!error) self->open();
                               });
    }

private:
    void open() {
        constexpr std::string_view method = "CONNECT ";
        if (!head_.starts_with(method)) return;
        tell_(head_.substr(method.size(), head_.find(' ', method.size()) - method.size()));
        server_.async_connect(address_, [self = shared_from_this()](auto error) {
            if (!error) self->agree();
        });
    }

    void agree() {
        static constexpr std::string_view yes = "HTTP/1.1 200 Connection established\r\n\r\n";
        asio::async_write(client_, asio::buffer(yes), [self = shared_from_this()](auto error, std::size_t) {
            if (error) return;
            self->relay(self->client_, self->server_, self->up_);
            self->relay(self->server_, self->client_, self->down_);
        });
    }

    using bytes = std::array<char, 16'384>;
    void relay(tcp::socket& from, tcp::socket& to, bytes& through) {
        from.async_read_some(asio::buffer(through),
                             [self = shared_from_this(), &from, &to, &through](auto error, std::size_t size) {
                                 if (error) return self->close();
                                 asio::async_write(to, asio::buffer(through, size),
                                                   [self, &from, &to, &through](auto failed, std::size_t) {
                                                       if (failed) return self->close();
                                                       self->relay(from, to, through);
                                                   });
                             });
    }

    void close() {
        boost::system::error_code ignored;
        client_.close(ignored);
        server_.close(ignored);
    }

    tcp::socket client_, server_;
    tcp::endpoint address_;
    asked_for tell_;
    std::string head_;
    bytes up_{}, down_{};
};

} // namespace

struct connect_proxy::state {
    explicit state(std::uint16_t port)
        : acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0))
        , server(asio::ip::address_v4::loopback(), port) {}

    void accept() {
        acceptor.async_accept([this](auto error, tcp::socket client) {
            if (error) return;
            const auto tell = [this](std::string target) {
                const std::lock_guard lock(mutex);
                asked.push_back(std::move(target));
            };
            std::make_shared<tunnel>(std::move(client), server, tell)->start();
            accept();
        });
    }

    asio::io_context context{1};
    tcp::acceptor acceptor;
    tcp::endpoint server;
    mutable std::mutex mutex;
    std::vector<std::string> asked;
    std::thread thread;
};

connect_proxy::connect_proxy(std::uint16_t leads_to) : state_(std::make_unique<state>(leads_to)) {
    state_->accept();
    state_->thread = std::thread([this] { state_->context.run(); });
}

connect_proxy::~connect_proxy() {
    state_->context.stop();
    state_->thread.join();
}

std::string connect_proxy::url() const {
    return "http://127.0.0.1:" + std::to_string(state_->acceptor.local_endpoint().port());
}

std::vector<std::string> connect_proxy::asked() const {
    const std::lock_guard lock(state_->mutex);
    return state_->asked;
}

} // namespace cannedd
