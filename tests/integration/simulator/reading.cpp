#include "integration/simulator/org.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace cannedd;
namespace json = boost::json;

namespace {

json::array bulk(org& o, const conversation_of_two& talk, const std::vector<std::string>& ids) {
    const auto answer = o.ask("POST", "/api/v2/conversations/messages/" + talk.id + "/messages/bulk",
                              json::serialize(json::array(ids.begin(), ids.end())));
    BOOST_TEST(answer.status == 200);
    return json::parse(answer.body).at("entities").as_array();
}

// The ids that GET conversation lists for the agent.
std::vector<std::string> listed(org& o, const conversation_of_two& talk) {
    std::vector<std::string> ids;
    const auto conversation = o.ask_json("GET", talk.path());
    for (const auto& p : conversation.at("participants").as_array())
        if (p.at("purpose") == "agent")
            for (const auto& m : p.at("messages").as_array().at(0).at("messages").as_array())
                ids.push_back(text_at(m, "messageId"));
    return ids;
}

std::string state_of_last_agent(org& o, const conversation_of_two& talk) {
    const auto conversation = o.ask_json("GET", talk.path());
    return text_at(conversation.at("participants").as_array().back().at("messages").as_array().at(0),
                   "state");
}

} // namespace

BOOST_AUTO_TEST_SUITE(reading_)

BOOST_AUTO_TEST_CASE(what_was_accepted_can_be_read_back_in_no_particular_order) {
    org o;
    const auto talk = o.talk();
    for (int i = 0; i < 20; ++i)
        o.send(talk, "text " + std::to_string(i));
    const auto ids = listed(o, talk);
    BOOST_TEST(ids.size() == 20U);
    std::vector<std::string> in_order;
    std::vector<std::string> as_answered;
    for (const auto& m : bulk(o, talk, ids))
        as_answered.push_back(text_at(m.at("normalizedMessage"), "text"));
    for (int i = 0; i < 20; ++i)
        in_order.push_back("text " + std::to_string(i));
    BOOST_TEST((as_answered != in_order));
    const std::set<std::string> all(as_answered.begin(), as_answered.end());
    BOOST_TEST(all.size() == 20U);
    BOOST_TEST(o.world.violations().empty());
}

BOOST_AUTO_TEST_CASE(more_than_a_thousand_ids_are_refused) {
    org o;
    const auto talk = o.talk();
    json::array ids;
    for (int i = 0; i < 1001; ++i)
        ids.emplace_back(talk.id);
    const auto answer =
        o.ask("POST", "/api/v2/conversations/messages/" + talk.id + "/messages/bulk", json::serialize(ids));
    BOOST_TEST(answer.status == 400);
}

BOOST_AUTO_TEST_CASE(a_message_is_invisible_to_readers_while_read_back_is_held) {
    org o("read_back: {hold: true}");
    const auto talk = o.talk();
    o.send(talk, "hidden");
    BOOST_TEST(o.world.texts_seen().size() == 1U); // the customer has it
    BOOST_TEST(listed(o, talk).empty());
    o.world.plan({{"read_back", json::object{{"hold", false}}}});
    BOOST_TEST(listed(o, talk).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_message_becomes_visible_after_the_lag) {
    org o("read_back: {lag_ms: 30}");
    const auto talk = o.talk();
    o.send(talk, "later");
    eventually([&] { return listed(o, talk).size() == 1; }, "the message is listed");
}

BOOST_AUTO_TEST_CASE(texts_are_normalised_when_read_back_as_planned) {
    org o("read_back: {normalise: [trim, crlf, collapse, nfc]}");
    const auto talk = o.talk();
    o.send(talk, " a  b\r\nu\u0308 ");
    const auto message = bulk(o, talk, listed(o, talk)).at(0);
    BOOST_TEST(text_at(message.at("normalizedMessage"), "text") == "a b\n\u00fc");
    BOOST_TEST(o.world.texts_seen().at(0) == " a  b\r\nu\u0308 ");
}

BOOST_AUTO_TEST_CASE(a_status_moves_on_to_success_or_to_failure_with_its_reason) {
    org o(R"(
delivery: {sent_after_ms: 0, final_after_ms: 0}
faults:
  - {match: {operation: send, text: unlucky}, do: {delivery_failed: {code: RecipientOptedOut, message: opted out}}}
)");
    const auto talk = o.talk();
    const auto answer = o.send(talk, "lucky");
    BOOST_TEST(text_at(json::parse(answer.body), "status") == "queued");
    o.send(talk, "unlucky");
    const auto ids = listed(o, talk);
    BOOST_TEST(text_at(bulk(o, talk, {ids.at(0)}).at(0), "status") == "delivery-success");
    const auto failed = bulk(o, talk, {ids.at(1)}).at(0);
    BOOST_TEST(text_at(failed, "status") == "delivery-failed");
    BOOST_TEST(text_at(failed.at("normalizedMessage").at("reasons").as_array().at(0), "code") ==
               "RecipientOptedOut");
    BOOST_TEST(o.world.texts_seen().size() == 1U);
}

BOOST_AUTO_TEST_CASE(paused_deliveries_stay_queued_and_reach_the_customer_afterwards) {
    org o("delivery: {paused: true, sent_after_ms: 0, final_after_ms: 0}");
    const auto talk = o.talk();
    o.send(talk, "waits");
    BOOST_TEST(o.world.texts_seen().empty());
    BOOST_TEST(text_at(bulk(o, talk, listed(o, talk)).at(0), "status") == "queued");
    o.world.plan({{"delivery", json::object{{"paused", false}}}});
    BOOST_TEST(o.world.texts_seen().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_transfer_and_a_reconnect_make_new_participants) {
    org o;
    const auto before = o.talk();
    o.world.change(before.id, "transfer", json::object{{"to", other_agent}});
    const auto after = o.seen(before.id);
    BOOST_TEST(after.agent_communication != before.agent_communication);
    BOOST_TEST(o.send(before, "old line").status == 404);
    o.world.change(before.id, "reconnect");
    const auto again = o.seen(before.id);
    BOOST_TEST(again.agent_participant != after.agent_participant);
    const auto state = o.ask_json("GET", before.path());
    BOOST_TEST(text_at(state.at("participants").as_array().back(), "userId") == other_agent);
    BOOST_TEST(state_of_last_agent(o, again) == "connected");
}

BOOST_AUTO_TEST_CASE(wrap_up_monitors_and_reopened_threads_show_as_the_api_shows_them) {
    org o;
    const auto talk = o.talk();
    o.world.change(
        talk.id, "join",
        json::object{{"user_id", other_agent}, {"monitored_participant_id", talk.agent_participant}});
    auto seen = o.ask_json("GET", talk.path());
    BOOST_TEST(text_at(seen.at("participants").as_array().back(), "monitoredParticipantId") ==
               talk.agent_participant);
    o.world.change(talk.id, "disconnect", json::object{{"agent", agent}, {"wrapup", true}});
    seen = o.ask_json("GET", talk.path());
    const auto& who = seen.at("participants").as_array().at(1);
    BOOST_TEST(who.at("wrapupRequired").as_bool());
    BOOST_TEST(text_at(who.at("messages").as_array().at(0).at("afterCallWork"), "state") == "pending");
    o.world.change(talk.id, "end");
    BOOST_TEST(o.ask_json("GET", talk.path()).as_object().contains("endTime"));
    o.world.change(talk.id, "reopen", json::object{{"agent", agent}});
    BOOST_TEST(!o.ask_json("GET", talk.path()).as_object().contains("endTime"));
    BOOST_TEST(o.send(o.seen(talk.id), "again").status == 200);
    BOOST_TEST(o.world.violations().empty());
}

BOOST_AUTO_TEST_CASE(the_analytics_query_finds_an_agents_open_conversations) {
    org o;
    const auto mine = o.talk();
    o.talk({{"agent", other_agent}});
    o.talk({{"ended", true}});
    const auto found = o.open_conversations_of(agent);
    BOOST_TEST(found.size() == 1U);
    BOOST_TEST(text_at(found.at(0), "conversationId") == mine.id);
    // An agent in wrap-up still has an open segment: analytics is no proof that they may speak.
    o.world.change(mine.id, "disconnect", json::object{{"wrapup", true}});
    BOOST_TEST(o.open_conversations_of(agent).size() == 1U);
    o.world.change(mine.id, "complete_wrapup");
    BOOST_TEST(o.open_conversations_of(agent).empty());
    BOOST_TEST(o.world.violations().empty());
}

BOOST_AUTO_TEST_CASE(analytics_may_lag_and_may_list_a_conversation_twice) {
    org o("analytics: {lag_ms: 600000}");
    o.talk();
    BOOST_TEST(o.open_conversations_of(agent).empty());
    o.world.plan({{"analytics", json::object{{"lag_ms", 0}, {"duplicate", true}}}});
    BOOST_TEST(o.open_conversations_of(agent).size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_query_that_genesys_would_refuse_is_refused) {
    org o;
    const auto query = [&](const std::string& body) {
        return o.ask("POST", "/api/v2/analytics/conversations/details/query", body).status;
    };
    BOOST_TEST(query(R"({"interval": "2026-01-01T00:00:00Z/2026-01-10T00:00:00Z"})") == 400);
    BOOST_TEST(query(R"({"interval": "2026-01-01T00:00:00Z"})") == 400);
    BOOST_TEST(query(R"({})") == 400);
    BOOST_TEST(query(R"({"interval": "2026-01-01T00:00:00Z/2026-01-02T00:00:00Z", "order": "down"})") == 400);
    BOOST_TEST(o.world.violations().size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_user_lists_their_own_open_conversations_and_a_client_may_not) {
    org o;
    o.talk();
    o.talk({{"agent", other_agent}});
    const auto answer = o.ask_as(o.user_token, "GET", "/api/v2/conversations/messages");
    BOOST_TEST(json::parse(answer.body).at("entities").as_array().size() == 1U);
    BOOST_TEST(code_of(o.ask("GET", "/api/v2/conversations/messages")) == "not.a.user");
    BOOST_TEST(o.world.violations().empty());
}

BOOST_AUTO_TEST_CASE(a_list_of_ones_own_names_communications_by_the_customers_peer_alone) {
    org o;
    const auto first = o.talk();
    o.talk();
    const auto seen = json::parse(o.ask("GET", "/api/v2/conversations/" + first.id).body);
    const auto& agents = seen.at("participants").as_array().at(1).at("messages").as_array().at(0);
    const auto list = [&] {
        return json::parse(o.ask_as(o.user_token, "GET", "/api/v2/conversations/messages").body);
    };
    const auto all = list();
    const auto& customer = all.at("entities").as_array().at(0).at("participants").as_array().at(0);
    BOOST_TEST(customer.at("peer") == agents.at("id"));
    BOOST_TEST(customer.at("state").as_string() == "connected");
    BOOST_TEST(!customer.as_object().contains("attributes"));
    o.world.plan({{"own_list", json::object{{"most", 1}, {"peer", false}, {"attributes", true}}}});
    const auto part = list();
    BOOST_TEST(part.at("entities").as_array().size() == 1U);
    BOOST_TEST(part.at("total").as_int64() == 2);
    const auto& same = part.at("entities").as_array().at(0).at("participants").as_array().at(0);
    BOOST_TEST(!same.as_object().contains("peer"));
    BOOST_TEST(same.as_object().contains("attributes"));
    BOOST_TEST(o.world.violations().empty());
}

BOOST_AUTO_TEST_CASE(a_conversation_lists_what_its_customer_began_with) {
    org o;
    for (const bool silent : {false, true}) {
        const auto talk = o.talk({{"silent", silent}});
        const auto seen = json::parse(o.ask("GET", "/api/v2/conversations/" + talk.id).body);
        const auto& customer = seen.at("participants").as_array().at(0);
        const auto& via = customer.at("messages").as_array().at(0);
        BOOST_TEST(via.at("messages").as_array().size() == (silent ? 0U : 1U));
        BOOST_TEST(o.world.transcript(talk.id).empty()); // it was read before
    }
}

BOOST_AUTO_TEST_CASE(chat_messages_are_listed_by_page) {
    org o("legacy_chat: true");
    const auto chat = o.talk({{"media", "chat"}, {"silent", true}});
    const auto path = "/api/v2/conversations/chats/" + chat.id;
    for (const char* text : {"a", "b", "c"})
        o.ask_as(o.user_token, "POST", path + "/communications/" + chat.agent_communication + "/messages",
                 R"({"body": )" + quoted(text) + "}");
    const auto first = json::parse(o.ask_as(o.user_token, "GET", path + "/messages?maxResults=2").body);
    BOOST_TEST(first.at("entities").as_array().size() == 2U);
    const auto rest = json::parse(o.ask_as(o.user_token, "GET", text_at(first, "next")).body);
    BOOST_TEST(text_at(rest.at("entities").as_array().at(0), "body") == "c");
    const auto newest =
        json::parse(o.ask_as(o.user_token, "GET", path + "/messages?sortOrder=descending&maxResults=1").body);
    BOOST_TEST(text_at(newest.at("entities").as_array().at(0), "body") == "c");
    BOOST_TEST(o.world.violations().empty());
}

BOOST_AUTO_TEST_CASE(canned_responses_are_found_by_id_library_and_phrase) {
    org o(R"(
libraries: [{id: 55555555-5555-4555-8555-555555555555, name: Sales}]
responses:
  - {id: 66666666-6666-4666-8666-666666666666, name: Greeting, library: Sales, text: "Hello {{name}}",
     html: "<p>Hello</p>", substitutions: [{id: name, defaultValue: you}]}
)");
    const auto get =
        o.ask_json("GET", "/api/v2/responsemanagement/responses/66666666-6666-4666-8666-666666666666");
    BOOST_TEST(get.at("texts").as_array().size() == 2U);
    const auto list = o.ask_json(
        "GET", "/api/v2/responsemanagement/responses?libraryId=55555555-5555-4555-8555-555555555555");
    BOOST_TEST(list.at("entities").as_array().size() == 1U);
    const auto libraries = o.ask_json("GET", "/api/v2/responsemanagement/libraries?libraryPrefix=Sa");
    BOOST_TEST(libraries.at("total") == 1);
    const auto query =
        o.ask_json("POST", "/api/v2/responsemanagement/responses/query", R"({"queryPhrase": "greet",
        "filters": [{"name": "libraryId", "operator": "IN", "values": ["55555555-5555-4555-8555-555555555555"]}]})");
    BOOST_TEST(query.at("results").at("entities").as_array().size() == 1U);
    o.world.remove("responses/66666666-6666-4666-8666-666666666666");
    BOOST_TEST(
        o.ask("GET", "/api/v2/responsemanagement/responses/66666666-6666-4666-8666-666666666666").status ==
        404);
    BOOST_TEST(o.world.violations().empty());
}

BOOST_AUTO_TEST_CASE(attributes_limits_and_the_token_itself_can_be_asked_for) {
    org o;
    const auto talk = o.talk();
    const auto path = talk.path() + "/participants/" + talk.customer_participant + "/attributes";
    BOOST_TEST(o.ask("PATCH", path, R"({"attributes": {"tier": "gold"}})").status == 202);
    const auto seen = o.ask_json("GET", talk.path());
    BOOST_TEST(text_at(seen.at("participants").as_array().at(0).at("attributes"), "tier") == "gold");
    const auto me = o.ask_json("GET", "/api/v2/tokens/me");
    BOOST_TEST(text_at(me.at("OAuthClient"), "authorizedGrantType") == "CLIENT-CREDENTIALS");
    BOOST_TEST(o.client.send("HEAD", "/api/v2/tokens/me", {{"Authorization", "Bearer wrong"}}).status == 401);
    const auto limits = o.ask_json("GET", "/api/v2/organizations/limits/namespaces/platform.api");
    BOOST_TEST(limits.at("entities").as_array().at(0).at("value") == 300);
    BOOST_TEST(o.world.violations().empty());
}

BOOST_AUTO_TEST_SUITE_END()
