#include "net/resolver.hpp"

#include "net/spawn.hpp"
#include "time/no_throw.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <list>

namespace cannedd {
namespace {

using asio::ip::tcp;

// How long known addresses are used before DNS, having failed, is asked again.
constexpr milliseconds retry_after_failure = seconds(5);

class system_lookup final : public name_lookup {
public:
    asio::awaitable<resolution> look_up(std::string host, std::uint16_t port) override {
        tcp::resolver asker(co_await asio::this_coro::executor);
        const auto service = std::to_string(port);
        const auto [error, found] =
            co_await asker.async_resolve(host, service, tcp::resolver::numeric_service, no_throw);
        resolution answer;
        for (const auto& entry : found)
            answer.addresses.push_back(entry.endpoint());
        if (error)
            answer.detail = error.message();
        else if (answer.addresses.empty())
            answer.detail = "the name has no address";
        co_return answer;
    }
};

} // namespace

std::shared_ptr<name_lookup> make_system_lookup() {
    return std::make_shared<system_lookup>();
}

// Shared with the look-up's task, which may outlive the resolver.
struct resolver::knowledge {
    knowledge(time_source& time_, logger& log_, std::shared_ptr<name_lookup> lookup_,
              resolver_settings settings_)
        : time(time_), log(log_), lookup(std::move(lookup_)), settings(std::move(settings_)) {}

    time_source& time;
    logger& log;
    std::shared_ptr<name_lookup> lookup;
    resolver_settings settings;
    address_list addresses;
    steady_time fresh_until = steady_time::min();
    bool learning = false;
    steady_time learning_since;
    std::string trouble; // of the last look-up
    std::list<std::shared_ptr<alarm>> waiting;
};

resolver::resolver(asio::any_io_executor executor, time_source& time, logger& log,
                   std::shared_ptr<name_lookup> lookup, resolver_settings settings)
    : executor_(std::move(executor))
    , known_(std::make_shared<knowledge>(time, log, std::move(lookup), std::move(settings))) {
    boost::system::error_code not_an_address;
    const auto address = asio::ip::make_address(known_->settings.host, not_an_address);
    if (not_an_address) return;
    known_->addresses.emplace_back(address, known_->settings.port);
    known_->fresh_until = steady_time::max();
}

asio::awaitable<void> resolver::learn(std::shared_ptr<knowledge> known) {
    auto answer = co_await known->lookup->look_up(known->settings.host, known->settings.port);
    const auto now = known->time.steady();
    known->learning = false;
    known->trouble = answer.detail;
    if (!answer.addresses.empty()) {
        known->addresses = std::move(answer.addresses);
        known->fresh_until = now + known->settings.ttl;
    } else if (!known->addresses.empty()) {
        known->fresh_until = now + std::min(known->settings.ttl, retry_after_failure);
        known->log.warning("name not resolved, going on with the addresses it had",
                           {{"host", known->settings.host}, {"reason", known->trouble}});
    }
    for (const auto& waiter : known->waiting)
        waiter->ring();
}

asio::awaitable<resolution> resolver::resolve(steady_time deadline) {
    const auto known = known_;
    const auto now = known->time.steady();
    resolution answer;
    if (now >= known->fresh_until) {
        const auto clock = std::shared_ptr<alarm>(known->time.make_alarm());
        known->waiting.push_back(clock);
        if (!known->learning) {
            known->learning = true;
            known->learning_since = now;
            spawn(executor_, learn(known)); // may be done before it returns: the alarm has rung by then
        }
        // Nobody waits long for a look-up that hangs as long as there are addresses from before.
        const auto since = known->addresses.empty() ? now : known->learning_since;
        co_await clock->wait_until(std::min(deadline, since + known->settings.timeout));
        known->waiting.remove(clock);
    }
    answer.addresses = known->addresses;
    if (answer.addresses.empty())
        answer.detail = "the name " + known->settings.host + " was not resolved: " +
                        (known->learning ? std::string("DNS did not answer in time") : known->trouble);
    co_return answer;
}

void resolver::prefer(const tcp::endpoint& address) {
    auto& addresses = known_->addresses;
    const auto found = std::find(addresses.begin(), addresses.end(), address);
    if (found != addresses.end()) std::rotate(addresses.begin(), found, found + 1);
}

} // namespace cannedd
