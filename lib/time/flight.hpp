// A request that several would make at one moment: one makes it, the others wait until it has landed. What it
// brought, and what becomes of those who waited in vain, is the owner's.
#pragma once

#include "time/time_source.hpp"

#include <memory>
#include <vector>

namespace cannedd {

class flight {
public:
    // Until land(). Who waits keeps the flight alive.
    asio::awaitable<void> wait(time_source& time) {
        const std::shared_ptr<alarm> landed = time.make_alarm();
        waiting_.push_back(landed);
        co_await landed->wait_until(steady_time::max());
    }
    // However it ended, or they wait for ever.
    void land() {
        for (const auto& waiter : waiting_)
            waiter->ring();
    }

private:
    std::vector<std::shared_ptr<alarm>> waiting_;
};

} // namespace cannedd
