#include "delivery/attempt.hpp"

#include "delivery/explain.hpp"
#include "policy/outcome.hpp"

#include <algorithm>

namespace cannedd {
namespace {

// How soon a lane is looked at again when another message is in flight in its conversation.
constexpr milliseconds busy_rest{100};

message_status status_after(action what) {
    switch (what) {
    case action::record_sent: return message_status::sent;
    case action::fail:
    case action::fail_lane:
    case action::look_again: return message_status::failed;
    case action::hold: return message_status::held;
    case action::unconfirmed: return message_status::unconfirmed;
    case action::retry:
    case action::renew_token:
    case action::pause_account:
    case action::verify: break;
    }
    return message_status::pending;
}

std::string told_by(const disposition& next, const request_facts& facts) {
    return explain(next.error, facts.detail, facts);
}

} // namespace

attempt::attempt(delivery_context& context, account& of, message row)
    : context_(context), account_(of), row_(std::move(row)) {
    way_ =
        row_.route ? route_named(*row_.route).value_or(of.options.default_route) : of.options.default_route;
}

asio::awaitable<attempt_end> attempt::run() {
    started_at_ = context_.time.wall();
    auto to = co_await resolve(false);
    if (!to) co_return end_;
    auto text = co_await render(*to);
    if (!text) co_return end_;
    auto passed = co_await deliver(*to, *text);
    while (passed == passage::once_more) {
        started_at_ = context_.time.wall();
        if (again_) to = std::exchange(again_, std::nullopt);
        passed = co_await deliver(*to, *text);
    }
    leave();
    co_return end_;
}

asio::awaitable<attempt::passage> attempt::deliver(target to, std::string text) {
    const bool may_go = co_await limit();
    if (!may_go) co_return passage::done;
    const bool is_marked = co_await mark_row(to, text);
    if (!is_marked) co_return passage::done;
    const auto reply = co_await account_.api->send(to, text);
    context_.reach(step::after_answer);
    const auto& limits = context_.options.limits;
    const auto what = classify(reply.facts, request_kind::send, to.from_cache);
    const auto next = reply.verdict
                          ? decide_verdict(*reply.verdict, history(), limits) // no token: nothing left
                          : decide(what, error_of(reply.facts), history(), limits);
    const auto passed = co_await follow(next, what, reply, to);
    if (next.what == action::verify) doubt_it(to, text);
    co_return passed;
}

// --- resolve

bool attempt::enter(const std::string& conversation) {
    if (entered_ == conversation) return true;
    const auto now = context_.time.steady();
    const auto next = context_.book.next(conversation);
    if (next > now) {
        end_.rest = std::chrono::ceil<milliseconds>(next - now);
        return false;
    }
    if (!context_.book.enter(conversation)) {
        end_.rest = busy_rest;
        return false;
    }
    leave();
    entered_ = conversation;
    return true;
}

void attempt::leave() {
    if (!entered_ || end_.in_doubt) return; // in doubt: the verification leaves
    context_.book.leave(*entered_);
    entered_.reset();
}

asio::awaitable<std::optional<target>> attempt::resolve(bool fresh) {
    std::optional<target> found;
    if (row_.conversation_id && !enter(row_.lane)) co_return found;
    resolve_query query;
    query.way = way_;
    query.conversation_id = row_.conversation_id;
    query.agent_id = row_.agent_id;
    query.customer_id = row_.customer_id;
    query.fresh = fresh;
    const auto answer = co_await account_.api->resolve(query);
    if (!answer) {
        co_await set_back(answer.error());
        leave();
        co_return found;
    }
    if (enter(answer->conversation_id)) found = *answer;
    co_return found;
}

asio::awaitable<std::optional<std::string>> attempt::render(target to) {
    if (row_.sent_text) co_return row_.sent_text; // frozen at the first attempt
    render_query query;
    query.text = row_.text;
    query.response = row_.response;
    query.variables = row_.variables;
    if (row_.response && !row_.response->starts_with("genesys:")) {
        auto stored = context_.store.response(*row_.response);
        if (!stored) {
            context_.health.failed(stored.error());
            leave();
            co_return std::nullopt;
        }
        const auto& file = context_.options.file_responses;
        const auto in_file = file.find(*row_.response);
        if (*stored)
            query.response_text = **stored;
        else if (in_file != file.end())
            query.response_text = in_file->second;
    }
    const auto text = co_await account_.api->render(query, to);
    if (text) co_return *text;
    co_await set_back(text.error());
    leave();
    co_return std::nullopt;
}

// --- limit, mark

asio::awaitable<bool> attempt::limit() {
    const auto admitted = co_await account_.gate.admit("send");
    if (admitted != admission::granted) {
        leave();
        co_return false;
    }
    if (!row_.expires_at || *row_.expires_at > context_.time.wall()) co_return true;
    account_.gate.give_back();
    verdict expired;
    expired.message_id = row_.id;
    expired.was_marked = false;
    expired.attempts = row_.attempts;
    expired.to = message_status::expired;
    expired.now = context_.time.wall();
    expired.has_attempt = false;
    cannedd::change what(std::move(expired));
    co_await context_.recording.commit(std::move(what));
    leave();
    co_return false;
}

asio::awaitable<bool> attempt::mark_row(const target& to, const std::string& text) {
    context_.reach(step::before_mark);
    mark marking;
    marking.message_id = row_.id;
    marking.attempts_before = row_.attempts;
    marking.now = context_.time.wall();
    marking.text = text;
    marking.sent_to = to.conversation_id;
    marking.communication_id = to.communication_id;
    marking.route = name_of(to.way);
    cannedd::change what(std::move(marking));
    marked_ = co_await context_.recording.commit(std::move(what));
    if (!marked_) { // an operator was faster
        account_.gate.give_back();
        leave();
        co_return false;
    }
    started_at_ = context_.time.wall();
    context_.book.sent(to.conversation_id, context_.time.steady(), account_.options.pace);
    context_.reach(step::after_mark);
    co_return true;
}

// --- what became of it

try_history attempt::history() const {
    try_history past;
    past.attempts = row_.attempts + 1;
    past.deferrals = row_.deferrals;
    past.breaker_open = account_.gate.breaker_open();
    past.token_renewed = token_renewed_;
    past.chance = context_.chance();
    return past;
}

asio::awaitable<attempt::passage> attempt::follow(disposition next, outcome what, const sent_reply& reply,
                                                  const target& to) {
    if (next.what == action::look_again) co_return co_await look_again(next, what, reply, to);
    if (next.what == action::verify) {
        doubt unsure;
        unsure.message_id = row_.id;
        unsure.attempts = row_.attempts + 1;
        unsure.attempt = report(what, reply.facts, next.error);
        cannedd::change recorded(std::move(unsure));
        co_await context_.recording.commit(std::move(recorded));
        context_.observer.attempt_ended(account_.name, what);
        co_return passage::done;
    }
    co_await conclude(next, what, reply.facts, told_by(next, reply.facts), &reply);
    if (next.what != action::renew_token) co_return passage::done;
    token_renewed_ = true;
    co_return passage::once_more;
}

// The answer says that our addressee is not what we thought: the conversation itself tells more.
asio::awaitable<attempt::passage> attempt::look_again(disposition next, outcome what, const sent_reply& reply,
                                                      const target& to) {
    account_.api->forget(to.conversation_id);
    next.what = action::fail;
    next.counts = true;
    const bool was_first = !std::exchange(looked_again_, true);
    if (!was_first) {
        co_await conclude(next, what, reply.facts, told_by(next, reply.facts), &reply);
        co_return passage::done;
    }
    resolve_query query;
    query.way = way_;
    query.conversation_id = to.conversation_id;
    query.agent_id = row_.agent_id;
    query.customer_id = row_.customer_id;
    query.fresh = true;
    const auto answer = co_await account_.api->resolve(query);
    if (!answer && answer.error().verdict) {
        const auto told = decide_verdict(*answer.error().verdict, history(), context_.options.limits);
        co_await conclude(told, what, reply.facts, refer(answer.error().detail, reply.facts), &reply);
        co_return passage::done;
    }
    if (answer && !to.from_cache) { // nothing was out of date: the refusal stands
        co_await conclude(next, what, reply.facts, told_by(next, reply.facts), &reply);
        co_return passage::done;
    }
    disposition later;
    later.error = next.error;
    later.delay = answer ? milliseconds(0)
                         : backoff(context_.options.limits.backoff, row_.deferrals + 1, context_.chance());
    co_await conclude(later, what, reply.facts, told_by(later, reply.facts), &reply);
    if (!answer) co_return passage::done;
    again_ = *answer;
    co_return passage::once_more;
}

asio::awaitable<void> attempt::set_back(const setback& why) {
    if (why.not_admitted) co_return; // paused, drained or down: the row stays as it is
    auto past = history();
    if (why.verdict) {
        const auto next = decide_verdict(*why.verdict, past, context_.options.limits);
        co_await conclude(next, outcome::not_sent, why.facts, refer(why.detail, why.facts), nullptr);
        co_return;
    }
    past.token_renewed = true; // a look-up has tried a new token by itself
    const auto what = classify(why.facts, request_kind::look_up);
    auto next = decide(what, error_of(why.facts), past, context_.options.limits);
    if (next.what == action::look_again) next.what = action::fail;
    co_await conclude(next, what, why.facts, told_by(next, why.facts), nullptr);
}

attempt_report attempt::report(outcome what, const request_facts& facts, std::optional<errc> error) const {
    attempt_report told;
    told.started_at = started_at_;
    told.finished_at = context_.time.wall();
    told.phase = name_of(facts.reached);
    told.http_status = facts.http_status;
    told.outcome = name_of(what);
    told.error = error;
    told.correlation_id = facts.correlation_id;
    return told;
}

asio::awaitable<void> attempt::conclude(disposition next, outcome what, const request_facts& facts,
                                        std::string sentence, const sent_reply* reply) {
    context_.reach(step::before_record);
    const bool is_sent = next.what == action::record_sent;
    verdict told;
    told.message_id = row_.id;
    told.was_marked = marked_;
    told.attempts = row_.attempts + (marked_ ? 1 : 0);
    told.to = status_after(next.what);
    told.now = context_.time.wall();
    told.due_at = told.now + next.delay;
    told.counts = next.counts;
    if (!is_sent) {
        told.error = next.error;
        told.detail = sentence;
    } else if (reply != nullptr) {
        told.remote_message_id = reply->remote_message_id;
        told.remote_status = reply->remote_status;
    }
    told.attempt = report(what, facts, told.error);
    if (next.what == action::pause_account)
        account_.gate.pause(std::string(name_of(next.error)) + ": " + told.detail);
    cannedd::change recorded(std::move(told));
    const bool applied = co_await context_.recording.commit(std::move(recorded));
    context_.reach(step::after_record);
    context_.observer.attempt_ended(account_.name, what);
    if (is_sent) context_.observer.delivered(account_.name, context_.time.wall() - row_.due_at);
    context_.log.write(is_sent ? log_level::debug : log_level::warning,
                       is_sent ? "message sent" : "message not sent",
                       {{"id", row_.id},
                        {"account", account_.name},
                        {"lane", row_.lane},
                        {"attempt", row_.attempts + 1},
                        {"disposition", name_of(next.what)},
                        {"error", is_sent ? std::string_view() : name_of(next.error)},
                        {"detail", is_sent ? std::string() : sentence},
                        {"correlation_id", facts.correlation_id},
                        {"recorded", applied ? "yes" : "the row had changed"}});
    marked_ = false;
    if (next.what == action::fail_lane) co_await end_lane(sentence);
}

asio::awaitable<void> attempt::end_lane(const std::string& detail) {
    if (!row_.conversation_id) co_return; // an agent's lane outlives the conversation
    lane_end end;
    end.lane = row_.lane;
    end.now = context_.time.wall();
    end.detail = detail;
    cannedd::change recorded(std::move(end));
    co_await context_.recording.commit(std::move(recorded));
}

void attempt::doubt_it(const target& to, const std::string& text) {
    interrupted_message unsure;
    unsure.row = row_;
    unsure.row.attempts = row_.attempts + 1;
    unsure.row.sent_text = text;
    unsure.sent_to = to.conversation_id;
    unsure.communication_id = to.communication_id;
    unsure.route = name_of(to.way);
    unsure.first_started_at = started_at_;
    end_.in_doubt = std::move(unsure);
}

} // namespace cannedd
