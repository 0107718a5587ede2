#include "delivery/delivery_loop.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace cannedd {
namespace {

// Without any event the queue is looked at again after this: a hint may be lost, a clock may be set.
constexpr milliseconds tick{250};
// Heads fetched beyond those that are known to be claimed or resting.
constexpr std::size_t heads_ahead = 4;

// Nobody knows how far the request got.
request_facts ended_by_a_crash() {
    request_facts facts;
    facts.reached = phase::written;
    facts.fault = transport_fault::connection_lost;
    facts.detail = "the daemon ended while the request was on its way";
    return facts;
}

} // namespace

delivery_loop::delivery_loop(delivery_context& context, asio::any_io_executor executor)
    : context_(context)
    , tasks_(executor, context.time)
    , wake_(context.time.make_alarm())
    , following_(executor, context.time) {}

delivery_loop::~delivery_loop() = default;

void delivery_loop::add(std::unique_ptr<account> member) {
    member->gate.on_change([this] { wake_->ring(); });
    auto name = member->name;
    auto& placed = *(followers_[name] = std::make_unique<follower>(context_, *member));
    following_.spawn(placed.run());
    accounts_.emplace(std::move(name), std::move(member));
}

void delivery_loop::change(const std::string& name, const account_options& options, conversation_api& api) {
    auto& member = *accounts_.at(name);
    member.options = options;
    member.api = &api;
}

void delivery_loop::wake() {
    look_at_accounts_ = true;
    wake_->ring();
}

void delivery_loop::stop() {
    stopping_ = true;
    for (auto& [name, member] : accounts_)
        member->gate.start_draining();
    for (auto* pending : verifications_)
        pending->stop();
    for (auto& [name, follows] : followers_)
        follows->stop();
    wake_->ring();
}

asio::awaitable<void> delivery_loop::run() {
    const auto executor = co_await asio::this_coro::executor;
    recover();
    while (!stopping_) {
        const auto again = claim_round();
        co_await wake_->wait_until(again);
        co_await asio::post(executor, asio::use_awaitable); // what is ready first, shares the round
    }
    co_await finish();
}

asio::awaitable<void> delivery_loop::drain(milliseconds horizon) {
    const auto executor = co_await asio::this_coro::executor;
    recover();
    while (!stopping_) {
        const auto again = claim_round();
        const auto work = context_.store.work_left(context_.time.wall() + horizon);
        if (!work)
            context_.health.failed(work.error());
        else if (work->sending == 0 && work->pending.empty() && tasks_.running() == 0)
            break;
        co_await wake_->wait_until(again);
        co_await asio::post(executor, asio::use_awaitable);
    }
    stop();
    co_await finish();
}

asio::awaitable<void> delivery_loop::finish() {
    const auto deadline = context_.time.steady() + context_.options.drain;
    bool all_ended = co_await tasks_.wait_until_empty(deadline);
    all_ended = co_await following_.wait_until_empty(deadline) && all_ended;
    if (!all_ended)
        context_.log.warning("the time to drain is over; what was not answered is verified at the next start",
                             {{"in_flight", tasks_.running()}});
}

// --- what a former run left

void delivery_loop::recover() {
    const auto rows = context_.store.interrupted();
    for (const auto& unsure : rows.value()) {
        const auto owner = accounts_.find(unsure.row.account);
        if (owner == accounts_.end()) {
            context_.log.error("a message in doubt belongs to an account that is not configured; it waits",
                               {{"id", unsure.row.id}, {"account", unsure.row.account}});
            continue;
        }
        context_.log.notice("a message was being sent when the daemon ended: it is verified",
                            {{"id", unsure.row.id}, {"account", unsure.row.account}});
        context_.book.enter(unsure.sent_to);
        claimed_.insert(unsure.row.lane);
        verify(*owner->second, unsure, ended_by_a_crash());
    }
}

// --- claims

void delivery_loop::read_accounts() {
    if (!std::exchange(look_at_accounts_, false)) return;
    const auto rows = context_.store.accounts();
    if (!rows) {
        context_.health.failed(rows.error());
        return;
    }
    for (const auto& row : *rows) {
        const auto found = accounts_.find(row.memory.account);
        if (found != accounts_.end()) found->second->gate.set_paused(row.paused);
    }
}

steady_time delivery_loop::claim_round() {
    const auto now = context_.time.steady();
    auto again = now + tick;
    if (stopping_ || !context_.health.ok()) return again;
    read_accounts();
    std::erase_if(resting_, [&](const auto& r) { return r.second <= now; });
    for (auto& [name, member] : accounts_)
        if (const auto moment = claim_one(*member, now)) again = std::min(again, *moment);
    return std::max(again, now);
}

// Claims at most one message of the account a round, so that the next claim sees the token that this one
// took.
std::optional<steady_time> delivery_loop::claim_one(account& of, steady_time now) {
    if (of.in_flight >= of.options.connections) return std::nullopt; // the end of an attempt wakes us
    if (!of.gate.open(now)) return of.gate.opens(now);
    auto row = choose(of, context_.time.wall());
    if (!row) return next_moment(of, now);
    begin(of, std::move(*row));
    return now;
}

bool delivery_loop::may_claim(const std::string& lane, steady_time now) const {
    if (claimed_.contains(lane)) return false;
    const auto found = resting_.find(lane);
    return found == resting_.end() || found->second <= now;
}

std::optional<message> delivery_loop::choose(account& of, wall_time now) {
    const auto limit = claimed_.size() + resting_.size() + heads_ahead;
    auto heads =
        context_.store.due(of.name, now, limit, of.turns.next_is_youngest() ? turn::youngest : turn::oldest);
    if (heads && heads->empty()) heads = context_.store.due(of.name, now, limit, turn::oldest);
    if (heads && heads->empty()) heads = context_.store.due(of.name, now, limit, turn::waiting);
    if (!heads) {
        context_.health.failed(heads.error());
        return std::nullopt;
    }
    for (const auto& head : *heads) {
        if (!may_claim(head.lane, context_.time.steady())) continue;
        auto row = context_.store.load(head.head_id);
        if (row && *row) return std::move(*row);
    }
    return std::nullopt;
}

steady_time delivery_loop::next_moment(account& of, steady_time now) {
    auto again = steady_time::max();
    for (const auto& [lane, until] : resting_)
        again = std::min(again, until);
    const auto wall = context_.time.wall();
    const auto due = context_.store.next_due(of.name, wall);
    if (due && *due)
        again = std::min<steady_time>(again, now + std::clamp(**due - wall, milliseconds(1), tick));
    return again;
}

void delivery_loop::begin(account& of, message row) {
    claimed_.insert(row.lane);
    ++of.in_flight;
    tasks_.spawn(attend(of, std::move(row)));
}

void delivery_loop::rest(const std::string& lane, steady_time until) {
    resting_[lane] = until;
}

asio::awaitable<void> delivery_loop::attend(account& of, message row) {
    const auto lane = row.lane;
    attempt one(context_, of, std::move(row));
    const auto end = co_await one.run();
    --of.in_flight;
    if (end.rest > milliseconds(0)) rest(lane, context_.time.steady() + end.rest);
    if (end.in_doubt)
        verify(of, *end.in_doubt, end.facts);
    else
        claimed_.erase(lane);
    wake_->ring();
}

// --- doubt

void delivery_loop::verify(account& of, interrupted_message unsure, const request_facts& left_by) {
    tasks_.spawn(attend_verification(of, std::move(unsure), left_by));
}

asio::awaitable<void> delivery_loop::attend_verification(account& of, interrupted_message unsure,
                                                         request_facts left_by) {
    const auto lane = unsure.row.lane;
    verification one(context_, of, std::move(unsure), std::move(left_by));
    verifications_.insert(&one);
    if (stopping_) one.stop();
    co_await one.run();
    verifications_.erase(&one);
    context_.book.leave(one.conversation());
    claimed_.erase(lane);
    wake_->ring();
}

} // namespace cannedd
