// The second half of an attempt: what became of it, and what is recorded.
#include "delivery/attempt.hpp"
#include "delivery/explain.hpp"
#include "policy/outcome.hpp"

#include <algorithm>
#include <utility>

namespace cannedd {
namespace {

// How long a lane stays away from an operation that must wait: an operator may end that earlier.
constexpr milliseconds rest_max{15'000};

message_status status_after(action what) {
    switch (what) {
    case action::record_sent: return message_status::sent;
    case action::fail:
    case action::fail_lane:
    case action::look_again: return message_status::failed;
    case action::hold:
    case action::hold_lane: return message_status::held;
    case action::unconfirmed: return message_status::unconfirmed;
    case action::retry:
    case action::renew_token:
    case action::pause_account:
    case action::verify: break;
    }
    return message_status::pending;
}

// A reason's own words, and what becomes of the row where they do not say it.
std::string told_of(const disposition& next, const setback& why) {
    if (next.error != errc::conversation_ended) return why.detail;
    return why.detail + (next.what == action::retry
                             ? "; it may be taken up again, so it is looked at until expires_at"
                             : "; nothing can be sent to it any more");
}

std::string told_by(const disposition& next, const request_facts& facts) {
    if (next.what == action::record_sent) return {};
    if (next.what == action::hold_lane) return explain_barred(facts);
    if (next.what == action::fail && next.error == errc::server_error) return explain_last_500(facts);
    return explain(next.error, facts.detail, facts);
}

log_level level_of_end(const disposition& next) {
    return next.what == action::record_sent ? log_level::info : log_level::warning;
}

std::optional<row_end> end_of(message_status to) {
    switch (to) {
    case message_status::sent: return row_end::sent;
    case message_status::failed: return row_end::failed;
    case message_status::unconfirmed: return row_end::unconfirmed;
    default: return std::nullopt;
    }
}

} // namespace

// --- what became of it

try_history attempt::history(const request_facts& of) const {
    try_history past;
    past.attempts = row_.attempts + 1;
    past.deferrals = row_.deferrals;
    past.breaker_open = account_.gate.breaker_open();
    past.token_renewed = token_renewed_;
    past.told_to_wait = of.retry_after.value_or(seconds(0));
    past.agents_own = of.agents_own;
    past.answers_500 = answers_so_far(500, of);
    past.answers_409 = answers_so_far(409, of);
    past.waits_for_ended = account_.options.waits_for_ended;
    past.chance = context_.chance();
    return past;
}

// This one, which is not recorded yet, included.
int attempt::answers_so_far(int http_status, const request_facts& of) const {
    if (of.http_status != http_status) return 0;
    const auto before = context_.store.answers(row_.id, row_.attempts, http_status);
    if (!before) context_.health.failed(before.error());
    return before ? *before + 1 : 1;
}

// A conversation that is barred to one agent's own token says nothing about the account.
try_history attempt::history_of(outcome what, const request_facts& of) {
    auto past = history(of);
    if (what == outcome::accepted) account_.barred.accepted();
    if (what == outcome::barred && !of.agents_own) past.barred_often = account_.barred.refused(row_.lane);
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
    api_->forget(to.conversation_id);
    const auto& limits = context_.options.limits;
    next = decide_stale(next.error, history(reply.facts), limits);
    const bool was_first = !std::exchange(looked_again_, true);
    if (!was_first) {
        co_await conclude(next, what, reply.facts, told_by(next, reply.facts), &reply);
        co_return passage::done;
    }
    auto query = whom(to.conversation_id, true);
    auto answer = co_await api_->resolve(std::move(query));
    if (!answer && answer.error().reason) {
        const auto told = decide_setback(*answer.error().reason, history(answer.error().facts), limits);
        co_await conclude(told, what, reply.facts, refer(told_of(told, answer.error()), reply.facts), &reply);
        co_return passage::done;
    }
    const bool is_last = next.error == errc::conflict && next.what == action::fail;
    const bool was_out_of_date = !answer || to.from_cache; // as far as one can tell
    if (is_last || !was_out_of_date) {                     // the refusal stands
        co_await conclude(next, what, reply.facts, told_by(next, reply.facts), &reply);
        co_return passage::done;
    }
    disposition later;
    later.error = next.error;
    later.counts = next.error == errc::conflict;
    later.delay = answer ? milliseconds(0) : backoff(limits.backoff, row_.deferrals + 1, context_.chance());
    co_await conclude(later, what, reply.facts, told_by(later, reply.facts), &reply);
    if (!answer) co_return passage::done;
    if (later.counts) ++row_.attempts;
    again_ = std::move(*answer);
    co_return passage::once_more;
}

asio::awaitable<void> attempt::set_back(const setback& why, subject about) {
    if (why.not_admitted) { // paused, drained or down: the row stays as it is
        end_.rest = std::min(account_.gate.operation_rest(), rest_max);
        co_return;
    }
    if (why.reason) {
        const auto next = decide_setback(*why.reason, history(why.facts), context_.options.limits);
        auto sentence = why.facts.agents_own ? explain(*why.reason, why.detail, why.facts)
                                             : refer(told_of(next, why), why.facts);
        co_await conclude(next, outcome::not_sent, why.facts, std::move(sentence), nullptr);
        co_return;
    }
    const auto what = classify(why.facts, request_kind::look_up);
    const bool elsewhere = what == outcome::barred && about == subject::response;
    auto past = elsewhere ? history(why.facts) : history_of(what, why.facts);
    past.token_renewed = true; // a look-up has tried a new token by itself
    auto next = decide(what, error_of(why.facts), past, context_.options.limits);
    if (next.what == action::look_again) next.what = action::fail;
    const bool barred_response = elsewhere && next.what == action::hold_lane;
    if (barred_response) next.what = action::hold;
    auto sentence = barred_response ? explain_barred_response(why.facts) : told_by(next, why.facts);
    co_await conclude(next, what, why.facts, std::move(sentence), nullptr);
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
    told.account = row_.account;
    told.lane = row_.lane;
    told.to = status_after(next.what);
    told.now = context_.time.wall();
    told.due_at = told.now + next.delay;
    told.counts = next.counts;
    told.unproven = what == outcome::indeterminate;
    if (!is_sent) {
        told.error = next.error;
        told.detail = sentence;
    }
    if (reply != nullptr && (is_sent || next.error == errc::sent_elsewhere)) {
        told.remote_message_id = reply->remote_message_id;
        told.remote_status = reply->remote_status;
    }
    told.attempt = report(what, facts, told.error);
    if (next.what == action::pause_account)
        account_.gate.pause(std::string(name_of(next.error)) + ": " + told.detail);
    auto fields = end_fields(next, what, told);
    cannedd::change recorded(std::move(told));
    const bool applied = co_await context_.recording.commit(std::move(recorded));
    context_.reach(step::after_record);
    context_.observer.attempt_ended(account_.name, what);
    if (const auto end = end_of(status_after(next.what)); end && applied)
        context_.observer.ended(account_.name, *end, 1);
    if (is_sent) context_.observer.delivered(account_.name, context_.time.wall() - row_.due_at);
    log_end(next, std::move(fields), applied);
    marked_ = false;
    if (next.what == action::fail_lane) co_await end_lane(sentence);
    if (next.what == action::hold_lane) co_await hold_lane(sentence);
}

std::vector<log_field> attempt::end_fields(const disposition& next, outcome what, const verdict& told) const {
    constexpr std::size_t fields_max = 11;
    std::vector<log_field> fields;
    if (!context_.log.enabled(level_of_end(next))) return fields;
    fields.reserve(fields_max);
    fields.emplace_back("id", row_.id);
    fields.emplace_back("account", account_.name);
    fields.emplace_back("conversation", conversation_.empty() ? row_.lane : conversation_);
    fields.emplace_back("attempt", row_.attempts + 1);
    fields.emplace_back("outcome", name_of(what));
    fields.emplace_back("ms", (told.attempt.finished_at - told.attempt.started_at).count());
    const auto add = [&](std::string_view key, std::string_view value) {
        if (!value.empty()) fields.emplace_back(key, value);
    };
    if (next.what != action::record_sent) {
        add("disposition", name_of(next.what));
        add("error", name_of(next.error));
        add("detail", told.detail);
    }
    add("correlation_id", told.attempt.correlation_id);
    return fields;
}

// One line for each try, which `journalctl CANNEDD_MESSAGE=17` finds.
void attempt::log_end(const disposition& next, std::vector<log_field> fields, bool applied) {
    if (fields.empty()) return; // nobody wants it
    if (!applied) fields.emplace_back("recorded", "no: the row had changed");
    context_.log.write_fields(level_of_end(next),
                              next.what == action::record_sent ? "message sent" : "message not sent",
                              std::move(fields));
}

void attempt::doubt_it(const target& to, const message_content& content, const request_facts& facts) {
    interrupted_message unsure;
    unsure.row = row_;
    unsure.row.attempts = row_.attempts + 1;
    unsure.row.sent_text = content.text;
    unsure.row.sent_template = content.template_call;
    unsure.sent_to = to.conversation_id;
    unsure.communication_id = to.communication_id;
    unsure.route = name_of(to.way);
    unsure.attempt_open = false;
    end_.in_doubt = std::move(unsure);
    end_.seat = std::move(seat_);
    seat_.reset();
    end_.facts = facts;
}

} // namespace cannedd
