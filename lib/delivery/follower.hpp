// After acceptance: reads sent messages back until their status is final (delivery-success, delivery-failed
// with its reason), in batches of one conversation, and only from the part of the rate budget that delivery
// leaves over.
#pragma once

#include "delivery/account.hpp"
#include "delivery/context.hpp"

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
    asio::awaitable<void> follow_conversation(std::string conversation, std::vector<followed_message> rows);

    delivery_context& context_;
    account& account_;
    std::unique_ptr<alarm> wake_;
    bool stopping_ = false;
};

} // namespace cannedd
