#include "delivery/unproven.hpp"

#include "delivery/advice.hpp"
#include "delivery/rendering.hpp"
#include "policy/outcome.hpp"
#include "policy/retry_policy.hpp"

#include <algorithm>
#include <utility>

namespace cannedd {
namespace {

// Between the clock of this machine and that of the one that went on.
constexpr minutes clocks_apart{1};
constexpr std::int64_t wal_bytes_long = 4096 * 800; // nobody else cuts the log meanwhile

backoff_settings between_troubles() {
    backoff_settings pace;
    pace.base = std::chrono::seconds(1);
    pace.max = std::chrono::seconds(30);
    return pace;
}

// Nobody's rows are to blame for it.
bool is_the_accounts(errc reason) {
    return reason == errc::invalid_client || reason == errc::unauthorized;
}

std::string conversation_of(const unproven_message& row) {
    if (!row.was.sent_to.empty()) return row.was.sent_to;
    return row.was.row.conversation_id ? row.was.row.lane : std::string();
}

proof untold(std::string why) {
    proof told;
    told.why = std::move(why);
    return told;
}

} // namespace

unproven::unproven(delivery_context& context, account& of)
    : context_(context), account_(of), wake_(context.time.make_alarm()) {}

void unproven::stop() {
    stopping_ = true;
    wake_->ring();
}

asio::awaitable<void> unproven::pause(int troubles) {
    const auto span = backoff(between_troubles(), troubles, context_.chance()) + milliseconds(100);
    co_await wake_->wait_until(context_.time.steady() + span);
}

asio::awaitable<void> unproven::run() {
    // What was accepted last before the takeover may be shown late: as late as a doubt waits for it.
    co_await wake_->wait_until(context_.time.steady() + 2 * context_.options.settle);
    const auto ids = co_await list();
    if (!ids) co_return;
    told_.left = static_cast<std::int64_t>(ids->size());
    int troubles = 0;
    for (auto id = ids->begin(); id != ids->end() && !stopping_;) {
        const auto found = co_await look_for(*id);
        if (found == finding::never) co_return;
        if (found == finding::later) {
            if (troubles == 0) tell_what_hinders();
            co_await pause(++troubles);
            continue;
        }
        troubles = 0;
        --told_.left;
        ++id;
    }
}

asio::awaitable<std::optional<std::vector<std::int64_t>>> unproven::list() {
    std::optional<std::vector<std::int64_t>> ids;
    for (int troubles = 0; !stopping_;) {
        auto found = context_.store.unproven(account_.name, context_.time.wall() + clocks_apart);
        if (found) {
            ids = std::move(*found);
            break;
        }
        context_.health.failed(found.error());
        co_await pause(++troubles);
    }
    co_return ids;
}

asio::awaitable<unproven::finding> unproven::look_for(std::int64_t id) {
    const auto loaded = context_.store.load_unproven(id);
    if (!loaded) {
        context_.health.failed(loaded.error());
        co_return finding::later;
    }
    if (!*loaded) co_return finding::told; // an operator was faster
    auto row = **loaded;
    co_return co_await look_for_it(std::move(row));
}

asio::awaitable<unproven::finding> unproven::look_for_it(unproven_message row) {
    const auto conversation = conversation_of(row);
    if (conversation.empty()) {
        auto what = untold("it names only an agent, who may have been in another conversation then");
        co_return co_await conclude(std::move(row), std::move(what), conversation);
    }
    const auto named = row.was.route.empty() ? row.was.row.route : std::optional(row.was.route);
    const auto way =
        named ? route_named(*named).value_or(account_.options.default_route) : account_.options.default_route;
    auto content = co_await content_of(row.was.row, way, conversation);
    if (!content) {
        const auto why = content.error();
        co_return co_await unreadable(std::move(row), why);
    }
    const auto since = since_when(row, conversation);
    if (!since) co_return finding::later;
    read_back_query query;
    query.way = way;
    query.conversation_id = conversation;
    query.communication_id = row.was.communication_id;
    query.agent_id = row.was.row.agent_id.value_or("");
    query.sent = *content;
    query.since = *since;
    const auto read_for = row.was.row.lane;
    const auto seen = co_await read(query, read_for);
    if (seen != finding::told) {
        const auto why = *not_shown_;
        co_return co_await unreadable(std::move(row), why);
    }
    auto said = std::move(*content);
    co_return co_await compare(std::move(row), std::move(said), conversation);
}

// Unshown, an earlier message that was accepted without an id would be taken for this one.
std::optional<wall_time> unproven::since_when(const unproven_message& row, const std::string& conversation) {
    auto since = row.was.row.created_at;
    const auto spoken = context_.store.spoken(conversation, since - listed_within);
    if (!spoken) {
        context_.health.failed(spoken.error());
        return std::nullopt;
    }
    for (const auto& said : *spoken)
        if (said.remote_message_id.empty()) since = std::min(since, said.started_at);
    return since;
}

// As it was said, or would be said now.
asio::awaitable<api_result<message_content>> unproven::content_of(message row, route way,
                                                                  std::string conversation) {
    if (row.sent_text) {
        api_result<message_content> frozen = message_content(*row.sent_text, row.sent_template.value_or(""));
        co_return frozen;
    }
    if (row.text) {
        api_result<message_content> literal = message_content(*row.text);
        co_return literal;
    }
    const auto api = account_.api;
    resolve_query whom;
    whom.way = way;
    whom.conversation_id = std::move(conversation);
    whom.agent_id = row.agent_id;
    whom.customer_id = row.customer_id;
    const auto to = co_await api->resolve(whom);
    if (!to) {
        api_result<message_content> refused = to.error();
        co_return refused;
    }
    const auto asked = rendering_of(context_, row);
    if (!asked) {
        setback again;
        again.not_admitted = true;
        api_result<message_content> later = std::move(again);
        co_return later;
    }
    co_return co_await api->render(*asked, *to);
}

asio::awaitable<unproven::finding> unproven::read(const read_back_query& query, const std::string& lane) {
    const auto read_for = lane + ' ' + std::string(name_of(query.way)) + ' ' + query.agent_id + ' ' +
                          query.communication_id + ' ' + query.sent.template_call;
    if (read_for == read_for_ && shown_) co_return finding::told;
    read_for_.clear();
    const auto api = account_.api;
    auto shown = co_await api->read_back(query);
    if (!shown) {
        not_shown_ = shown.error();
        co_return finding::later;
    }
    read_for_ = read_for;
    shown_ = std::move(*shown);
    co_return finding::told;
}

asio::awaitable<unproven::finding> unproven::compare(unproven_message row, message_content content,
                                                     std::string conversation) {
    proof_question question;
    question.asked.text = content.text;
    question.asked.since = row.was.row.created_at;
    auto owned = context_.store.owned(ids_of(shown_->outbound));
    auto spoken = context_.store.spoken(conversation, question.asked.since - spoken_within);
    if (!owned || !spoken) {
        context_.health.failed(owned ? spoken.error() : owned.error());
        co_return finding::later;
    }
    question.asked.outbound = shown_->outbound;
    question.asked.listed = shown_->listed;
    question.asked.read_at = shown_->read_at;
    question.asked.owned = std::move(*owned);
    question.asked.spoken = std::move(*spoken);
    question.text_is_known = row.was.row.sent_text || row.was.row.text;
    question.conversation_ended = shown_->ended;
    auto told = prove(question);
    for (auto& claim : told.found.others) {
        cannedd::change what(std::move(claim));
        co_await context_.recording.commit(std::move(what));
    }
    if (!row.was.row.sent_text) row.was.row.sent_text = content.text;
    co_return co_await conclude(std::move(row), std::move(told), std::move(conversation));
}

// The account's own trouble, one that passes, or one of this conversation?
asio::awaitable<unproven::finding> unproven::unreadable(unproven_message row, setback why) {
    if (account_.gate.paused()) {
        told_.why_left = "it is paused: " + unpausing(account_.name);
        co_return finding::never;
    }
    if (why.not_admitted) co_return finding::later;
    const bool refuses_us = why.reason ? is_the_accounts(*why.reason)
                                       : classify(why.facts, request_kind::look_up) == outcome::unauthorized;
    if (refuses_us) {
        told_.why_left =
            "its client or token is refused: " + (why.detail.empty() ? why.facts.detail : why.detail);
        co_return finding::never;
    }
    if (!why.reason) {
        const auto what = classify(why.facts, request_kind::look_up);
        if (what == outcome::throttled || what == outcome::unavailable) co_return finding::later;
    }
    const auto code = why.reason ? *why.reason : error_of(why.facts);
    auto told = untold("it cannot be looked for (" + std::string(name_of(code)) +
                       "): " + (why.detail.empty() ? why.facts.detail : why.detail));
    const auto conversation = conversation_of(row);
    co_return co_await conclude(std::move(row), std::move(told), conversation);
}

asio::awaitable<unproven::finding> unproven::conclude(unproven_message row, proof what,
                                                      std::string conversation) {
    proven told;
    told.message_id = row.was.row.id;
    told.from = row.status;
    const bool stays_held = row.status == message_status::held && what.to == message_status::pending;
    told.to = stays_held ? message_status::held : what.to; // a person decides when it goes
    told.now = context_.time.wall();
    if (what.found.mine) {
        told.text = row.was.row.sent_text.value_or("");
        told.sent_to = conversation;
        told.remote_message_id = what.found.mine->id;
        told.remote_status = what.found.mine->status;
        told.sent_at = what.found.mine->timestamp == wall_time() ? told.now : what.found.mine->timestamp;
    }
    if (told.to == message_status::unconfirmed)
        told.detail = what.why + ": look into the conversation, then set status to sent, failed or (to send "
                                 "it, perhaps again) pending";
    auto& counted = told.to == message_status::sent      ? told_.found
                    : what.to == message_status::pending ? told_.absent
                                                         : told_.untold;
    ++counted;
    context_.log.write(what.to == message_status::pending ? log_level::info : log_level::notice,
                       "a message was looked for in its conversation",
                       {{"id", told.message_id},
                        {"account", account_.name},
                        {"conversation", conversation},
                        {"was", name_of(told.from)},
                        {"status", name_of(told.to)},
                        {"detail", what.why}});
    if (told.from == told.to && what.to == message_status::pending) co_return finding::told;
    cannedd::change recorded(std::move(told));
    co_await context_.recording.commit(std::move(recorded));
    cut_log();
    co_return finding::told;
}

// Once for each time: it may take hours, and nobody sees why.
void unproven::tell_what_hinders() {
    if (!not_shown_ || !context_.health.ok()) return; // the store's troubles are told by its health
    const auto& facts = not_shown_->facts;
    context_.log.warning("looking for what was sent waits for the API, and goes on by itself",
                         {{"account", account_.name},
                          {"error", not_shown_->not_admitted ? "throttled" : name_of(error_of(facts))},
                          {"detail", not_shown_->detail.empty() ? facts.detail : not_shown_->detail},
                          {"left", told_.left}});
}

void unproven::cut_log() {
    if (context_.store.wal_bytes() < wal_bytes_long) return;
    const auto cut = context_.store.checkpoint(log_room::kept);
    if (!cut && cut.error().kind != store_trouble::busy) context_.health.failed(cut.error());
}

} // namespace cannedd
