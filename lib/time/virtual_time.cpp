#include "time/virtual_time.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace cannedd {

// A suspended wait: Asio 1.81 has no any_completion_handler, so the handler is erased by hand.
struct virtual_time::waiter {
    explicit waiter(steady_time deadline_) : deadline(deadline_) {}
    virtual ~waiter() = default;
    virtual void resume() = 0;
    steady_time deadline;
    waiter** known_as = nullptr; // where its alarm remembers it: cleared when it is taken out of the list
};

struct virtual_time::wait_list {
    std::list<std::unique_ptr<waiter>> items;
};

namespace {

template<typename Handler>
struct handler_waiter final : virtual_time::waiter {
    handler_waiter(steady_time deadline_, Handler handler)
        : waiter(deadline_), handler_(std::move(handler)) {}
    void resume() override {
        const auto executor = asio::get_associated_executor(handler_);
        asio::post(executor, std::move(handler_));
    }
    Handler handler_;
};

class virtual_alarm final : public alarm {
public:
    virtual_alarm(virtual_time& time, std::shared_ptr<virtual_time::wait_list> waiting)
        : time_(time), waiting_(std::move(waiting)) {}

    void ring() override {
        rung_ = true;
        if (mine_ == nullptr) return;
        auto& items = waiting_->items;
        const auto found =
            std::find_if(items.begin(), items.end(), [this](const auto& w) { return w.get() == mine_; });
        const auto due = std::move(*found);
        items.erase(found);
        mine_ = nullptr;
        due->resume();
    }

    asio::awaitable<bool> wait_until(steady_time deadline) override {
        if (!rung_ && deadline > time_.steady()) {
            co_await suspend(deadline);
        }
        co_return std::exchange(rung_, false);
    }

private:
    asio::awaitable<void> suspend(steady_time deadline) {
        auto initiate = [this, deadline](auto handler) {
            using handler_type = decltype(handler);
            auto waiter = std::make_unique<handler_waiter<handler_type>>(deadline, std::move(handler));
            mine_ = waiter.get();
            waiter->known_as = &mine_;
            waiting_->items.push_back(std::move(waiter));
        };
        return asio::async_initiate<const asio::use_awaitable_t<>, void()>(initiate, asio::use_awaitable);
    }

    virtual_time& time_;
    std::shared_ptr<virtual_time::wait_list> waiting_;
    virtual_time::waiter* mine_ = nullptr;
    bool rung_ = false;
};

} // namespace

virtual_time::virtual_time(asio::io_context& context, wall_time wall, steady_time steady)
    : context_(context), wall_(wall), steady_(steady), waiting_(std::make_shared<wait_list>()) {}

virtual_time::~virtual_time() = default;

std::unique_ptr<alarm> virtual_time::make_alarm() {
    return std::make_unique<virtual_alarm>(*this, waiting_);
}

steady_time virtual_time::next_event() const {
    auto earliest = steady_time::max();
    for (const auto& pending : waiting_->items)
        earliest = std::min(earliest, pending->deadline);
    return earliest;
}

void virtual_time::advance_to(steady_time moment) {
    wall_ += std::chrono::floor<milliseconds>(moment - steady_time{}) -
             std::chrono::floor<milliseconds>(steady_ - steady_time{});
    steady_ = moment;
    auto& items = waiting_->items;
    for (auto next = items.begin(); next != items.end();) {
        if ((*next)->deadline > moment) {
            ++next;
            continue;
        }
        const auto due = std::move(*next);
        next = items.erase(next);
        *due->known_as = nullptr;
        due->resume();
    }
}

void virtual_time::run_until(steady_time end) {
    const auto run_ready = [this] {
        context_.restart();
        context_.poll();
    };
    run_ready();
    while (true) {
        const auto moment = next_event();
        if (moment > end || moment == steady_time::max()) break;
        advance_to(std::max(moment, steady_));
        run_ready();
    }
    if (end != steady_time::max() && end > steady_) advance_to(end);
}

void virtual_time::forget_waiters() {
    while (!waiting_->items.empty()) {
        auto dropped = std::exchange(waiting_->items, {});
        for (const auto& gone : dropped)
            *gone->known_as = nullptr; // before any frame goes: a frame may own another's alarm
        dropped.clear();
        context_.restart();
        context_.poll(); // Asio unwinds a coroutine's frames through its executor
    }
}

} // namespace cannedd
