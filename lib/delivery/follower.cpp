#include "delivery/follower.hpp"

#include <algorithm>
#include <map>

namespace cannedd {
namespace {

constexpr milliseconds between_looks{2000};
constexpr std::size_t rows_per_look = 1000; // what one bulk request takes at most

} // namespace

follower::follower(delivery_context& context, account& of)
    : context_(context), account_(of), wake_(context.time.make_alarm()) {}

void follower::stop() {
    stopping_ = true;
    wake_->ring();
}

asio::awaitable<void> follower::run() {
    while (!stopping_) {
        co_await wake_->wait_until(context_.time.steady() + between_looks);
        if (!stopping_ && context_.options.follow_status && context_.health.ok()) co_await follow_once();
    }
}

// Delivery comes first: nothing is due, and half of the bucket stays for what may become due.
bool follower::budget_to_spare() const {
    if (stopping_ || account_.in_flight > 0 || !account_.gate.open(context_.time.steady())) return false;
    const auto due = context_.store.oldest_due(account_.name, context_.time.wall());
    return due && !*due && account_.gate.balance() > account_.options.burst / 2.0;
}

asio::awaitable<void> follower::follow_once() {
    const auto rows = context_.store.followed(account_.name, rows_per_look);
    if (!rows) {
        context_.health.failed(rows.error());
        co_return;
    }
    std::map<std::string, std::vector<followed_message>> by_conversation;
    for (const auto& row : *rows)
        by_conversation[row.sent_to].push_back(row);
    for (const auto& [conversation, of_it] : by_conversation) {
        if (!budget_to_spare()) co_return;
        co_await follow_conversation(conversation, of_it);
    }
}

asio::awaitable<void> follower::follow_conversation(std::string conversation,
                                                    std::vector<followed_message> rows) {
    std::vector<std::string> ids;
    for (const auto& row : rows)
        ids.push_back(row.remote_message_id);
    const auto api = account_.api; // a reload may bring another one meanwhile, or none
    if (!api) co_return;
    const auto shown = co_await api->statuses(conversation, ids);
    if (!shown) co_return; // another time: nothing depends on it
    for (const auto& m : *shown) {
        const auto row = std::find_if(rows.begin(), rows.end(),
                                      [&](const auto& r) { return r.remote_message_id == m.id; });
        if (row == rows.end() || row->remote_status == m.status) continue;
        remote_news news;
        news.message_id = row->id;
        news.remote_status = m.status;
        news.detail = m.failure_reason;
        const bool undelivered = news.remote_status == "delivery-failed";
        cannedd::change what(std::move(news));
        const bool applied = co_await context_.recording.commit(std::move(what));
        if (undelivered && applied) context_.observer.ended(account_.name, row_end::undelivered, 1);
    }
}

} // namespace cannedd
