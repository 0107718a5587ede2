#include "delivery/verification.hpp"

#include "delivery/explain.hpp"
#include "policy/outcome.hpp"
#include "text/utf8.hpp"

#include <algorithm>

namespace cannedd {
namespace {

// While the API cannot be asked, it is asked again this often at most; the row waits as long as it takes.
backoff_settings between_troubles() {
    backoff_settings pace;
    pace.base = std::chrono::seconds(1);
    pace.max = std::chrono::seconds(30);
    return pace;
}

constexpr std::chrono::hours senseless_for_max{1}; // longer than a maintenance page stays up unnoticed

constexpr std::string_view was_not_delivered =
    "reading the conversation back showed that it was not delivered";
constexpr std::string_view was_not_looked_for =
    "nobody knows whether it arrived; unconfirmed is set to resend, so that nobody looked";
constexpr std::string_view failed_by_500 =
    "the API failed at both tries and says itself that trying again is of no use; reading the conversation "
    "back showed that it was not delivered. What is behind it goes on. When Genesys works again, set status "
    "= "
    "'pending'.";

std::string cannot_be_read(errc error, const std::string& detail) {
    return "it cannot be read back (" + std::string(name_of(error)) + "): " + detail;
}

// For the person who must tell: in the row, never in a log.
std::string beside_each_other(const std::string& sent, const std::string& shown) {
    constexpr std::size_t bytes_max = 80;
    return "; sent: \"" + one_line(sent, bytes_max) + "\", shown: \"" + one_line(shown, bytes_max) + '"';
}

} // namespace

verification::verification(delivery_context& context, account& of, interrupted_message unsure,
                           request_facts left_by)
    : context_(context)
    , account_(of)
    , unsure_(std::move(unsure))
    , left_by_(std::move(left_by))
    , wake_(context.time.make_alarm()) {}

void verification::stop() {
    stopping_ = true;
    wake_->ring();
}

// What a crash kept from being recorded: nobody knows how far the request got.
asio::awaitable<void> verification::close_attempt() {
    doubt unsure;
    unsure.message_id = unsure_.row.id;
    unsure.attempts = unsure_.row.attempts;
    unsure.attempt.finished_at = context_.time.wall();
    unsure.attempt.phase = name_of(left_by_.reached);
    unsure.attempt.outcome = name_of(outcome::indeterminate);
    unsure.attempt.error = error_of(left_by_);
    cannedd::change recorded(std::move(unsure));
    co_await context_.recording.commit(std::move(recorded));
}

asio::awaitable<void> verification::run() {
    began_ = context_.time.steady();
    context_.log.notice("doubt about a message begins", {{"id", unsure_.row.id},
                                                         {"account", account_.name},
                                                         {"conversation", unsure_.sent_to},
                                                         {"attempt", unsure_.row.attempts},
                                                         {"error", name_of(error_of(left_by_))},
                                                         {"correlation_id", left_by_.correlation_id}});
    if (unsure_.attempt_open) co_await close_attempt();
    const auto doubt = context_.options.limits.doubt;
    if (doubt == doubt_policy::resend) {
        co_await resolve_absent(false);
        co_return;
    }
    if (doubt == doubt_policy::hold) {
        co_await give_up(left_by_.detail, left_by_);
        co_return;
    }
    auto pause = context_.options.settle;
    while (!stopping_) {
        co_await wake_->wait_until(context_.time.steady() + pause);
        if (stopping_) co_return;
        const auto found = co_await read_once();
        if (found == finding::known) co_return;
        if (found == finding::later) {
            pause = backoff(between_troubles(), ++troubles_, context_.chance()) + milliseconds(100);
            continue;
        }
        troubles_ = 0;
        if (++reads_ >= context_.options.reads_before_absent) {
            co_await conclude_after_reading(found);
            co_return;
        }
        pause = std::max(context_.options.settle / 2, milliseconds(1));
    }
}

std::optional<match_question> verification::ask() const {
    const auto first = context_.store.first_doubt(unsure_.row.id);
    if (!first) {
        context_.health.failed(first.error());
        return std::nullopt;
    }
    match_question question;
    question.text = unsure_.row.sent_text.value_or("");
    question.since = first->value_or(wall_time());
    auto spoken = context_.store.spoken(unsure_.sent_to, question.since - spoken_within);
    if (!spoken) {
        context_.health.failed(spoken.error());
        return std::nullopt;
    }
    question.spoken = std::move(*spoken);
    return question;
}

asio::awaitable<verification::finding> verification::read_once() {
    const auto question = ask();
    if (!question) co_return finding::later;
    read_back_query query;
    query.way = route_named(unsure_.route).value_or(account_.options.default_route);
    query.conversation_id = unsure_.sent_to;
    query.communication_id = unsure_.communication_id;
    query.agent_id = unsure_.row.agent_id.value_or("");
    query.sent = message_content(question->text, unsure_.row.sent_template.value_or(""));
    query.since = earliest_of_interest(*question);
    const auto api = account_.api; // a reload may bring another one meanwhile
    const auto shown = co_await api->read_back(query);
    api->forget(unsure_.sent_to); // what it is like now, whoever is next looks at
    if (!shown) co_return co_await unreadable(shown.error());
    senseless_since_.reset();
    co_return co_await examine(*shown);
}

asio::awaitable<verification::finding> verification::examine(read_back_reply shown) {
    const auto asked = ask(); // again: another lane's row may have claimed its message meanwhile
    const auto ids = ids_of(shown.outbound);
    auto owned = context_.store.owned(ids);
    if (!asked || !owned) {
        if (!owned) context_.health.failed(owned.error());
        co_return finding::later;
    }
    auto question = *asked;
    question.outbound = std::move(shown.outbound);
    question.listed = std::move(shown.listed);
    question.read_at = shown.read_at;
    question.owned = std::move(*owned);
    const auto answer = match(question);
    if (!answer.mine) {
        last_ = answer;
        if (!shown.ended) co_return answer.why == match_doubt::none ? finding::absent : finding::unproven;
        if (answer.why == match_doubt::nearly)
            co_await leave_to_a_person();
        else
            co_await give_up("the conversation has ended and does not show the message", left_by_);
        co_return finding::known;
    }
    co_await claim_for_others(answer.others);
    auto told = begin_verdict(message_status::sent);
    told.remote_message_id = answer.mine->id;
    told.remote_status = answer.mine->status;
    told.verified = true;
    co_await conclude(std::move(told), std::string());
    co_return finding::known;
}

asio::awaitable<void> verification::claim_for_others(std::vector<remote_claim> others) {
    for (auto& claim : others) {
        cannedd::change what(std::move(claim));
        co_await context_.recording.commit(std::move(what));
    }
}

// An outage ends and may last; whoever answers with success and nothing to read goes on doing so.
bool verification::makes_no_sense_for_long(const request_facts& facts) {
    if (!is_unread_success(facts)) {
        senseless_since_.reset();
        return false;
    }
    const auto now = context_.time.steady();
    if (!senseless_since_) senseless_since_ = now;
    return now - *senseless_since_ >= senseless_for_max;
}

// Facts that a person must judge, or trouble that passes?
asio::awaitable<verification::finding> verification::unreadable(setback why) {
    if (why.not_admitted) co_return finding::later;
    if (why.reason) {
        co_await give_up(cannot_be_read(*why.reason, why.detail), why.facts);
        co_return finding::known;
    }
    const bool for_good = makes_no_sense_for_long(why.facts);
    const auto told = classify(why.facts, request_kind::look_up);
    const bool passes =
        told == outcome::throttled || told == outcome::unavailable || told == outcome::unauthorized;
    if (passes && !for_good) co_return finding::later;
    co_await give_up(cannot_be_read(error_of(why.facts), why.facts.detail), why.facts);
    co_return finding::known;
}

asio::awaitable<void> verification::give_up(std::string why, request_facts facts) {
    auto told = begin_verdict(message_status::unconfirmed);
    told.error = errc::unconfirmed;
    told.detail = explain(errc::unconfirmed, why, facts);
    const auto detail = told.detail;
    co_await conclude(std::move(told), detail);
}

asio::awaitable<void> verification::leave_to_a_person() {
    auto told = begin_verdict(message_status::unconfirmed);
    told.error = errc::unconfirmed;
    const auto detail = explain(errc::unconfirmed, sentence_of(last_.why), left_by_);
    told.detail = detail;
    if (last_.why == match_doubt::nearly)
        told.detail += beside_each_other(unsure_.row.sent_text.value_or(""), last_.nearly_text);
    co_await conclude(std::move(told), detail);
}

asio::awaitable<void> verification::conclude_after_reading(finding last) {
    if (last == finding::absent) {
        co_await resolve_absent(true);
        co_return;
    }
    co_await leave_to_a_person();
}

asio::awaitable<void> verification::resolve_absent(bool was_read) {
    try_history past;
    past.attempts = unsure_.row.attempts;
    past.deferrals = unsure_.row.deferrals;
    past.breaker_open = account_.gate.breaker_open();
    const auto answers = context_.store.answers(unsure_.row.id, unsure_.row.attempts, 500);
    if (!answers) context_.health.failed(answers.error());
    past.answers_500 = answers ? *answers : 0;
    past.chance = context_.chance();
    const auto next = decide_absent(errc::unconfirmed, past, context_.options.limits);
    auto told = begin_verdict(next.what == action::fail ? message_status::failed : message_status::pending);
    told.due_at = told.now + next.delay;
    told.counts = next.counts;
    told.error = next.what == action::fail ? next.error : error_of(left_by_);
    const bool gives_up_500 = next.what == action::fail && next.error == errc::server_error;
    told.unproven = !was_read;
    if (gives_up_500)
        told.detail = was_read ? refer(std::string(failed_by_500), left_by_) : explain_last_500(left_by_);
    else
        told.detail = explain(*told.error, was_read ? was_not_delivered : was_not_looked_for, left_by_);
    const auto detail = told.detail;
    co_await conclude(std::move(told), detail);
}

verdict verification::begin_verdict(message_status to) const {
    verdict told;
    told.message_id = unsure_.row.id;
    told.was_marked = true;
    told.attempts = unsure_.row.attempts;
    told.to = to;
    told.now = context_.time.wall();
    told.has_attempt = false;
    return told;
}

asio::awaitable<void> verification::conclude(verdict told, std::string detail) {
    const auto to = told.to;
    context_.reach(step::before_record);
    cannedd::change recorded(std::move(told));
    const bool applied = co_await context_.recording.commit(std::move(recorded));
    context_.reach(step::after_record);
    context_.log.write(to == message_status::unconfirmed ? log_level::error : log_level::notice,
                       "doubt about a message is over",
                       {{"id", unsure_.row.id},
                        {"account", account_.name},
                        {"conversation", unsure_.sent_to},
                        {"attempt", unsure_.row.attempts},
                        {"status", name_of(to)},
                        {"ms", std::chrono::floor<milliseconds>(context_.time.steady() - began_).count()},
                        {"detail", detail},
                        {"recorded", applied ? "yes" : "the row had changed"}});
    if (!applied) co_return;
    if (to == message_status::sent) {
        context_.observer.delivered(account_.name, context_.time.wall() - unsure_.row.due_at);
        context_.observer.ended(account_.name, row_end::sent, 1);
        context_.observer.ended(account_.name, row_end::verified, 1);
    } else if (to != message_status::pending) {
        const auto end = to == message_status::failed ? row_end::failed : row_end::unconfirmed;
        context_.observer.ended(account_.name, end, 1);
    }
}

} // namespace cannedd
