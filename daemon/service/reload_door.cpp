#include "service/reload_door.hpp"

#include "time/no_throw.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>

#include <exception>
#include <optional>

#include <sys/socket.h>
#include <unistd.h>

namespace cannedd {
namespace {

using local = asio::local::stream_protocol;

// A good configuration that takes longer than this waits for the database, and goes on to.
constexpr seconds patience{30};

bool may_ask(local::socket& peer) {
    ucred who{};
    socklen_t size = sizeof who;
    return ::getsockopt(peer.native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) == 0 &&
           (who.uid == 0 || who.uid == ::geteuid());
}

} // namespace

struct reload_door::visit {
    visit(local::socket socket, std::unique_ptr<alarm> answered_)
        : peer(std::move(socket)), answered(std::move(answered_)) {}
    local::socket peer;
    std::unique_ptr<alarm> answered;
    std::optional<std::string> answer;
};

std::string reload_address(pid_t daemon) {
    return std::string(1, '\0') + "cannedd/" + std::to_string(daemon);
}

reload_door::reload_door(asio::any_io_executor executor, time_source& time, logger& log,
                         std::function<void(told)> reload)
    : executor_(executor)
    , time_(time)
    , log_(log)
    , reload_(std::move(reload))
    , acceptor_(std::move(executor)) {
    const local::endpoint here(reload_address(::getpid()));
    boost::system::error_code error;
    acceptor_.open(here.protocol(), error);
    if (!error) acceptor_.bind(here, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) return;
    log_.warning("cannedd --reload cannot be heard; SIGHUP is", {{"why", error.message()}});
    boost::system::error_code ignored;
    acceptor_.close(ignored);
}

asio::awaitable<void> reload_door::run() {
    while (!stopping_ && acceptor_.is_open()) {
        auto [error, peer] = co_await acceptor_.async_accept(no_throw);
        if (stopping_) co_return;
        if (error) { // out of descriptors, most likely: not a reason to spin
            co_await time_.sleep_until(time_.steady() + std::chrono::milliseconds(100));
            continue;
        }
        if (!may_ask(peer)) continue;
        auto one = std::make_shared<visit>(std::move(peer), time_.make_alarm());
        visits_.push_back(one);
        auto rethrow = [](const std::exception_ptr& failure) {
            if (failure) std::rethrow_exception(failure);
        };
        asio::co_spawn(executor_, serve(std::move(one)), rethrow);
    }
}

asio::awaitable<void> reload_door::serve(std::shared_ptr<visit> one) {
    const std::weak_ptr<visit> waiting = one;
    reload_([waiting](std::string answer) {
        const auto still_there = waiting.lock();
        if (!still_there) return;
        still_there->answer = std::move(answer);
        still_there->answered->ring();
    });
    if (!one->answer) co_await one->answered->wait_until(time_.steady() + patience);
    const auto reply = one->answer.value_or(std::string(reload_waits)) + '\n';
    co_await asio::async_write(one->peer, asio::buffer(reply), no_throw);
    std::erase(visits_, one);
}

void reload_door::stop() {
    stopping_ = true;
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    for (const auto& one : visits_) {
        if (!one->answer) one->answer = std::string(reload_refused) + " cannedd is stopping";
        one->answered->ring();
    }
}

} // namespace cannedd
