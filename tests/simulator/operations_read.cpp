#include "simulator/analytics.hpp"
#include "simulator/encoding.hpp"
#include "simulator/listing.hpp"
#include "simulator/operations.hpp"

#include <algorithm>
#include <functional>

namespace cannedd::sim {
namespace {

bool takes_part(const conversation& c, const std::string& user_id) {
    return std::any_of(c.participants.begin(), c.participants.end(), [&](const participant& p) {
        return p.user_id == user_id && p.communications.back().state != "disconnected";
    });
}

talk* talk_of(world& in, const turn& t) {
    return in.talks.find(t.parameter("conversationId"));
}

reply get_conversation(world& in, const request&, turn& t) {
    const auto* found = talk_of(in, t);
    return found == nullptr ? conversation_not_found(in) : json_reply(in.readers.conversation_json(*found));
}

reply get_message_conversation(world& in, const request&, turn& t) {
    const auto* found = talk_of(in, t);
    if (found == nullptr || found->now.media != "message") return conversation_not_found(in);
    return json_reply(in.readers.media_conversation_json(*found));
}

json::object without_attributes(json::object listed) {
    for (auto& person : listed.at("participants").as_array())
        person.as_object().erase("attributes");
    return listed;
}

// The open conversations of the user whose token asks.
reply list_own(world& in, const request&, turn& t) {
    if (t.token->user_id.empty())
        return error_reply(in, 400, "not.a.user", "This request requires a user context.");
    const auto name = t.operation();
    const std::string only = name == "list_message_conversations" ? "message"
                             : name == "list_chat_conversations"  ? "chat"
                                                                  : "";
    const auto& set = in.set.own_list;
    json::array all;
    for (const auto& one : in.talks.all()) {
        if (!one->now.active() || !takes_part(one->now, t.token->user_id)) continue;
        if (!only.empty() && one->now.media != only) continue;
        auto listed =
            only.empty() ? in.readers.conversation_json(*one) : in.readers.media_conversation_json(*one);
        all.push_back(set.attributes ? std::move(listed) : without_attributes(std::move(listed)));
    }
    const auto total = all.size();
    if (total > set.most) all.erase(all.begin() + static_cast<std::ptrdiff_t>(set.most), all.end());
    json::object page{{"entities", std::move(all)}, {"pageSize", set.most}, {"pageNumber", 1}};
    page["pageCount"] = 1; // there is no asking for another
    page["total"] = total;
    return json_reply(page);
}

// The hit as the reader's lagging picture shows it; nothing: not in it.
const json::value* analysed(world& in, talk& which) {
    const auto picture = in.talks.seen_after(which, in.set.analytics.lag);
    if (!picture) return nullptr;
    if (which.analysed != picture) {
        which.analysis = in.readers.analytics_json(*picture);
        which.analysed = picture;
    }
    return &which.analysis;
}

reply analytics_query(world& in, const request&, turn& t) {
    std::vector<const json::value*> hits;
    try {
        check_query(*t.body);
        for (const auto& one : in.talks.all()) {
            const auto* hit = analysed(in, *one);
            if (hit != nullptr && matches_query(*hit, *t.body)) hits.push_back(hit);
        }
    } catch (const bad_query& problem) {
        t.violations.emplace_back(problem.what());
        return error_reply(in, 400, "bad.request", problem.what());
    }
    const bool descending = text_or(*t.body, "order", "asc") == "desc";
    std::stable_sort(hits.begin(), hits.end(), [&](const json::value* a, const json::value* b) {
        const auto& x = a->at("conversationStart").as_string();
        const auto& y = b->at("conversationStart").as_string();
        return descending ? y < x : x < y;
    });
    json::array all;
    const bool twice = in.set.analytics.duplicate || (t.planned && t.planned->duplicate_hit);
    for (const auto* hit : hits)
        for (int i = 0; i < (twice ? 2 : 1); ++i)
            all.push_back(*hit);
    const auto* paging = find(*t.body, "paging");
    const auto number = [&](const char* key, std::int64_t fallback) {
        return static_cast<std::size_t>(paging == nullptr ? fallback : number_or(*paging, key, fallback));
    };
    auto page = page_of(all, number("pageSize", 25), number("pageNumber", 1));
    return json_reply(json::object{{"conversations", page["entities"]}, {"totalHits", all.size()}});
}

reply analytics_details(world& in, const request&, turn& t) {
    auto* found = talk_of(in, t);
    const auto* seen = found == nullptr ? nullptr : analysed(in, *found);
    return seen == nullptr ? conversation_not_found(in) : json_reply(*seen);
}

reply read_back(world& in, const request&, turn& t) {
    const auto* found = talk_of(in, t);
    if (found == nullptr || found->now.media != "message") return conversation_not_found(in);
    std::vector<std::string> wanted;
    if (t.body)
        for (const auto& id : t.body->as_array())
            wanted.emplace_back(id.as_string());
    if (wanted.size() > 1000) {
        t.violations.emplace_back("more than 1000 ids");
        return error_reply(in, 400, "bad.request", "At most 1000 message ids.");
    }
    const std::set<std::string> ids(wanted.begin(), wanted.end());
    std::vector<json::value> entities;
    for (const auto& m : found->messages)
        if (ids.contains(m.id) && in.readers.visible(m))
            entities.push_back(in.readers.message_json(*found, m, true));
    in.chance.shuffle(entities); // in no order that a reader may rely on
    return json_reply(json::object{{"entities", json::array(entities.begin(), entities.end())}});
}

reply get_message(world& in, const request&, turn& t) {
    const auto id = t.parameter("messageId");
    for (const auto& one : in.talks.all()) {
        const bool here =
            t.operation() == "get_message_details" || one->now.id == t.parameter("conversationId");
        const auto* m = here ? one->find_message(id) : nullptr;
        if (m != nullptr && in.readers.visible(*m))
            return json_reply(in.readers.message_json(*one, *m, true));
    }
    return not_found(in, "message");
}

std::optional<reply> chat_refusal(world& in, const turn& t) {
    if (!in.set.legacy_chat)
        return error_reply(in, in.set.legacy_chat_status,
                           in.set.legacy_chat_status == 410 ? "gone" : "not.found",
                           "The web chat API has been removed.");
    if (t.token->user_id.empty() && !in.set.client_may_speak)
        return error_reply(in, 400, "not.a.user", "This request requires a user context.");
    const auto* found = talk_of(in, t);
    if (found == nullptr || found->now.media != "chat") return conversation_not_found(in);
    return std::nullopt;
}

reply read_chat(world& in, const request& req, turn& t) {
    if (auto refusal = chat_refusal(in, t)) return *refusal;
    const auto& where = *talk_of(in, t);
    std::vector<const message*> all;
    for (const auto& m : where.messages)
        if (in.readers.visible(m)) all.push_back(&m);
    const auto at = [&](const std::string& id) {
        return std::find_if(all.begin(), all.end(), [&](const message* m) { return m->id == id; });
    };
    if (const auto after = query_value(req, "after"); !after.empty())
        if (const auto found = at(after); found != all.end()) all.erase(all.begin(), found + 1);
    if (const auto before = query_value(req, "before"); !before.empty()) all.erase(at(before), all.end());
    if (query_value(req, "sortOrder", "ascending") == "descending") std::reverse(all.begin(), all.end());
    const auto most = std::clamp<std::size_t>(query_number(req, "maxResults", 100), 1, 100);
    json::array entities;
    for (const auto* m : all)
        if (entities.size() < most) entities.push_back(in.readers.chat_message_json(where, *m, true));
    json::object out{{"pageSize", most}, {"selfUri", req.path}};
    if (all.size() > most)
        out["next"] = req.path + "?maxResults=" + std::to_string(most) + "&after=" + all[most - 1]->id;
    out["entities"] = std::move(entities);
    return json_reply(out);
}

reply get_chat_conversation(world& in, const request&, turn& t) {
    if (auto refusal = chat_refusal(in, t)) return *refusal;
    return json_reply(in.readers.media_conversation_json(*talk_of(in, t)));
}

reply list_own_chats(world& in, const request& req, turn& t) {
    if (!in.set.legacy_chat) return *chat_refusal(in, t);
    return list_own(in, req, t);
}

reply get_chat_message(world& in, const request&, turn& t) {
    if (auto refusal = chat_refusal(in, t)) return *refusal;
    const auto& where = *talk_of(in, t);
    const auto* m = where.find_message(t.parameter("messageId"));
    if (m == nullptr || !in.readers.visible(*m)) return not_found(in, "message");
    return json_reply(in.readers.chat_message_json(where, *m, true));
}

reply patch_attributes(world& in, const request&, turn& t) {
    auto* found = talk_of(in, t);
    if (found == nullptr) return conversation_not_found(in);
    const auto who = t.parameter("participantId");
    if (found->now.find_participant(who) == nullptr) return not_found(in, "participant");
    std::map<std::string, std::string> values;
    if (const auto* attributes = find(*t.body, "attributes"))
        for (const auto& member : attributes->as_object())
            values[std::string(member.key())] = std::string(member.value().as_string());
    in.talks.set_attributes(*found, who, values);
    return reply(202);
}

std::string published_grant(const std::string& grant) {
    if (grant == "refresh_token") return "CODE";
    return grant == "saml2_bearer" ? "SAML2-BEARER" : "CLIENT-CREDENTIALS";
}

reply tokens_me(world& in, const request&, turn& t) {
    const json::object org{{"id", in.set.org_id}, {"name", in.set.org_name}};
    json::object client{{"id", t.client->id}, {"name", t.client->name}, {"organization", org}};
    client["authorizedGrantType"] = published_grant(t.token->grant);
    client["state"] = "active";
    return json_reply(json::object{{"organization", org},
                                   {"homeOrganization", org},
                                   {"authorizedScope", json::array()},
                                   {"OAuthClient", std::move(client)}});
}

reply limits(world& in, const request&, turn& t) {
    const auto name = t.to.parameters.at("namespaceName");
    if (!in.definition.is_limit_namespace(name)) return not_found(in, "namespace");
    json::array entities;
    if (name == "platform.api")
        for (const char* key : {"client.credentials.token.rate.per.minute", "token.rate.per.minute",
                                "org.app.user.rate.per.minute"})
            entities.push_back(json::object{{"namespace", name}, {"key", key}, {"value", in.set.rate.limit}});
    return json_reply(json::object{{"entities", std::move(entities)}});
}

using reader = reply (*)(world&, const request&, turn&);

const std::map<std::string, reader>& readers() {
    static const std::map<std::string, reader> known{
        {"get_conversation", get_conversation},
        {"get_message_conversation", get_message_conversation},
        {"list_conversations", list_own},
        {"list_message_conversations", list_own},
        {"list_chat_conversations", list_own_chats},
        {"get_chat_conversation", get_chat_conversation},
        {"analytics_query", analytics_query},
        {"analytics_details", analytics_details},
        {"read_back", read_back},
        {"get_message", get_message},
        {"get_message_details", get_message},
        {"read_chat", read_chat},
        {"get_chat_message", get_chat_message},
        {"patch_attributes", patch_attributes},
        {"tokens_me", tokens_me},
        {"head_tokens_me", tokens_me},
        {"limits", limits},
        {"limits_defaults", limits},
    };
    return known;
}

} // namespace

std::optional<reply> read(world& in, const request& req, turn& t) {
    const auto found = readers().find(t.operation());
    if (found == readers().end()) return read_library(in, req, t);
    return found->second(in, req, t);
}

reply not_found(world& in, const std::string& what) {
    return error_reply(in, 404, "not.found", "The requested " + what + " was not found.");
}

reply conversation_not_found(world& in) {
    return error_reply(in, 404, "conversation.error.conversation.not.found",
                       "The conversation was not found.");
}

} // namespace cannedd::sim
