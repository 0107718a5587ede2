#include "genesys/conversation_finder.hpp"

#include "genesys/built_ins.hpp"
#include "genesys/listed_conversation.hpp"
#include "genesys/route_traits.hpp"
#include "text/identifier.hpp"

#include <algorithm>

namespace cannedd {
namespace {

resolve_query normal(resolve_query query) {
    for (auto* id : {&query.conversation_id, &query.agent_id})
        if (*id) *id = lower_case(std::move(**id));
    return query;
}

setback setback_of(failure why, request_facts facts = {}) {
    setback result(why.code, std::move(why.detail));
    result.facts = std::move(facts);
    return result;
}

// What is learned of an agent's conversations while each is confirmed.
struct survey {
    std::optional<target> active;
    std::string active_ids;
    int active_count = 0;
    std::optional<failure> not_yet; // one where the agent will be connected later

    void add(api_result<target> one) {
        if (one.has_error()) {
            if (one.error().reason == errc::agent_not_connected && !not_yet)
                not_yet = failure(errc::agent_not_connected, one.error().detail);
            return;
        }
        ++active_count;
        active_ids += (active_ids.empty() ? "" : ", ") + one->conversation_id;
        active = std::move(*one);
    }
};

api_result<target> judge(survey seen, const std::string& agent_id) {
    if (seen.active_count == 1) return std::move(*seen.active);
    if (seen.active_count > 1)
        return setback(errc::ambiguous_conversation,
                       "agent " + agent_id + " has several active conversations (" + seen.active_ids +
                           "); set conversation_id in the row");
    if (seen.not_yet) return setback_of(std::move(*seen.not_yet));
    return setback(
        errc::no_active_conversation,
        "agent " + agent_id +
            " has no active conversation; a new one may take some seconds to be listed: to be sure of "
            "it, name the conversation_id");
}

} // namespace

asio::awaitable<api_result<conversation>> conversation_finder::fetch(std::string conversation_id) {
    auto answer = co_await caller_.look_up(conversation_request(conversation_id), std::string());
    if (answer.has_error()) {
        auto why = answer.error();
        if (is_not_found(why)) {
            why.reason = errc::conversation_not_found;
            why.detail = "conversation " + conversation_id +
                         " is not known in this org; check conversation_id, the account's region and the "
                         "client's divisions";
        }
        co_return why;
    }
    auto read = read_conversation(answer->body);
    if (!read) co_return not_understood(answer->facts);
    if (read->id.empty()) read->id = conversation_id;
    co_return std::move(*read);
}

asio::awaitable<api_result<target>> conversation_finder::resolve(resolve_query asked) {
    const auto query = normal(std::move(asked));
    if (auto known = believed(query)) co_return std::move(*known);
    const auto key = cache_key(query);
    if (const auto* known = query.fresh ? nullptr : unfound_.fresh(key, caller_.steady())) co_return *known;
    remembered(query).erase(key);
    auto* const list = list_of(query);
    if (list != nullptr) {
        co_await look_at(*list, query);
        if (auto listed = believed(query)) co_return std::move(*listed);
    }
    api_result<target> found = target();
    if (query.conversation_id)
        found = co_await by_conversation(query);
    else if (query.agent_id)
        found = co_await by_agent(query);
    else
        found = setback(errc::no_active_conversation, "the row names neither a conversation nor an agent");
    if (found.has_error() && found.error().reason && !query.conversation_id)
        unfound_.put(key, found.error(), caller_.steady());
    if (found.has_error()) co_return found;
    if (traits_of(query.way).speaks_as_agent)
        if (auto none = co_await caller_.want_token(found->agent_id)) co_return std::move(*none);
    if (!traits_of(query.way).needs_agent) found->believed_until = caller_.steady() + unnamed_for;
    remembered(query).put(key, *found, caller_.steady());
    if (list != nullptr && is_told_by_list(found->messenger_type))
        list->worth.looked_up(found->conversation_id, found->communication_id, caller_.steady());
    co_return found;
}

asio::awaitable<api_result<target>> conversation_finder::by_conversation(const resolve_query& query) {
    auto fetched = co_await fetch(*query.conversation_id);
    if (fetched.has_error()) co_return fetched.error();
    auto found = find_target(*fetched, query.way, query.agent_id.value_or(""), query.customer_id.value_or(""),
                             agentless_);
    if (found.has_error()) co_return setback_of(found.error());
    found->built_ins = built_in_values(*fetched, *found);
    co_return std::move(*found);
}

asio::awaitable<api_result<target>> conversation_finder::by_agent(const resolve_query& query) {
    const auto ids = co_await open_conversations(query);
    if (ids.has_error()) co_return ids.error();
    survey seen;
    for (const auto& id : ids->ids) {
        auto fetched = co_await fetch(id);
        if (fetched.has_error() && fetched.error().reason != errc::conversation_not_found)
            co_return fetched.error();
        if (fetched.has_error()) continue;
        // Route agentless speaks past the agent, but it is the agent's conversation that is meant.
        auto served = find_target(*fetched, traits_of(query.way).needs_agent ? query.way : route::message,
                                  *query.agent_id, query.customer_id.value_or(""));
        if (served.has_error()) {
            seen.add(setback_of(served.error()));
            continue;
        }
        auto to =
            find_target(*fetched, query.way, *query.agent_id, query.customer_id.value_or(""), agentless_);
        if (to.has_error()) co_return setback_of(to.error());
        to->built_ins = built_in_values(*fetched, *to);
        seen.add(std::move(*to));
        // Two are enough to know that the row must say which.
        if (seen.active_count == 2) break;
    }
    if (!ids->all && seen.active_count == 1)
        co_return setback(errc::ambiguous_conversation,
                          "agent " + *query.agent_id +
                              " has more open conversations than a look-up reads, so "
                              "another one may be meant: name the conversation_id in the row");
    co_return judge(std::move(seen), *query.agent_id);
}

asio::awaitable<api_result<conversation_finder::open_list>>
conversation_finder::open_conversations(const resolve_query& query) {
    const bool own = caller_.speaks_as_user(*query.agent_id);
    const auto asker = own ? *query.agent_id : std::string(); // never inside co_await: g++ 12 frees it twice
    constexpr int pages_max = 4;
    open_list open;
    auto& ids = open.ids;
    for (int page = 1; page <= pages_max; ++page) {
        auto request = own ? own_conversations_request(query.way)
                           : agents_conversations_request(*query.agent_id, query.way, caller_.wall(), page);
        auto answer = co_await caller_.look_up(std::move(request), asker);
        if (answer.has_error()) co_return answer.error();
        const auto listed =
            own ? read_own_conversations(answer->body) : read_found_conversations(answer->body);
        if (!listed) co_return not_understood(answer->facts);
        for (const auto& id : listed->ids)
            if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
        const auto seen_so_far = static_cast<std::int64_t>(conversations_per_page) * page;
        open.all = own || listed->total <= seen_so_far;
        if (open.all || ids.size() >= looks_max) break;
    }
    if (ids.size() > looks_max) {
        ids.resize(looks_max);
        open.all = false;
    }
    co_return open;
}

bounded_cache<target>& conversation_finder::remembered(const resolve_query& query) {
    if (!traits_of(query.way).needs_agent) return found_unnamed_;
    return query.conversation_id ? found_ : found_by_agent_;
}

std::string conversation_finder::cache_key(const resolve_query& query) {
    return std::string(name_of(query.way)) + "|" + query.conversation_id.value_or("") + "|" +
           query.agent_id.value_or("") + "|" + query.customer_id.value_or("");
}

std::optional<target> conversation_finder::believed(const resolve_query& query) {
    if (query.fresh) return std::nullopt;
    const auto* known = remembered(query).fresh(cache_key(query), caller_.steady());
    if (known == nullptr || is_past(known->text_until)) return std::nullopt; // the customer may have written
    if (query.wants_names && !known->tells_names) return std::nullopt;
    auto to = *known;
    to.from_cache = true;
    return to;
}

bool conversation_finder::is_past(const std::optional<wall_time>& moment) const {
    return moment && caller_.server_time().value_or(caller_.wall()) > *moment;
}

void conversation_finder::forget(const std::string& conversation_id) {
    const auto id = lower_case(conversation_id);
    unfound_.erase_if([](const setback&) { return true; });
    for (auto* cache : {&found_, &found_by_agent_, &found_unnamed_})
        cache->erase_if([&](const target& known) { return known.conversation_id == id; });
}

} // namespace cannedd
