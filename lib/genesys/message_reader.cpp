#include "genesys/message_reader.hpp"

#include "genesys/route_traits.hpp"
#include "text/likeness.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>

namespace cannedd {
namespace {

void sort_by_time(std::vector<remote_message>& messages) {
    std::stable_sort(messages.begin(), messages.end(),
                     [](const auto& a, const auto& b) { return a.timestamp < b.timestamp; });
}

using references = std::map<std::string, message_reference>;

using spoken_list = std::vector<message_reference>;

// The newest first, and before them what has no time.
spoken_list by_age(const std::vector<const communication*>& spoken) {
    spoken_list all;
    for (const auto* via : spoken)
        std::ranges::copy(via->messages, std::back_inserter(all));
    std::ranges::stable_sort(all, std::ranges::greater(), [](const message_reference& one) {
        return one.time.value_or(wall_time::max());
    });
    return all;
}

wall_time newest_of(const spoken_list& all) {
    const auto dated = std::ranges::find_if(all, [](const auto& one) { return one.time.has_value(); });
    return dated == all.end() ? wall_time() : *dated->time;
}

// The newest ones whenever they were said: where the customer's stamps are another clock's, the bound is
// wrong.
references references_since(const spoken_list& all, wall_time earliest) {
    constexpr std::ptrdiff_t newest_min = 20;
    references found;
    std::ptrdiff_t place = 0;
    for (const auto& one : all)
        if (place++ < newest_min || !one.time || *one.time >= earliest) found.emplace(one.id, one);
    return found;
}

// What the conversation's own list knows and the message itself does not tell.
void complete(std::vector<remote_message>& messages, const references& listed) {
    for (auto& one : messages) {
        const auto found = listed.find(one.id);
        if (found == listed.end()) continue;
        if (one.timestamp == wall_time() && found->second.time) one.timestamp = *found->second.time;
        if (one.status.empty()) one.status = found->second.status;
        if (one.failure_reason.empty()) one.failure_reason = found->second.failure_reason;
    }
}

// Told in two places, the text that was sent may be whole in one of them alone.
bool is_closer(const shown_message& shown, const std::string& sent) {
    return !sent.empty() && !shown.text_body.empty() && shown.text_body != shown.message.text &&
           likeness_of(sent, shown.text_body) < likeness_of(sent, shown.message.text);
}

// A template that was sent may be shown without its text, or with a part of it: what is ours bears our text.
remote_message as_sent(const shown_message& shown, const message_content& sent) {
    auto message = shown.message;
    if (is_closer(shown, sent.text)) message.text = shown.text_body;
    if (sent.template_call.empty()) return message;
    switch (compare(message.text, shown.sent_by_template.value_or(shown_template()), sent)) {
    case finding_of_template::ours: message.text = sent.text; break;
    case finding_of_template::untold: message.unread = true; break;
    case finding_of_template::another: break;
    }
    return message;
}

std::vector<remote_message> outbound_of(const std::vector<shown_message>& shown,
                                        const message_content& sent = {}) {
    std::vector<remote_message> outbound;
    for (const auto& one : shown)
        if (one.outbound) outbound.push_back(as_sent(one, sent));
    return outbound;
}

// What is listed and not shown may be the message that is looked for.
std::vector<remote_message> unread_of(references listed, const std::vector<shown_message>& shown) {
    for (const auto& one : shown)
        listed.erase(one.message.id);
    std::vector<remote_message> unread;
    for (const auto& [id, reference] : listed) {
        remote_message one;
        one.id = id;
        one.timestamp = reference.time.value_or(wall_time());
        one.unread = true;
        unread.push_back(std::move(one));
    }
    return unread;
}

std::vector<const communication*> all_communications(const conversation& in) {
    std::vector<const communication*> all;
    for (const auto& who : in.participants)
        for (const auto* said : {&who.messages, &who.chats})
            for (const auto& via : *said)
                all.push_back(&via);
    return all;
}

std::vector<std::string> all_listed(const conversation& in) {
    std::vector<std::string> ids;
    for (const auto* via : all_communications(in))
        for (const auto& one : via->messages)
            ids.push_back(one.id);
    return ids;
}

// The message tells its state; why it failed, in some orgs only the conversation's list of it.
bool failed_without_a_reason(const remote_message& one) {
    return one.status == "delivery-failed" && one.failure_reason.empty();
}

std::vector<std::string> ids_of(const references& listed) {
    std::vector<std::string> ids;
    for (const auto& [id, one] : listed)
        ids.push_back(id);
    return ids;
}

// In a chat a line tells the communication that said it, in some orgs. Where it does, only ours count.
std::vector<remote_message> spoken_lines(const std::vector<chat_line>& lines,
                                         const std::string& communication_id) {
    const auto is_ours = [&](const chat_line& line) {
        return line.by_agent && line.sender_id == communication_id;
    };
    const bool told = !communication_id.empty() && std::any_of(lines.begin(), lines.end(), is_ours);
    std::vector<remote_message> spoken;
    for (const auto& line : lines)
        if (told ? is_ours(line) : line.by_agent) spoken.push_back(line.message);
    return spoken;
}

} // namespace

wall_time message_reader::server_time() const {
    return caller_.server_time().value_or(caller_.wall());
}

// Since when ours may have been stamped. The server's clock may be ahead of the one that stamps messages by
// no more than what was said last is old; so ours is older than that by the time since its attempt at most.
// Generous: who asks judges by the second.
wall_time message_reader::earliest(const read_back_query& query, wall_time newest) const {
    constexpr milliseconds margin = minutes(30);
    const auto passed = std::max(server_time() - query.since, milliseconds(0));
    const auto bound = newest == wall_time() ? query.since : std::min(query.since, newest - passed);
    return bound - margin;
}

asio::awaitable<api_result<read_back_reply>> message_reader::read_back(read_back_query query) {
    api_result<read_back_reply> found = read_back_reply();
    if (traits_of(query.way).is_chat)
        found = co_await from_chat(query);
    else
        found = co_await from_messaging(query);
    if (found.has_error()) co_return found.error();
    sort_by_time(found->outbound);
    found->read_at = server_time();
    co_return found;
}

asio::awaitable<api_result<read_back_reply>> message_reader::from_messaging(const read_back_query& query) {
    auto fetched = co_await finder_.fetch(query.conversation_id);
    if (fetched.has_error()) co_return fetched.error();
    const auto spoken = by_age(spoken_by(*fetched, query.way, query.communication_id));
    const auto listed = references_since(spoken, earliest(query, newest_of(spoken)));
    const auto found = co_await shown(query.conversation_id, ids_of(listed));
    if (found.has_error()) co_return found.error();
    read_back_reply reply;
    reply.outbound = outbound_of(*found, query.sent);
    complete(reply.outbound, listed);
    std::ranges::move(unread_of(listed, *found), std::back_inserter(reply.outbound));
    reply.listed = all_listed(*fetched);
    reply.ended = is_over(*fetched, query.way);
    co_return reply;
}

asio::awaitable<api_result<std::vector<remote_message>>>
message_reader::messages(std::string conversation_id, std::vector<std::string> ids) {
    const auto found = co_await shown(conversation_id, std::move(ids));
    if (found.has_error()) co_return found.error();
    auto outbound = outbound_of(*found);
    sort_by_time(outbound);
    if (!std::ranges::any_of(outbound, failed_without_a_reason)) co_return outbound;
    const auto fetched = co_await finder_.fetch(conversation_id);
    if (fetched.has_error() && fetched.error().not_admitted) co_return fetched.error(); // another time
    if (fetched) complete(outbound, references_since(by_age(all_communications(*fetched)), wall_time::min()));
    co_return outbound;
}

asio::awaitable<api_result<std::vector<shown_message>>> message_reader::shown(std::string conversation_id,
                                                                              std::vector<std::string> ids) {
    std::vector<shown_message> all;
    for (std::size_t at = 0; at < ids.size(); at += messages_per_bulk_max) {
        const auto end = std::min(ids.size(), at + messages_per_bulk_max);
        const std::vector<std::string> batch(ids.begin() + static_cast<std::ptrdiff_t>(at),
                                             ids.begin() + static_cast<std::ptrdiff_t>(end));
        auto answer = co_await caller_.look_up(bulk_request(conversation_id, batch), std::string());
        if (answer.has_error()) co_return answer.error();
        auto read = read_messages(answer->body);
        if (!read) co_return not_understood(answer->facts);
        std::move(read->begin(), read->end(), std::back_inserter(all));
    }
    co_return all;
}

asio::awaitable<api_result<read_back_reply>> message_reader::from_chat(const read_back_query& query) {
    constexpr int pages_max = 20;
    std::vector<chat_line> lines;
    std::string before;
    wall_time newest;
    for (int page = 1; page <= pages_max; ++page) {
        auto answer = co_await caller_.look_up(chat_request(query.conversation_id, before), query.agent_id);
        if (answer.has_error()) co_return answer.error();
        auto read = read_chat(answer->body);
        if (!read) co_return not_understood(answer->facts);
        if (page == 1 && !read->empty()) newest = read->front().message.timestamp;
        const bool last =
            read->size() < chat_lines_per_page || read->back().message.timestamp < earliest(query, newest);
        if (!read->empty()) before = read->back().message.id;
        std::move(read->begin(), read->end(), std::back_inserter(lines));
        if (last) break;
    }
    read_back_reply reply;
    reply.outbound = spoken_lines(lines, query.communication_id);
    for (const auto& line : lines)
        reply.listed.push_back(line.message.id);
    co_return reply;
}

} // namespace cannedd
