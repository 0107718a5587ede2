// After acceptance: reads sent messages back until their status is final (delivery-success, delivery-failed
// with its reason), in batches of one conversation, and only from the part of the rate budget that delivery
// leaves over. A conversation whose messages do not change is looked at ever more rarely, for some channels
// tell no end. Where the permission is missing it says so once and looks no more, until the account is
// another one.
#pragma once

#include "delivery/account.hpp"
#include "delivery/context.hpp"
#include "delivery/row_lines.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cannedd {

class follower {
public:
    follower(delivery_context& context, account& of);

    asio::awaitable<void> run(); // until stop()
    void stop();

private:
    bool budget_to_spare() const;
    asio::awaitable<void> follow_once();
    void tell_undelivered(const followed_message& row, const std::string& why);
    asio::awaitable<void> follow_conversation(std::string conversation, std::vector<followed_message> rows);
    bool is_time(const std::string& conversation, std::int64_t youngest);
    bool may_ask(const std::shared_ptr<conversation_api>& api) const;
    void give_up(const std::shared_ptr<conversation_api>& api, const setback& why);

    // When a conversation is looked at next.
    struct patience {
        steady_time next{};
        milliseconds pause{0};
        std::int64_t youngest = 0; // of its messages, by the row's id
    };

    delivery_context& context_;
    account& account_;
    std::unique_ptr<alarm> wake_;
    std::map<std::string, patience> patience_; // by conversation
    std::weak_ptr<conversation_api> refused_;  // whose client lacks the permission
    steady_time ask_again_{};                  // whether it has it now
    row_lines undelivered_;                    // found by this look
    bool stopping_ = false;
};

} // namespace cannedd
