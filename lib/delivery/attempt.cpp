#include "delivery/attempt.hpp"

#include "delivery/rendering.hpp"
#include "policy/outcome.hpp"

#include <algorithm>

namespace cannedd {
namespace {

// How soon a lane is looked at again when another message is in flight in its conversation, or when its head
// was not as it had been claimed.
constexpr milliseconds busy_rest{250};

// Accepted, but not where it was meant to go.
bool is_elsewhere(const sent_reply& reply, const target& to) {
    return !reply.conversation_id.empty() && reply.conversation_id != to.conversation_id;
}

// What is said of a response may depend on these.
bool speaks_otherwise(const target& one, const target& other) {
    return one.agent_id != other.agent_id || one.built_ins != other.built_ins;
}

} // namespace

attempt::attempt(delivery_context& context, account& of, message row, connection_hold hold)
    : context_(context), account_(of), api_(of.api), row_(std::move(row)), hold_(std::move(hold)) {
    way_ =
        row_.route ? route_named(*row_.route).value_or(of.options.default_route) : of.options.default_route;
}

asio::awaitable<void> attempt::run() {
    started_at_ = context_.time.wall();
    auto to = co_await resolve(false);
    if (!to) co_return;
    auto content = co_await render(*to);
    if (!content) co_return;
    auto passed = co_await deliver(*to, *content);
    while (passed == passage::once_more) {
        started_at_ = context_.time.wall();
        if (again_) {
            const bool anew = row_.response && !row_.sent_text && speaks_otherwise(*again_, *to);
            to = std::exchange(again_, std::nullopt);
            if (anew) content = co_await render(*to);
            if (!content) co_return;
        }
        passed = co_await deliver(*to, *content);
    }
}

asio::awaitable<attempt::passage> attempt::deliver(target& to, const message_content& content) {
    conversation_ = to.conversation_id;
    const bool may_go = co_await limit();
    if (!may_go) co_return passage::done;
    const bool as_resolved = co_await look_before_leaving(to);
    if (!as_resolved) co_return passage::done;
    const bool is_marked = co_await mark_row(to, content);
    if (!is_marked) co_return passage::done;
    const auto reply = co_await send(to, content);
    context_.reach(step::after_answer);
    const auto& limits = context_.options.limits;
    if (is_elsewhere(reply, to)) {
        co_await conclude_elsewhere(reply, to);
        co_return passage::done;
    }
    const auto what = classify(reply.facts, request_kind::send, to.from_cache);
    const auto next =
        reply.reason ? decide_setback(*reply.reason, history(reply.facts), limits) // no token: nothing left
                     : decide(what, error_of(reply.facts), history_of(what, reply.facts), limits);
    const auto passed = co_await follow(next, what, reply, to);
    if (next.what == action::verify) doubt_it(to, content, reply.facts);
    co_return passed;
}

asio::awaitable<sent_reply> attempt::send(const target& to, const message_content& content) {
    const recorder::expectation answer(context_.recording);
    auto reply = co_await api_->send(to, content);
    hold_.let_go();
    co_return reply;
}

// --- resolve

bool attempt::enter(const std::string& conversation) {
    if (seat_ && seat_->conversation() == conversation) return true;
    const auto now = context_.time.steady();
    const auto next = context_.book.next(conversation);
    if (next > now) {
        end_.rest = std::chrono::ceil<milliseconds>(next - now);
        return false;
    }
    auto seat = context_.book.enter(conversation);
    if (!seat) {
        end_.rest = busy_rest;
        return false;
    }
    seat_ = std::move(seat);
    return true;
}

resolve_query attempt::whom(std::optional<std::string> conversation, bool fresh) const {
    resolve_query query;
    query.way = way_;
    query.conversation_id = std::move(conversation);
    query.agent_id = row_.agent_id;
    query.customer_id = row_.customer_id;
    query.fresh = fresh;
    query.wants_names = row_.response && !row_.sent_text;
    return query;
}

asio::awaitable<std::optional<target>> attempt::resolve(bool fresh) {
    std::optional<target> found;
    if (row_.conversation_id && !enter(row_.lane)) co_return found;
    auto query = whom(row_.conversation_id, fresh);
    auto answer = co_await api_->resolve(std::move(query));
    if (!answer) {
        co_await set_back(answer.error());
        co_return found;
    }
    if (enter(answer->conversation_id)) found = std::move(*answer);
    co_return found;
}

asio::awaitable<std::optional<message_content>> attempt::render(const target& to) {
    // Frozen at the first attempt; a text may come too late by now, a template never does.
    if (row_.sent_text && (row_.sent_template || !to.text_until))
        co_return message_content(*row_.sent_text, row_.sent_template.value_or(""));
    auto query = rendering_of(context_, row_);
    if (!query) co_return std::nullopt;
    auto content = co_await api_->render(std::move(*query), to);
    if (content) co_return std::move(*content);
    co_await set_back(content.error(), subject::response);
    co_return std::nullopt;
}

// --- limit, mark

asio::awaitable<bool> attempt::limit() {
    const auto admitted = co_await account_.gate.admit("send");
    if (admitted != admission::granted) co_return false;
    if (!row_.expires_at || *row_.expires_at > context_.time.wall()) co_return true;
    account_.gate.give_back();
    time_passed expired;
    expired.message_id = row_.id;
    expired.attempts = row_.attempts;
    expired.now = context_.time.wall();
    cannedd::change what(std::move(expired));
    const bool applied = co_await context_.recording.commit(std::move(what));
    if (applied) context_.observer.ended(account_.name, row_end::expired, 1);
    co_return false;
}

// The wait for its turn may have been long: where nothing but our own look keeps the message from a bot or
// from another conversation, that look is renewed.
asio::awaitable<bool> attempt::look_before_leaving(target& to) {
    if (!to.believed_until || context_.time.steady() <= *to.believed_until) co_return true;
    account_.gate.give_back();
    const auto again = co_await resolve(false);
    if (!again) co_return false;
    const bool is_other = again->conversation_id != to.conversation_id;
    if (is_other || (row_.response && speaks_otherwise(*again, to))) { // the text was made for the other one
        end_.rest = busy_rest;
        co_return false;
    }
    to = *again;
    co_return co_await limit();
}

asio::awaitable<bool> attempt::mark_row(const target& to, const message_content& content) {
    context_.reach(step::before_mark);
    mark marking;
    marking.message_id = row_.id;
    marking.attempts_before = row_.attempts;
    marking.account = row_.account;
    marking.lane = row_.lane;
    marking.says = row_.text ? *row_.text : row_.response.value_or("");
    marking.variables = row_.variables;
    marking.now = context_.time.wall();
    marking.text = content.text;
    marking.template_call = content.template_call;
    marking.sent_to = to.conversation_id;
    marking.communication_id = to.communication_id;
    marking.route = name_of(to.way);
    marking.started_at_server = api_->server_time();
    const auto now = context_.time.steady();
    const auto next = context_.book.next_after(to.conversation_id, now, account_.options.pace);
    if (next > now) marking.rests_until = marking.now + std::chrono::ceil<milliseconds>(next - now);
    cannedd::change what(std::move(marking));
    marked_ = co_await context_.recording.commit(std::move(what));
    if (!marked_) { // an operator was faster
        account_.gate.give_back();
        end_.rest = busy_rest; // should claim and mark ever disagree, they do so without spinning
        co_return false;
    }
    started_at_ = context_.time.wall();
    context_.book.sent(to.conversation_id, context_.time.steady(), account_.options.pace);
    context_.reach(step::after_mark);
    co_return true;
}

} // namespace cannedd
