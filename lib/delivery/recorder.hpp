// The one writer of what becomes of messages. Changes that are ready within a few turns of the loop share one
// commit (FULL), with what the accounts' gates must remember; so do the answers of requests that are out,
// while they are many, for half as long as a commit takes. A lone one is not kept waiting. A change is never
// dropped: it is kept and tried again until it is recorded, whatever SQLite answers; store_health says
// meanwhile that nothing new may be claimed.
#pragma once

#include "delivery/observer.hpp"
#include "delivery/store_health.hpp"
#include "policy/gathering.hpp"
#include "queue/message_store.hpp"
#include "time/time_source.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>

namespace cannedd {

// Somebody whose state goes along with every commit.
class commit_rider {
public:
    virtual ~commit_rider() = default;
    virtual std::optional<account_memory> on_board() = 0; // nothing: nothing has changed
    virtual void landed() = 0;                            // what on_board() gave is durable
};

class recorder {
public:
    recorder(message_store& store, store_health& health, time_source& time, delivery_observer& observer);
    ~recorder();

    void add_rider(commit_rider& rider) { riders_.push_back(&rider); }
    // Called after each commit.
    void on_commit(std::function<void()> listener) { on_commit_ = std::move(listener); }
    // Durable when the answer is there. False: the row was not as the change expects it.
    asio::awaitable<bool> commit(change&& what);
    // The riders' state is durable when it returns.
    asio::awaitable<void> flush();

    // Whoever holds it will have something to commit once an answer is there.
    class expectation {
    public:
        explicit expectation(recorder& by) : by_(by) { ++by_.expected_; }
        expectation(const expectation&) = delete;
        expectation& operator=(const expectation&) = delete;
        ~expectation() { --by_.expected_; }

    private:
        recorder& by_;
    };

    // The writer itself: spawned once; ends after close(), when everything is recorded or the health has
    // given up.
    asio::awaitable<void> run();
    // A last commit with the riders' state, which tells that the service was stopped, then the end. False:
    // the deadline came first.
    asio::awaitable<bool> close(steady_time deadline);

private:
    struct entry;
    using batch = std::vector<std::shared_ptr<entry>>;

    void enter(std::shared_ptr<entry> one);
    static asio::awaitable<bool> end_of(std::shared_ptr<entry> one);
    asio::awaitable<void> gather();
    asio::awaitable<void> gather_what_is_ready();
    asio::awaitable<void> write(const batch& entries);
    std::vector<change> collect(const batch& entries);
    store_result<std::vector<bool>> try_once(const std::vector<change>& changes);

    message_store& store_;
    store_health& health_;
    time_source& time_;
    delivery_observer& observer_;
    std::vector<commit_rider*> riders_;
    std::vector<commit_rider*> aboard_;
    batch waiting_;
    std::unique_ptr<alarm> wake_;
    std::unique_ptr<alarm> ended_;
    std::function<void()> on_commit_;
    std::size_t expected_ = 0;
    gathering gathering_;
    bool stopping_ = false;
    bool has_ended_ = false;
};

} // namespace cannedd
