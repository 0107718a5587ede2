#include "genesys/api_caller.hpp"

#include "genesys/api_words.hpp"
#include "log/logger.hpp"

namespace cannedd {
namespace {

// What happened to the request for a token is no fact about the request that it was wanted for, which never
// left.
request_facts never_sent(const setback& no_token) {
    auto facts = no_token.facts;
    facts.reached = phase::not_connected;
    if (facts.fault == transport_fault::none) facts.fault = transport_fault::connect;
    facts.login_status = facts.http_status;
    facts.http_status = 0;
    facts.reply_whole = false;
    if (facts.detail.empty()) facts.detail = no_token.detail;
    return facts;
}

setback token_setback(setback no_token, request_facts facts) {
    if (!no_token.reason) no_token.facts = std::move(facts);
    return no_token;
}

bool says_wait(const request_facts& facts) {
    const int status = facts.login_status;
    return status == 429 || (facts.retry_after && (status == 502 || status == 503));
}

setback not_admitted(admission why) {
    setback result;
    result.not_admitted = true;
    switch (why) {
    case admission::granted: break;
    case admission::paused: result.detail = "the account is paused"; break;
    case admission::breaker_open: result.detail = "the account's circuit breaker is open"; break;
    case admission::throttled: result.detail = "the API lets this operation wait"; break;
    case admission::draining: result.detail = "the daemon is shutting down"; break;
    }
    return result;
}

bool token_was_refused(const request_facts& facts) {
    return facts.fault == transport_fault::none && facts.http_status == 401;
}

// Larger than is read, it will be so the next time.
setback refusal_of(request_facts facts) {
    if (facts.fault != transport_fault::too_large || facts.http_status != 200)
        return setback(std::move(facts));
    setback why(errc::bad_reply, facts.detail +
                                     ": a conversation that long cannot be looked at, and is not asked "
                                     "for again; name another one");
    why.facts = std::move(facts);
    return why;
}

} // namespace

setback not_understood(request_facts facts) {
    facts.reply_whole = false;
    facts.detail = "the answer (HTTP " + std::to_string(facts.http_status) + ") was not understood";
    return setback(std::move(facts));
}

bool is_not_found(const setback& why) {
    return !why.reason && why.facts.fault == transport_fault::none && why.facts.http_status == 404 &&
           !why.facts.not_the_apis;
}

asio::awaitable<api_result<api_answer>> api_caller::look_up(api_request request, std::string agent_id) {
    for (bool second_try = false;; second_try = true) {
        const auto allowed = co_await gate_.admit(request.operation);
        if (allowed != admission::granted) co_return not_admitted(allowed);
        const auto token = co_await tokens_.token(agent_id);
        if (token.has_error()) {
            const auto facts = without_token(token.error());
            report(request.operation, facts, rate_headers(), steady_duration::zero());
            co_return token_setback(token.error(), facts);
        }
        auto answer = co_await exchange(request, *token, due_body::object, std::string_view());
        answer.facts.agents_own = tokens_.is_agents_own(agent_id);
        if (token_was_refused(answer.facts) && !second_try) continue;
        if (answer.facts.http_status == 200 && answer.facts.reply_whole) co_return answer;
        co_return refusal_of(std::move(answer.facts));
    }
}

asio::awaitable<api_answer> api_caller::send(api_request request, std::string agent_id,
                                             std::string_view text) {
    const auto token = co_await tokens_.token(agent_id);
    api_answer answer;
    if (token.has_value()) {
        answer = co_await exchange(std::move(request), *token, due_body::json_or_nothing, text);
        answer.facts.agents_own = tokens_.is_agents_own(agent_id);
        co_return answer;
    }
    answer.reason = token.error().reason;
    answer.facts = without_token(token.error());
    report(request.operation, answer.facts, rate_headers(), steady_duration::zero());
    co_return answer;
}

asio::awaitable<std::optional<setback>> api_caller::want_token(std::string agent_id) {
    auto token = co_await tokens_.token(std::move(agent_id));
    if (token.has_value()) co_return std::nullopt;
    co_return token_setback(token.error(), without_token(token.error()));
}

// The gate makes all wait; a wait of the row's own would outlast the word of an operator who ends that.
request_facts api_caller::without_token(const setback& no_token) {
    auto facts = never_sent(no_token);
    if (says_wait(facts)) {
        gate_.login_throttled(facts);
        facts.retry_after.reset();
    }
    return facts;
}

asio::awaitable<api_answer> api_caller::exchange(api_request request, const secret& token, due_body due,
                                                 std::string_view text) {
    auto asked = std::move(request.http);
    asked.headers.emplace_back("Authorization", "Bearer " + token.reveal());
    auto done = co_await api_.exchange(std::move(asked), time_.steady() + request_timeout_);
    auto unseen = hidden();
    unseen.hide(token);
    unseen.hide_text(text);
    const auto now = time_.wall();
    api_answer answer;
    answer.body = parse_answer(done.reply.body);
    answer.facts = facts_of(done, answer.body, due, unseen, now);
    answer.facts.word = word_of(answer.facts.api_code);
    if (const auto date = date_of(done.reply)) clock_.told(*date, time_.uptime());
    if (token_was_refused(answer.facts)) tokens_.refused(token);
    report(request.operation, answer.facts, rate_headers_of(done.reply), done.took);
    co_return answer;
}

scrubber api_caller::hidden() const {
    scrubber all;
    tokens_.hide_in(all);
    return all;
}

void api_caller::report(std::string_view operation, const request_facts& facts, const rate_headers& seen,
                        steady_duration took) {
    gate_.answered(operation, facts, seen, took);
    if (!log_.enabled(log_level::debug)) return;
    log_.debug("request", {{"operation", operation},
                           {"status", facts.http_status},
                           {"phase", name_of(facts.reached)},
                           {"fault", name_of(facts.fault)},
                           {"took_ms", std::chrono::duration_cast<milliseconds>(took).count()},
                           {"correlation_id", facts.correlation_id}});
}

} // namespace cannedd
