#include "genesys_client_model.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace cannedd::simulation {
namespace {

constexpr seconds cached_for{10};

std::string lower_case(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

std::string key_of(const resolve_query& query) {
    return lower_case(query.conversation_id.value_or("")) + "|" + query.agent_id.value_or("");
}

setback not_admitted() {
    setback why;
    why.not_admitted = true;
    return why;
}

} // namespace

genesys_client_model::genesys_client_model(std::string account, genesys_server& server, request_gate& gate,
                                           time_source& time, std::shared_ptr<process> daemon, witness& sees,
                                           dice chance)
    : account_(std::move(account))
    , server_(server)
    , gate_(gate)
    , time_(time)
    , daemon_(std::move(daemon))
    , witness_(sees)
    , dice_(chance) {}

// A process that has ended waits for nothing.
asio::awaitable<void> genesys_client_model::never() {
    return time_.sleep_until(steady_time::max());
}

asio::awaitable<void> genesys_client_model::until_answered(std::shared_ptr<exchange> it,
                                                           std::string operation) {
    co_await time_.sleep_until(it->answered_at);
    if (!daemon_->effect("answer")) co_await never();
    if (it->facts.http_status != 0 && it->arrives)
        clock_.told(std::chrono::floor<seconds>(it->server_time), time_.uptime());
    gate_.answered(operation, it->facts, it->rate, it->took);
}

asio::awaitable<api_result<bool>> genesys_client_model::look_up(std::string operation) {
    for (bool second_try = false;; second_try = true) {
        const auto admitted = co_await gate_.admit(operation);
        if (admitted != admission::granted) co_return not_admitted();
        if (!daemon_->effect("look-up")) co_await never();
        witness_.requests(account_, operation);
        last_ = server_.look_up(account_);
        const auto mine = last_;
        co_await until_answered(mine, operation);
        if (mine->facts.http_status == 401 && !second_try) continue;
        if (mine->facts.http_status == 200 && mine->facts.reply_whole) co_return true;
        co_return setback(mine->facts);
    }
}

// --- whom to

asio::awaitable<api_result<target>> genesys_client_model::resolve(resolve_query query) {
    if (auto believable = believed(query)) {
        if (!believable->tells_names) server_.was_found_by_list();
        co_return std::move(*believable);
    }
    const auto key = key_of(query);
    cache_.erase(key);
    const bool may_list = query.conversation_id && !query.fresh && server_.lists(account_);
    if (may_list) {
        co_await by_list(query);
        if (auto listed = believed(query)) {
            server_.was_found_by_list();
            co_return std::move(*listed);
        }
    }
    api_result<target> told = target();
    if (query.conversation_id)
        told = co_await by_conversation(query);
    else
        told = co_await by_agent(query);
    if (told && names_agents_rooms_otherwise && !query.conversation_id)
        std::ranges::transform(told->conversation_id, told->conversation_id.begin(),
                               [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (told) cache_[key] = known{*told, time_.steady() + cached_for};
    if (told && may_list) worth_.looked_up(told->conversation_id, told->communication_id, time_.steady());
    co_return told;
}

std::optional<target> genesys_client_model::believed(const resolve_query& query) {
    const auto found = cache_.find(key_of(query));
    if (query.fresh || found == cache_.end() || found->second.until <= time_.steady()) return std::nullopt;
    if (query.wants_names && !found->second.to.tells_names) return std::nullopt;
    auto to = found->second.to;
    to.from_cache = true;
    return to;
}

asio::awaitable<void> genesys_client_model::by_list(resolve_query query) {
    if (const auto other = list_under_way_) {
        co_await other->wait(time_);
        co_return;
    }
    if (!worth_.pays(time_.steady())) co_return;
    const auto mine = std::make_shared<flight>();
    list_under_way_ = mine;
    const auto answered = co_await look_up("list_conversations");
    if (answered)
        learn(query);
    else
        worth_.disappointed(time_.steady());
    list_under_way_.reset();
    mine->land();
}

void genesys_client_model::learn(const resolve_query& query) {
    std::vector<target> shown;
    std::map<std::string, std::string> communications;
    for (const auto& [room, communication] : server_.listed(account_)) {
        auto to = target_in(room, query);
        if (!to) continue;
        to->communication_id = communication;
        to->tells_names = false;
        communications[to->conversation_id] = communication;
        shown.push_back(std::move(*to));
    }
    const bool confirmed = worth_.confirmed(communications);
    auto which = query;
    if (confirmed)
        for (auto& to : shown) {
            which.conversation_id = to.conversation_id;
            auto& at = cache_[key_of(which)];
            const bool knows = at.until > time_.steady() && at.to.communication_id == to.communication_id;
            if (!knows) at = known{std::move(to), time_.steady() + cached_for};
        }
    if (confirmed && believed(query))
        worth_.served(time_.steady());
    else
        worth_.disappointed(time_.steady());
}

asio::awaitable<api_result<target>> genesys_client_model::by_conversation(resolve_query query) {
    const auto answered = co_await look_up("conversation");
    if (!answered) co_return answered.error();
    co_return target_in(server_.find(lower_case(*query.conversation_id)), query);
}

asio::awaitable<api_result<target>> genesys_client_model::by_agent(resolve_query query) {
    const auto listed = co_await look_up("agents_conversations");
    if (!listed) co_return listed.error();
    const auto open = server_.served_by(*query.agent_id);
    std::vector<target> active;
    std::optional<setback> not_yet;
    for (auto* room : open) {
        const auto confirmed = co_await look_up("conversation");
        if (!confirmed) co_return confirmed.error();
        auto one = target_in(room, query);
        if (one)
            active.push_back(*one);
        else if (one.error().reason == errc::agent_not_connected)
            not_yet = one.error();
    }
    if (active.size() == 1) co_return active.front();
    if (active.size() > 1) co_return setback(errc::ambiguous_conversation, "several");
    if (not_yet) co_return *not_yet;
    co_return setback(errc::no_active_conversation, "none");
}

api_result<target> genesys_client_model::target_in(conversation_room* room,
                                                   const resolve_query& query) const {
    if (room == nullptr) return setback(errc::conversation_not_found, "unknown here");
    if (server_.ended(*room)) return setback(errc::conversation_ended, "it has an end");
    if (server_.ringing(*room)) return setback(errc::agent_not_connected, "ringing");
    if (query.agent_id && *query.agent_id != room->plan->agent_id)
        return setback(errc::agent_not_in_conversation, "another agent");
    target to;
    to.way = query.way;
    to.conversation_id = room->plan->id;
    to.communication_id = server_.communication_of(*room);
    to.agent_id = room->plan->agent_id;
    return to;
}

void genesys_client_model::forget(const std::string& conversation_id) {
    std::erase_if(cache_, [&](const auto& e) { return e.second.to.conversation_id == conversation_id; });
}

// --- what to say, and saying it

asio::awaitable<api_result<message_content>> genesys_client_model::render(render_query query,
                                                                          const target& /*to*/) {
    if (query.text) co_return message_content(*query.text);
    if (query.response_text) co_return message_content(*query.response_text);
    co_return setback(errc::unknown_response, "no such response");
}

asio::awaitable<sent_reply> genesys_client_model::send(const target& to, const message_content& content) {
    if (!daemon_->effect("send")) co_await never();
    witness_.requests(account_, "send");
    witness_.sends(account_, to.conversation_id, content.text);
    const auto it = server_.send(account_, to, content.text);
    co_await until_answered(it, "send");
    witness_.answered(to.conversation_id);
    sent_reply reply;
    reply.facts = it->facts;
    if (it->facts.reply_whole) reply.remote_message_id = it->remote_id;
    co_return reply;
}

// --- reading back

std::string genesys_client_model::shown_text(const conversation_room& room, const heard_message& said) const {
    const bool near = room.plan->keeps >= keeping::cut_off;
    const bool is_other = said.kept != said.text && (near ? nearly_is_dropped : kept_is_taken_literally);
    return is_other ? "something else" : said.kept;
}

std::vector<std::string> genesys_client_model::listed(const conversation_room& room) const {
    std::vector<std::string> ids;
    if (!room.plan->lists_nothing || listing_is_believed) ids.emplace_back("what the customer said");
    if (room.plan->lists_nothing) return ids;
    for (const auto& said : room.heard)
        if (said.readable_at <= time_.steady()) ids.push_back(said.id);
    return ids;
}

// What was said last is read however old its stamp is.
wall_time genesys_client_model::earliest_read(const conversation_room& room, wall_time since) const {
    if (stamps_are_taken_literally) return since - seconds(2);
    const auto passed = std::max(server_time().value_or(since) - since, milliseconds(0));
    wall_time newest;
    for (const auto& said : room.heard)
        if (said.readable_at <= time_.steady()) newest = std::max(newest, said.timestamp);
    return (newest == wall_time() ? since : std::min(since, newest - passed)) - minutes(30);
}

std::vector<remote_message> genesys_client_model::readable(conversation_room& room, wall_time earliest) {
    std::vector<remote_message> shown;
    for (const auto& said : room.heard) {
        if (said.readable_at > time_.steady() || said.timestamp < earliest) continue;
        remote_message one;
        one.id = said.id;
        one.timestamp = said.timestamp;
        one.unread = room.plan->hides_texts && dice_.chance(0.5);
        if (one.unread) {
            room.could_not_tell = true;
            if (unread_is_dropped) continue;
        } else {
            one.text = shown_text(room, said);
            one.status = "sent";
            room.could_not_tell |= server_.distorts(room, said);
        }
        shown.push_back(std::move(one));
    }
    for (std::size_t i = 1; i < shown.size(); ++i) // not in order of time
        std::swap(shown[i], shown[static_cast<std::size_t>(dice_.between(0, static_cast<std::int64_t>(i)))]);
    return shown;
}

asio::awaitable<api_result<read_back_reply>> genesys_client_model::read_back(read_back_query query) {
    const auto got = co_await look_up("conversation");
    auto* const room = server_.find(query.conversation_id);
    if (!got) {
        if (room != nullptr && got.error().facts.http_status / 100 == 4) room->could_not_tell = true;
        co_return got.error();
    }
    if (room == nullptr) co_return setback(errc::conversation_not_found, "unknown here");
    if (server_.unreadable(*room)) {
        room->could_not_tell = true;
        co_return setback(errc::conversation_not_found, "no more");
    }
    read_back_reply reply;
    if (!room->plan->lists_nothing) reply.outbound = readable(*room, earliest_read(*room, query.since));
    reply.listed = listed(*room);
    reply.ended = server_.ended(*room);
    reply.read_at = clock_.at(time_.uptime()).value_or(wall_time());
    room->could_not_tell |= reply.ended || room->plan->lists_nothing;
    if (!reply.outbound.empty()) {
        const auto texts = co_await look_up("messages");
        if (!texts) {
            room->could_not_tell |= texts.error().facts.http_status / 100 == 4;
            co_return texts.error();
        }
    }
    co_return reply;
}

asio::awaitable<api_result<std::vector<remote_message>>>
genesys_client_model::statuses(std::string conversation_id, std::vector<std::string> ids) {
    const auto answered = co_await look_up("statuses");
    if (!answered) co_return answered.error();
    std::vector<remote_message> told;
    const auto* const room = server_.find(conversation_id);
    for (const auto& id : ids) {
        const auto said =
            std::find_if(room->heard.begin(), room->heard.end(), [&](const auto& m) { return m.id == id; });
        if (said == room->heard.end()) continue;
        remote_message one;
        one.id = id;
        one.status = dice_.chance(0.5) ? "delivery-success" : "sent";
        told.push_back(std::move(one));
    }
    co_return told;
}

} // namespace cannedd::simulation
