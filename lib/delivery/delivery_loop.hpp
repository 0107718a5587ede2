// Chooses which message goes next and keeps the attempts going: claims due heads of lanes while their
// account's gate is open, one message at a time per conversation, several conversations at once up to the
// account's connections. Claims are in memory only: a row changes when it is marked.
#pragma once

#include "delivery/account.hpp"
#include "delivery/attempt.hpp"
#include "delivery/context.hpp"
#include "delivery/follower.hpp"
#include "delivery/task_group.hpp"
#include "delivery/verification.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cannedd {

class delivery_loop {
public:
    delivery_loop(delivery_context& context, asio::any_io_executor executor);
    ~delivery_loop();

    void add(std::unique_ptr<account> member);
    // A reload: attempts in flight keep the API that they began with.
    void change(const std::string& name, const account_options& options, conversation_api& api);

    // Verifies what a former run left in doubt, then delivers until stop(). Ends when no attempt is in flight
    // any more, or when options.drain has passed; what is in doubt then stays `sending`.
    asio::awaitable<void> run();
    // As run(), but ends by itself when nothing is sending and nothing pending is due within `horizon`.
    asio::awaitable<void> drain(milliseconds horizon);
    void stop();
    // The queue may have changed: a neighbour's commit, an operator's UPDATE, a moment that has come.
    void wake();

    std::size_t in_flight() const { return tasks_.running(); }

private:
    void recover();
    steady_time claim_round();
    std::optional<steady_time> claim_one(account& of, steady_time now);
    std::optional<message> choose(account& of, wall_time now);
    steady_time next_moment(account& of, steady_time now);
    void begin(account& of, message row);
    asio::awaitable<void> attend(account& of, message row);
    void verify(account& of, interrupted_message unsure, const request_facts& left_by);
    asio::awaitable<void> attend_verification(account& of, interrupted_message unsure, request_facts left_by);
    void read_accounts();
    void rest(const std::string& lane, steady_time until);
    bool may_claim(const std::string& lane, steady_time now) const;
    asio::awaitable<void> finish();

    delivery_context& context_;
    task_group tasks_;
    std::unique_ptr<alarm> wake_;
    std::map<std::string, std::unique_ptr<account>> accounts_;
    std::set<std::string> claimed_;              // lanes with an attempt or a verification of ours
    std::map<std::string, steady_time> resting_; // lanes that are not claimed before
    std::set<verification*> verifications_;
    std::map<std::string, std::unique_ptr<follower>> followers_;
    task_group following_; // beside delivery: nothing waits for it but the end
    bool stopping_ = false;
    bool look_at_accounts_ = true;
};

} // namespace cannedd
