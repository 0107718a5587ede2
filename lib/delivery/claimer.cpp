#include "delivery/claimer.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace cannedd {
namespace {

// Whatever nobody tells is seen after this: a clock that was set, a wake-up that was lost. An account that
// has nothing to send may sleep longer, or two hundred of them would keep the machine awake.
constexpr milliseconds unseen_max{1000};
constexpr milliseconds unseen_idle_max{30'000};

// Nobody knows how far the request got.
request_facts ended_by_a_crash() {
    request_facts facts;
    facts.reached = phase::written;
    facts.fault = transport_fault::connection_lost;
    facts.detail = "the daemon ended while the request was on its way";
    return facts;
}

} // namespace

// Asked once a round and kind, when its turn comes.
struct claimer::offer {
    offer(std::size_t wanted_, wall_time at_) : wanted(wanted_), at(at_) {}
    std::size_t wanted;
    wall_time at;
    std::array<std::optional<std::vector<due_lane>>, 3> lanes; // the next one at the back
};

claimer::claimer(delivery_context& context, account& of, const rate_settings& rate, task_group& tasks)
    : context_(context), account_(of), tasks_(tasks), wake_(context.time.make_alarm()), share_(rate) {
    account_.gate.on_change([this] { wake_->ring(); });
    account_.freed = [this] { wake_->ring(); };
}

claimer::~claimer() = default;

void claimer::wake() {
    wake_->ring();
}

void claimer::stop() {
    stopping_ = true;
    account_.gate.start_draining();
    for (auto* pending : verifications_)
        pending->stop();
    wake_->ring();
}

void claimer::retire(bool gone) {
    retired_ = gone;
    wake_->ring();
}

asio::awaitable<void> claimer::run() {
    const auto executor = co_await asio::this_coro::executor;
    while (!stopping_) {
        const auto next = round();
        const auto at_most = idle_ ? unseen_idle_max : unseen_max;
        const auto again = std::min(next, context_.time.steady() + at_most);
        co_await wake_->wait_until(again);
        co_await asio::post(executor, asio::use_awaitable); // what is ready first, shares the round
    }
}

// --- claims

steady_time claimer::round() {
    const auto now = context_.time.steady();
    idle_ = false;
    if (stopping_ || retired_) return steady_time::max();
    if (!context_.health.ok()) return steady_time::max(); // its recovery wakes us
    if (account_.in_flight >= account_.options.connections) return steady_time::max(); // an end wakes us
    if (!account_.gate.open(now)) return account_.gate.opens(now);
    const auto free = account_.options.connections - account_.in_flight;
    // One for all: what became due between two looks at the clock would be neither due nor to come.
    const auto wall = context_.time.wall();
    const auto moment = context_.store.read_at_one_moment();
    const bool all = claim(std::min(free, account_.gate.room(now)), now, wall);
    return all ? next_moment(now, wall) : now; // the next round sees the requests that this one took
}

// Whether that was all there is.
bool claimer::claim(std::size_t wanted, steady_time now, wall_time wall) {
    offer due(wanted, wall);
    for (std::size_t claimed = 0; claimed < wanted;) {
        const auto chosen = next_lane(due, now);
        if (!chosen) return true;
        if (begin(*chosen)) ++claimed;
    }
    return false;
}

// Whoever's turn it is; when there is nobody, the next in line.
std::optional<due_lane> claimer::next_lane(offer& due, steady_time now) {
    const auto first = turns_.next();
    auto chosen = take(due, first, now);
    for (const auto other : {turn::oldest, turn::youngest, turn::waiting})
        if (!chosen && other != first) chosen = take(due, other, now);
    return chosen;
}

std::optional<due_lane> claimer::take(offer& due, turn whose, steady_time now) {
    if (whose == turn::waiting && share_.next() > now) return std::nullopt;
    auto& lanes = due.lanes.at(static_cast<std::size_t>(whose));
    if (!lanes) lanes = ask(whose, due);
    while (!lanes->empty()) {
        auto lane = std::move(lanes->back());
        lanes->pop_back();
        if (claimed_.contains(lane.lane)) continue;
        if (whose == turn::waiting) share_.take(now);
        return lane;
    }
    return std::nullopt;
}

std::vector<due_lane> claimer::ask(turn whose, const offer& due) {
    // Of what is claimed, only what is not marked yet shows up again.
    const auto limit = due.wanted + claimed_.size() - verifications_.size();
    auto lanes = context_.store.due(account_.name, due.at, limit, whose);
    if (!lanes) {
        context_.health.failed(lanes.error());
        return {};
    }
    std::reverse(lanes->begin(), lanes->end());
    return std::move(*lanes);
}

bool claimer::begin(const due_lane& chosen) {
    auto row = context_.store.load(chosen.head_id);
    if (!row) context_.health.failed(row.error());
    if (!row || !*row) return false; // an operator was faster
    claimed_.insert(chosen.lane);
    tasks_.spawn(attend(std::move(**row), connection_hold(account_)));
    return true;
}

steady_time claimer::next_moment(steady_time now, wall_time wall) {
    auto again = steady_time::max();
    const auto due = context_.store.next_due(account_.name, wall);
    if (!due) context_.health.failed(due.error());
    idle_ = due && !*due && claimed_.empty();
    if (due && *due) again = now + std::clamp(**due - wall, milliseconds(1), unseen_max);
    if (share_.next() > now) again = std::min(again, share_.next());
    return again;
}

// --- what is claimed

asio::awaitable<attempt_end> claimer::try_once(message row, connection_hold hold) {
    attempt one(context_, account_, std::move(row), std::move(hold));
    co_await one.run();
    co_return std::move(one.end());
}

asio::awaitable<void> claimer::attend(message row, connection_hold hold) {
    const auto lane = row.lane;
    auto end = co_await try_once(std::move(row), std::move(hold));
    if (end.in_doubt) {
        co_await verify(std::move(*end.in_doubt), end.facts, std::move(end.seat));
    } else if (end.rest > milliseconds(0)) {
        co_await rest(lane, end.rest);
    }
    claimed_.erase(lane);
    wake_->ring();
}

// Kept in the file, so that no round has to pass over it.
asio::awaitable<void> claimer::rest(std::string lane, milliseconds span) {
    lane_rest resting;
    resting.lane = std::move(lane);
    resting.now = context_.time.wall();
    resting.until = resting.now + span;
    cannedd::change what(std::move(resting));
    co_await context_.recording.commit(std::move(what));
}

// --- doubt

asio::awaitable<void> claimer::verify(interrupted_message unsure, request_facts left_by,
                                      std::optional<conversation_seat> seat) {
    verification one(context_, account_, std::move(unsure), std::move(left_by));
    verifications_.insert(&one);
    if (stopping_) one.stop();
    co_await one.run();
    verifications_.erase(&one);
    seat.reset();
}

void claimer::recover(const interrupted_message& unsure) {
    if (!claimed_.insert(unsure.row.lane).second) return;
    context_.log.notice("a message was being sent when the daemon ended: it is verified",
                        {{"id", unsure.row.id}, {"account", unsure.row.account}});
    tasks_.spawn(attend_recovered(unsure, context_.book.enter(unsure.sent_to)));
}

asio::awaitable<void> claimer::attend_recovered(interrupted_message unsure,
                                                std::optional<conversation_seat> seat) {
    const auto lane = unsure.row.lane;
    co_await verify(std::move(unsure), ended_by_a_crash(), std::move(seat));
    claimed_.erase(lane);
    wake_->ring();
}

} // namespace cannedd
