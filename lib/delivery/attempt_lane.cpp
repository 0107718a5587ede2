// What an answer means for all rows of its lane: they end, they are held, or they must follow elsewhere.
#include "delivery/attempt.hpp"
#include "delivery/explain.hpp"

#include <utility>

namespace cannedd {
namespace {

// Between the commits that end or hold a long lane: SQLite's busy handler looks again every 25 to 100 ms, and
// gets in only while nobody writes.
constexpr milliseconds between_slices{30};

} // namespace

asio::awaitable<void> attempt::hold_lane(const std::string& detail) {
    if (!row_.conversation_id) co_return; // the agent's next conversation may be open to us
    lane_hold barred;
    barred.lane = row_.lane;
    barred.account = account_.name;
    barred.detail = detail;
    bool more = true;
    while (more) {
        cannedd::change slice(barred);
        more = co_await context_.recording.commit(std::move(slice));
        if (more) co_await context_.time.sleep_until(context_.time.steady() + between_slices);
    }
}

asio::awaitable<void> attempt::end_lane(const std::string& detail) {
    if (!row_.conversation_id) co_return; // an agent's lane outlives the conversation
    lane_end end;
    end.lane = row_.lane;
    end.now = context_.time.wall();
    end.detail = detail;
    end.rows = std::make_shared<int>(0);
    bool more = true;
    while (more) { // in slices, each a commit of its own: no producer waits long for the lock
        cannedd::change slice(end);
        more = co_await context_.recording.commit(std::move(slice));
        if (!more) break;
        context_.observer.ended(account_.name, row_end::failed, static_cast<std::size_t>(*end.rows));
        co_await context_.time.sleep_until(context_.time.steady() + between_slices);
    }
}

// Ours is not the active conversation with this customer any more: what waits for it would follow there.
asio::awaitable<void> attempt::conclude_elsewhere(const sent_reply& reply, const target& to) {
    constexpr milliseconds until_next_look = minutes(1);
    api_->forget(to.conversation_id);
    const auto where = "Genesys put a message for conversation " + to.conversation_id +
                       " into conversation " + reply.conversation_id +
                       ": the one that was meant is not the customer's active conversation any more";
    disposition next;
    next.what = action::unconfirmed;
    next.error = errc::sent_elsewhere;
    next.counts = true;
    auto sentence = explain(next.error, where, reply.facts);
    co_await conclude(next, outcome::accepted, reply.facts, std::move(sentence), &reply);
    if (account_.options.waits_for_ended)
        end_.rest = until_next_look;
    else
        co_await end_lane(where);
}

} // namespace cannedd
