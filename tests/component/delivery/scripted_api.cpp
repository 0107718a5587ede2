#include "scripted_api.hpp"

#include "genesys/api_words.hpp"

namespace cannedd::test {

scripted_api::answer scripted_api::replies(int status, std::string code, bool arrives) {
    answer a;
    a.facts.reached = phase::replied;
    a.facts.http_status = status;
    a.facts.word = word_of(code);
    a.facts.api_code = std::move(code);
    a.facts.reply_whole = true;
    a.facts.correlation_id = "corr-" + std::to_string(status);
    a.arrives = arrives;
    return a;
}

scripted_api::answer scripted_api::breaks_off(bool arrives) {
    answer a;
    a.facts.reached = phase::written;
    a.facts.fault = transport_fault::connection_lost;
    a.arrives = arrives;
    return a;
}

scripted_api::answer scripted_api::unreachable() {
    answer a;
    a.facts.reached = phase::not_connected;
    a.facts.fault = transport_fault::connect;
    return a;
}

void scripted_api::end(const std::string& operation, const request_facts& facts) {
    gate_.answered(operation, facts, told, latency);
}

asio::awaitable<admission> scripted_api::look_up(std::string operation) {
    const auto admitted = co_await gate_.admit(operation);
    if (admitted != admission::granted) co_return admitted;
    requests.push_back(operation);
    co_await time_.sleep_until(time_.steady() + latency);
    co_return admitted;
}

asio::awaitable<api_result<target>> scripted_api::resolve(resolve_query query) {
    const auto conversation = query.conversation_id.value_or(same_conversation);
    target found;
    found.way = query.way;
    found.conversation_id = conversation;
    found.communication_id = "comm-" + conversation;
    if (!agent_name.empty()) found.built_ins["AGENT_NAME"] = agent_name;
    found.from_cache =
        cached_[conversation] && !query.fresh && resolves.empty() && !broken.contains(conversation);
    if (found.from_cache) co_return found;
    const auto admitted = co_await look_up("resolve");
    if (admitted != admission::granted) {
        setback refused;
        refused.not_admitted = true;
        co_return refused;
    }
    const auto why = broken.find(conversation);
    end("resolve", why != broken.end() && !why->second.reason ? why->second.facts : replies(200).facts);
    if (why != broken.end()) co_return why->second;
    if (!resolves.empty()) {
        auto scripted = resolves.front();
        resolves.pop_front();
        if (scripted) cached_[conversation] = true;
        co_return scripted;
    }
    cached_[conversation] = !believed_for;
    if (believed_for) found.believed_until = time_.steady() + *believed_for;
    co_return found;
}

asio::awaitable<api_result<message_content>> scripted_api::render(render_query query, const target& to) {
    if (query.text) co_return message_content(*query.text);
    if (on_render) co_return *on_render;
    if (query.response_text) {
        const std::string name = "{{AGENT_NAME}}";
        auto text = *query.response_text;
        if (const auto at = text.find(name); at != std::string::npos)
            text.replace(at, name.size(),
                         to.built_ins.contains("AGENT_NAME") ? to.built_ins.at("AGENT_NAME") : "");
        co_return message_content(std::move(text));
    }
    co_return setback(errc::unknown_response, "there is no response " + query.response.value_or(""));
}

asio::awaitable<sent_reply> scripted_api::send(const target& to, const message_content& content) {
    requests.emplace_back("send");
    auto now = replies(200, "", true);
    if (!sends.empty()) {
        now = sends.front();
        sends.pop_front();
    }
    co_await time_.sleep_until(time_.steady() + latency);
    sent_reply reply;
    reply.facts = now.facts;
    if (now.arrives) {
        delivered_text seen;
        seen.conversation = to.conversation_id;
        seen.text = content.text;
        seen.at = time_.steady();
        customer.push_back(seen);
        remote_message kept;
        kept.id = "remote-" + std::to_string(++ids_);
        kept.text = keeps ? keeps(content.text) : content.text;
        kept.timestamp = *server_time() - date_ahead;
        shown[to.conversation_id].push_back(kept);
        if (now.with_id && now.facts.http_status == 200) reply.remote_message_id = kept.id;
    }
    reply.conversation_id = now.elsewhere;
    end("send", now.facts);
    co_return reply;
}

std::optional<wall_time> scripted_api::server_time() const {
    constexpr wall_time at_boot(std::chrono::hours(24 * 20000));
    return at_boot + std::chrono::floor<milliseconds>(time_.uptime().time_since_epoch());
}

asio::awaitable<api_result<read_back_reply>> scripted_api::read_back(read_back_query query) {
    const auto admitted = co_await look_up("read_back");
    if (admitted != admission::granted) {
        setback refused;
        refused.not_admitted = true;
        co_return refused;
    }
    read_since = query.since;
    auto scripted = on_read_back ? on_read_back() : std::nullopt;
    end("read_back", scripted && !scripted->reason ? scripted->facts : replies(200).facts);
    if (scripted) co_return *scripted;
    read_back_reply reply;
    reply.outbound = shown[query.conversation_id];
    if (lists_nothing) reply.outbound.clear();
    reply.read_at = *server_time();
    if (!lists_nothing) reply.listed.emplace_back("what the customer said");
    for (const auto& one : reply.outbound)
        reply.listed.push_back(one.id);
    co_return reply;
}

asio::awaitable<api_result<std::vector<remote_message>>>
scripted_api::statuses(std::string conversation_id, std::vector<std::string> /*ids*/) {
    const auto admitted = co_await look_up("statuses");
    if (admitted == admission::granted) end("statuses", replies(200).facts);
    if (on_statuses) co_return *on_statuses;
    co_return shown[conversation_id];
}

} // namespace cannedd::test
