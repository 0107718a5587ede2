// The finder's short way: many conversations of one user by one list. Whatever goes wrong on it only means
// that the look-up is made by itself.
#include "genesys/built_ins.hpp"
#include "genesys/conversation_finder.hpp"
#include "genesys/listed_conversation.hpp"
#include "genesys/route_traits.hpp"

#include <exception>

namespace cannedd {
namespace {

// An empty name, or no attribute at all, may be what a list leaves out.
bool tells_names(const target& to) {
    return !to.customer_attributes.empty() && to.built_ins.contains("AGENT_NAME") &&
           to.built_ins.contains("CUSTOMER_NAME");
}

} // namespace

conversation_finder::own_list* conversation_finder::list_of(const resolve_query& query) {
    if (query.fresh || !query.conversation_id || query.customer_id) return nullptr;
    const auto agent = query.agent_id.value_or("");
    if (!traits_of(query.way).listed_whole || !caller_.speaks_as_user(agent)) return nullptr;
    return &lists_[caller_.is_agents_own(agent) ? agent : std::string()];
}

asio::awaitable<void> conversation_finder::look_at(own_list& list, const resolve_query& query) {
    if (const auto other = list.under_way) {
        co_await other->wait(caller_.time());
        co_return;
    }
    if (!list.worth.pays(caller_.steady())) co_return;
    const auto mine = std::make_shared<flight>();
    list.under_way = mine;
    std::exception_ptr broken;
    try {
        auto request = own_conversations_request(query.way);
        auto asker = query.agent_id.value_or("");
        const auto answer = co_await caller_.look_up(std::move(request), std::move(asker));
        learn(list, query, answer.has_value() ? answer->body : json_answer());
    } catch (...) {
        broken = std::current_exception();
    }
    list.under_way.reset();
    mine->land();
    if (broken) std::rethrow_exception(broken);
}

void conversation_finder::learn(own_list& list, const resolve_query& query, const json_answer& body) {
    const auto now = caller_.steady();
    std::vector<target> shown;
    std::map<std::string, std::string> communications;
    for (const auto& one : read_listed_conversations(body)) {
        auto to = find_target(one, query.way, query.agent_id.value_or(""), "");
        if (to.has_error()) continue;
        to->built_ins = built_in_values(one, *to);
        to->tells_names = tells_names(*to);
        communications[to->conversation_id] = to->communication_id;
        shown.push_back(std::move(*to));
    }
    if (!list.worth.confirmed(communications)) {
        list.worth.disappointed(now);
        return;
    }
    auto which = query;
    for (auto& to : shown) {
        which.conversation_id = to.conversation_id;
        const auto key = cache_key(which);
        const auto* known = found_.fresh(key, now);
        const bool is_known = known != nullptr && known->communication_id == to.communication_id;
        if (!is_known) found_.put(key, std::move(to), now); // a look-up by itself has told more
    }
    if (believed(query))
        list.worth.served(now);
    else
        list.worth.disappointed(now);
}

} // namespace cannedd
