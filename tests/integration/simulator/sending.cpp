#include "integration/simulator/org.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

namespace {

std::string tutorial_body(const conversation_of_two& to, const std::string& text) {
    return R"({"from_id": ")" + std::string(agent) + R"(", "to_id": ")" + to.customer_participant +
           R"(", "type": "user", "direction": "outbound", "text": )" + quoted(text) + "}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(sending_)

BOOST_AUTO_TEST_CASE(a_customer_sees_each_accepted_message_once_in_order_whatever_its_route) {
    org o("legacy_chat: true");
    const auto talk = o.talk();
    BOOST_TEST(o.send(talk, "one").status == 200);
    BOOST_TEST(o.send_agentless(talk, "two").status == 200);
    BOOST_TEST(o.ask("POST", talk.path() + "/messages", tutorial_body(talk, "three")).status == 200);
    const auto chat = o.talk({{"media", "chat"}});
    const auto path = "/api/v2/conversations/chats/" + chat.id + "/communications/" +
                      chat.agent_communication + "/messages";
    BOOST_TEST(o.ask_as(o.user_token, "POST", path, R"({"body": "four", "bodyType": "standard"})").status ==
               200);
    const std::vector<std::string> expected{"one", "two", "three"};
    BOOST_TEST(o.world.texts_seen(talk.id) == expected, boost::test_tools::per_element());
    BOOST_TEST(o.world.texts_seen(chat.id).at(0) == "four");
    BOOST_TEST(o.world.transcript(talk.id).at(1).purpose == "api");
    BOOST_TEST(o.world.violations().empty());
}

BOOST_AUTO_TEST_CASE(a_clients_token_may_not_speak_as_an_agent) {
    org o("legacy_chat: true");
    const auto talk = o.talk();
    const auto answer = o.ask("POST", talk.send_path(), R"({"textBody": "no"})");
    BOOST_TEST(answer.status == 400);
    BOOST_TEST(code_of(answer) == "not.a.user");
    o.world.plan({{"client_may_speak", true}});
    BOOST_TEST(o.ask("POST", talk.send_path(), R"({"textBody": "yes"})").status == 200);
    BOOST_TEST(o.world.texts_seen(talk.id).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_user_speaks_over_their_own_communication_only) {
    org o;
    const auto talk = o.talk({{"agent", other_agent}});
    BOOST_TEST(o.send(talk, "not mine").status == 403);
    BOOST_TEST(o.world.texts_seen().empty());
}

BOOST_AUTO_TEST_CASE(legacy_chat_is_gone_unless_the_plan_says_otherwise) {
    org o("legacy_chat_status: 410");
    const auto chat = o.talk({{"media", "chat"}});
    const auto path = "/api/v2/conversations/chats/" + chat.id + "/communications/" +
                      chat.agent_communication + "/messages";
    BOOST_TEST(o.ask_as(o.user_token, "POST", path, R"({"body": "x"})").status == 410);
}

BOOST_AUTO_TEST_CASE(agentless_without_use_existing_opens_a_new_conversation_and_is_a_violation) {
    org o;
    const auto talk = o.talk();
    BOOST_TEST(o.send_agentless(talk, "stray", false).status == 200);
    BOOST_TEST(o.world.texts_seen(talk.id).empty());
    BOOST_TEST(o.world.texts_seen().size() == 1U);
    BOOST_TEST(o.world.violations().size() == 1U);
}

BOOST_AUTO_TEST_CASE(agentless_into_an_ended_conversation_opens_another_or_is_refused_as_planned) {
    org o;
    const auto talk = o.talk();
    o.world.change(talk.id, "end");
    BOOST_TEST(o.send_agentless(talk, "late").status == 200);
    BOOST_TEST(o.world.texts_seen(talk.id).empty());
    o.world.change(o.world.transcript().at(0).conversation, "end");
    o.world.plan({{"agentless_no_active", 400}});
    BOOST_TEST(o.send_agentless(talk, "later").status == 400);
    BOOST_TEST(o.world.texts_seen().size() == 1U);
}

BOOST_AUTO_TEST_CASE(nobody_speaks_unless_the_communication_is_connected) {
    org o;
    const auto talk = o.talk({{"agent", boost::json::object{{"user_id", agent}, {"state", "alerting"}}}});
    BOOST_TEST(o.send(talk, "rings").status == 400);
    o.world.change(talk.id, "connect");
    BOOST_TEST(o.send(talk, "talks").status == 200);
    o.world.change(talk.id, "park");
    BOOST_TEST(o.send(talk, "parked").status == 400);
    o.world.change(talk.id, "disconnect", boost::json::object{{"wrapup", true}});
    BOOST_TEST(o.send(talk, "wraps up").status == 404);
    o.world.change(talk.id, "end");
    BOOST_TEST(o.send(talk, "ended").status == 400);
    BOOST_TEST(o.world.texts_seen().size() == 1U);
    BOOST_TEST(o.world.violations().empty());
}

BOOST_AUTO_TEST_CASE(how_an_ended_conversation_refuses_can_be_planned) {
    org o("refusals: {ended: {status: 409, code: conflict}}");
    const auto talk = o.talk({{"ended", true}});
    const auto answer = o.send(talk, "x");
    BOOST_TEST(answer.status == 409);
    BOOST_TEST(code_of(answer) == "conflict");
}

BOOST_AUTO_TEST_CASE(text_is_limited_by_messenger_and_an_sms_by_its_alphabet) {
    org o;
    const auto web = o.talk();
    const auto insta = o.talk({{"messenger", "instagram"}});
    const auto sms = o.talk({{"messenger", "sms"}});
    const auto many = [](const std::string& one, int times) {
        std::string text;
        for (int i = 0; i < times; ++i)
            text += one;
        return text;
    };
    struct {
        const conversation_of_two& to;
        std::string text;
        int status;
    } table[] = {
        {web, many("\U0001F600", 2000), 200},
        {web, many("\U0001F600", 2000) + "x", 400},
        {insta, many("x", 1000), 200},
        {insta, many("x", 1001), 400},
        {sms, many("x", 765), 200},
        {sms, many("x", 766), 400},
        {sms, many("\u00E4", 765), 200},
        {sms, many("x", 764) + "\u20AC", 400},
        {sms, many("\u0416", 335), 200},
        {sms, many("\u0416", 336), 400},
        {sms, many("x", 400) + "\u2019", 400},
        {web, "", 400},
    };
    for (const auto& row : table)
        BOOST_TEST(o.send(row.to, row.text).status == row.status, row.text.substr(0, 8));
    BOOST_TEST(o.world.violations().size() == 7U);
    o.world.plan({{"text_limits", boost::json::object{{"webmessaging", 2000}}}});
    BOOST_TEST(o.send(web, many("x", 2001)).status == 400);
}

// The request of 2026-07, as a plan may make it laxer or stricter.
BOOST_AUTO_TEST_CASE(agentless_is_addressed_by_messenger_type) {
    org o;
    const std::string path = "/api/v2/conversations/messages/agentless";
    const auto send = [&](const conversation_of_two& to, const std::string& messenger,
                          const std::string& from, boost::json::object whom) {
        whom["fromAddress"] = from;
        whom["toAddressMessengerType"] = messenger;
        whom["textBody"] = "hello";
        whom["useExistingActiveConversation"] = true;
        const auto answer = o.ask("POST", path, boost::json::serialize(whom));
        const bool here = answer.status == 200 && answer.body.find(to.id) != std::string::npos;
        return answer.status == 200 && !here ? 0 : answer.status;
    };
    const auto web = o.talk();
    const boost::json::object by_contact{{"externalContactId", web.contact}};
    const boost::json::object by_address{{"toAddress", web.customer_address}};
    BOOST_TEST(send(web, "webmessaging", org_address, by_contact) == 200);
    BOOST_TEST(o.world.violations().empty());
    BOOST_TEST(send(web, "webmessaging", org_address, by_address) == 400);
    BOOST_TEST(send(web, "webmessaging", org_address, {}) == 400);
    BOOST_TEST(send(web, "webmessaging", "0a5b8c1e-0000-4000-8000-00000000dddd", by_contact) == 400);
    BOOST_TEST(o.world.violations().size() == 2U);

    for (const auto* messenger : {"open", "apple"}) {
        const auto talk = o.talk({{"messenger", messenger}});
        BOOST_TEST(send(talk, messenger, org_address, {{"toAddress", talk.customer_address}}) == 200);
        BOOST_TEST(send(talk, messenger, org_address, {{"externalContactId", talk.contact}}) == 400);
    }
    const auto sms = o.talk({{"messenger", "sms"}});
    BOOST_TEST(send(sms, "sms", "+498912345678", {{"toAddress", sms.customer_address}}) == 200);
    BOOST_TEST(send(sms, "sms", org_address, {{"toAddress", sms.customer_address}}) == 400);

    o.world.plan({{"agentless", boost::json::object{{"web_by_address", true}}}});
    BOOST_TEST(send(web, "webmessaging", org_address, by_address) == 200);
    o.world.plan({{"agentless", boost::json::object{{"messengers", boost::json::array{"sms"}}}}});
    BOOST_TEST(send(web, "webmessaging", org_address, by_contact) == 400);
    BOOST_TEST(send(sms, "sms", "+498912345678", {{"toAddress", sms.customer_address}}) == 200);
}

BOOST_AUTO_TEST_CASE(whatsapp_wants_a_template_unless_the_plan_says_otherwise_and_a_number_without_plus) {
    org o;
    const auto talk =
        o.talk({{"messenger", "whatsapp"}, {"customer_address", "4915112345"}, {"silent", true}});
    const auto body = [](const std::string& to) {
        return R"({"fromAddress": ")" + std::string(org_address) + R"(", "toAddress": ")" + to +
               R"(", "toAddressMessengerType": "whatsapp", "textBody": "x", "useExistingActiveConversation": true})";
    };
    const std::string path = "/api/v2/conversations/messages/agentless";
    const auto refused = o.ask("POST", path, body("4915112345"));
    BOOST_TEST(refused.status == 400);
    BOOST_TEST(refused.body.find("messagingTemplate is required") != std::string::npos);
    o.world.plan({{"agentless", boost::json::object{{"whatsapp_text", true}}}});
    BOOST_TEST(o.ask("POST", path, body("4915112345")).status == 200);
    BOOST_TEST(o.ask("POST", path, body("+4915112345")).status == 400);
    o.world.change(talk.id, "say", {{"text", "hello?"}, {"ms_ago", 25 * 3'600'000}});
    BOOST_TEST(o.ask("POST", path, body("4915112345")).status == 200);
    BOOST_TEST(o.world.texts_seen(talk.id).size() == 1U); // accepted, and not delivered
}

BOOST_AUTO_TEST_CASE(what_a_bot_takes_for_the_customers_is_counted) {
    org o;
    const auto talk = o.talk({{"agents", boost::json::array()}});
    o.world.change(talk.id, "join", {{"purpose", "workflow"}});
    BOOST_TEST(o.send_agentless(talk, "to the flow").status == 200);
    o.world.change(talk.id, "join", {{"user_id", agent}});
    BOOST_TEST(o.send_agentless(talk, "to the customer").status == 200);
    BOOST_TEST(o.world.get("stats").at("taken_by_a_bot").to_number<int>() == 1);
}

BOOST_AUTO_TEST_CASE(an_invalid_request_is_refused_and_remembered) {
    org o;
    const auto talk = o.talk();
    const auto body = [](const char* text) { return std::string(text); };
    BOOST_TEST(o.ask_as(o.user_token, "POST", talk.send_path(), body(R"({"textbody": "x"})")).status == 400);
    BOOST_TEST(o.ask_as(o.user_token, "POST", talk.send_path(), body(R"({"textBody": 7})")).status == 400);
    BOOST_TEST(o.ask_as(o.user_token, "POST", talk.send_path(), body(R"({"textBody": )")).status == 400);
    BOOST_TEST(o.ask("GET", "/api/v2/conversations/not-a-uuid").status == 400);
    BOOST_TEST(o.ask("GET", talk.path() + "?expand=x").status == 400);
    BOOST_TEST(o.ask("GET", "/api/v2/nothing").status == 404);
    BOOST_TEST(o.ask("PUT", talk.path()).status == 405);
    const auto plain =
        o.client.send("POST", talk.send_path(),
                      {{"Authorization", "Bearer " + o.user_token}, {"Content-Type", "text/plain"}},
                      R"({"textBody": "x"})");
    BOOST_TEST(plain.status == 400);
    BOOST_TEST(o.world.violations().size() >= 8U);
    BOOST_TEST(o.world.texts_seen().empty());
    o.world.remove("violations");
    BOOST_TEST(o.world.violations().empty());
}

BOOST_AUTO_TEST_CASE(a_missing_permission_is_named) {
    org o(R"(
clients:
  - {id: 44444444-4444-4444-8444-444444444444, secret: s, permissions: ["conversation:communication:view"]}
)");
    const auto token =
        text_at(o.world.post("tokens", {{"client", "44444444-4444-4444-8444-444444444444"}}), "access_token");
    const auto talk = o.talk();
    BOOST_TEST(o.ask_as(token, "GET", talk.path()).status == 200);
    const auto answer =
        o.ask_as(token, "POST", "/api/v2/conversations/messages/" + talk.id + "/messages/bulk", "[]");
    BOOST_TEST(answer.status == 403);
    BOOST_TEST(code_of(answer) == "missing.any.permissions");
    BOOST_TEST(answer.body.find("conversation:message:view") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
