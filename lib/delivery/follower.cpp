#include "delivery/follower.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace cannedd {
namespace {

constexpr milliseconds between_looks{2000};
constexpr milliseconds between_looks_max = std::chrono::hours(1);
constexpr milliseconds between_refusals = std::chrono::minutes(10);
constexpr std::size_t rows_per_look = 1000; // what one bulk request takes at most
constexpr std::size_t conversations_max = 10'000;
constexpr row_words undelivered{"message accepted, but not delivered",
                                "messages were accepted, but not delivered"};

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
        if (stopping_ || !context_.options.follow_status || !context_.health.ok()) continue;
        co_await follow_once();
        undelivered_.tell(context_.log, {{"account", account_.name}});
    }
}

// Delivery comes first: nothing is due, and half of the bucket stays for what may become due.
bool follower::budget_to_spare() const {
    if (stopping_ || account_.in_flight > 0 || !account_.gate.open(context_.time.steady())) return false;
    const auto due = context_.store.oldest_due(account_.name, context_.time.wall());
    return due && !*due && account_.gate.balance() > account_.options.burst / 2.0;
}

asio::awaitable<void> follower::follow_once() {
    if (!may_ask(account_.api)) co_return;
    const auto rows = context_.store.followed(account_.name, rows_per_look);
    if (!rows) {
        context_.health.failed(rows.error());
        co_return;
    }
    std::map<std::string, std::vector<followed_message>> by_conversation;
    for (const auto& row : *rows)
        by_conversation[row.sent_to].push_back(row);
    for (const auto& [conversation, of_it] : by_conversation) {
        if (!budget_to_spare() || !may_ask(account_.api)) co_return;
        if (!is_time(conversation, of_it.back().id)) continue;
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
    if (!shown && shown.error().facts.http_status == 403 && !shown.error().facts.not_the_apis)
        give_up(api, shown.error());
    if (!shown) co_return; // another time: nothing depends on it
    refused_.reset();
    for (const auto& m : *shown) {
        const auto row = std::find_if(rows.begin(), rows.end(),
                                      [&](const auto& r) { return r.remote_message_id == m.id; });
        if (row == rows.end() || row->remote_status == m.status) continue;
        remote_news news;
        news.message_id = row->id;
        news.remote_status = m.status;
        news.detail = m.failure_reason;
        patience_.erase(conversation); // what has begun to change goes on changing
        const bool has_failed = news.remote_status == "delivery-failed";
        cannedd::change what(std::move(news));
        const bool applied = co_await context_.recording.commit(std::move(what));
        if (has_failed && applied) tell_undelivered(*row, m.failure_reason);
    }
}

void follower::tell_undelivered(const followed_message& row, const std::string& why) {
    context_.observer.ended(account_.name, row_end::undelivered, 1);
    undelivered_.add(
        undelivered,
        {{"id", row.id}, {"account", account_.name}, {"conversation", row.sent_to}, {"detail", why}});
}

// The pause doubles with each look that brings nothing; a younger message begins anew.
bool follower::is_time(const std::string& conversation, std::int64_t youngest) {
    const auto now = context_.time.steady();
    if (patience_.size() >= conversations_max) patience_.clear();
    auto& of = patience_[conversation];
    if (youngest > of.youngest) of = patience{now, between_looks / 2, youngest};
    if (now < of.next) return false;
    of.pause = std::min(of.pause * 2, between_looks_max);
    of.next = now + of.pause;
    return true;
}

bool follower::may_ask(const std::shared_ptr<conversation_api>& api) const {
    return api && (refused_.lock() != api || context_.time.steady() >= ask_again_);
}

// A refusal of one conversation says nothing of the others.
void follower::give_up(const std::shared_ptr<conversation_api>& api, const setback& why) {
    if (why.facts.word == api_word::conversation_refused) return;
    ask_again_ = context_.time.steady() + between_refusals;
    if (refused_.lock() == api) return; // it was said
    refused_ = api;
    context_.log.warning(
        "what became of accepted messages is not followed: a permission is missing "
        "(conversation:message:view). Give it to the client's role (it is asked for again every "
        "10 minutes), or set delivery.follow_status: false",
        {{"account", account_.name},
         {"detail", why.facts.detail},
         {"correlation_id", why.facts.correlation_id}});
}

} // namespace cannedd
