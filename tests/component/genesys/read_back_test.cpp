// Reading back: everything that might be the message in question, and nothing that cannot be.
#include "component/genesys/client_world.hpp"

using namespace cannedd;
using namespace cannedd::testing;

namespace {

const wall_time sent_at = wall_time(std::chrono::hours(24 * 20000)); // the world's own beginning

std::string listed(const std::vector<std::string>& ids,
                   const std::string& time = "2024-10-04T00:00:01.000Z") {
    std::string list;
    for (const auto& id : ids)
        list += (list.empty() ? "" : ",") +
                (R"({"messageId":")" + id + R"(","messageTime":")" + time + R"(","messageStatus":"sent"})");
    return R"(,"messages":[)" + list + "]";
}

std::string message_json(const std::string& id, const std::string& text, int second,
                         const std::string& direction = "outbound") {
    return R"({"id":")" + id + R"(","direction":")" + direction + R"(","timestamp":"2024-10-04T00:00:0)" +
           std::to_string(second) +
           R"(.000Z","status":"delivery-success","normalizedMessage":{"type":"Text","text":")" + text +
           "\"}}";
}

std::string entities(const std::vector<std::string>& all) {
    std::string list;
    for (const auto& one : all)
        list += (list.empty() ? "" : ",") + one;
    return R"({"entities":[)" + list + "]}";
}

read_back_query wanted(route way, const std::string& communication = communication_a) {
    read_back_query query;
    query.way = way;
    query.conversation_id = conversation_a;
    query.communication_id = communication;
    query.since = sent_at;
    return query;
}

std::string ids_of(const read_back_reply& reply) {
    std::string all;
    for (const auto& one : reply.outbound)
        all += one.id + " ";
    return all;
}

std::string line_json(const std::string& id, const std::string& sender, const std::string& role = "AGENT",
                      const std::string& time = "2024-10-04T00:00:01.000Z") {
    return R"({"id":")" + id + R"(","body":"hi","bodyType":"standard","sender":{"id":")" + sender +
           R"(","role":")" + role + R"("},"timestamp":")" + time + "\"}";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(read_back_, client_world)

BOOST_AUTO_TEST_CASE(messages_of_the_agents_communications_come_back_in_order_of_time) {
    api.on(
        get_conversation(conversation_a), 200,
        conversation_of(conversation_a,
                        {customer_json(), agent_json(agent_a, "old", "disconnected", "", listed({"m0"})),
                         agent_json(agent_b, "other", "connected", "", listed({"mx"})),
                         agent_json(agent_a, communication_a, "connected", "", listed({"m2", "m1", "in"}))}));
    api.on(bulk_call, 200,
           entities({message_json("m2", "two", 2), message_json("in", "hello", 1, "inbound"),
                     message_json("m1", "one", 1), message_json("m0", "nought", 0)}));
    const auto reply = run(client->read_back(wanted(route::message))).value();
    BOOST_TEST(ids_of(reply) == "m0 m1 m2 ");
    BOOST_TEST(reply.outbound[1].text == "one");
    BOOST_TEST(reply.outbound[1].status == "delivery-success");
    BOOST_TEST(!reply.ended);
    BOOST_TEST(reply.listed == (std::vector<std::string>{"m0", "mx", "m2", "m1", "in"}),
               boost::test_tools::per_element());
    BOOST_TEST(api.last(bulk_call).body.find("mx") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(agentless_is_read_back_from_the_participant_that_the_api_is) {
    api.on(get_conversation(conversation_a), 200,
           conversation_of(conversation_a,
                           {customer_json(), agent_json(agent_a, "c", "connected", "", listed({"m1"})),
                            R"({"purpose":"api","messages":[{"id":"x","state":"disconnected")" +
                                listed({"m2"}) + "}]}"}));
    api.on(bulk_call, 200, entities({message_json("m2", "two", 2)}));
    BOOST_TEST(ids_of(run(client->read_back(wanted(route::agentless, ""))).value()) == "m2 ");
    BOOST_TEST(api.last(bulk_call).body == R"(["m2"])");
}

BOOST_AUTO_TEST_CASE(what_is_far_older_than_the_attempt_and_the_newest_is_not_asked_for) {
    std::vector<std::string> newest;
    for (int i = 10; i < 30; ++i)
        newest.push_back("m" + std::to_string(i));
    api.on(get_conversation(conversation_a), 200,
           conversation_of(conversation_a,
                           {customer_json(),
                            agent_json(agent_a, "before", "disconnected", "",
                                       listed({"old"}, "2024-10-03T23:00:00.000Z")),
                            agent_json(agent_a, communication_a, "connected", "", listed(newest))}));
    api.on(bulk_call, 200, entities({}));
    BOOST_TEST(run(client->read_back(wanted(route::message))).value().outbound.size() == 20U);
    BOOST_TEST(api.last(bulk_call).body.find("old") == std::string::npos);
}

// However far Date is ahead of the stamps: ours is among the newest, or was said since the newest by the time
// that has passed.
BOOST_AUTO_TEST_CASE(what_was_said_last_is_asked_for_whatever_its_stamp) {
    std::vector<std::string> ids;
    for (int i = 10; i < 40; ++i)
        ids.push_back("m" + std::to_string(i));
    api.on(
        get_conversation(conversation_a),
        answer(200,
               conversation_of(conversation_a, {customer_json(), agent_json(agent_a, communication_a,
                                                                            "connected", "", listed(ids))}),
               {{"Date", "Fri, 04 Oct 2024 14:00:10 GMT"}}));
    api.on(bulk_call, 200, entities({}));
    auto query = wanted(route::message);
    query.since = sent_at + std::chrono::hours(14);
    const auto reply = run(client->read_back(query)).value();
    BOOST_TEST(reply.outbound.size() == 30U);
    BOOST_TEST((reply.read_at >= query.since));
}

BOOST_AUTO_TEST_CASE(what_is_listed_and_not_shown_is_told_as_unread) {
    api.on(
        get_conversation(conversation_a), 200,
        conversation_of(conversation_a, {customer_json(), agent_json(agent_a, communication_a, "connected",
                                                                     "", listed({"m1", "in", "hidden"}))}));
    api.on(bulk_call, 200,
           entities({message_json("m1", "one", 1), message_json("in", "hello", 1, "inbound")}));
    const auto reply = run(client->read_back(wanted(route::message))).value();
    BOOST_TEST(ids_of(reply) == "m1 hidden ");
    BOOST_TEST(!reply.outbound[0].unread);
    BOOST_TEST(reply.outbound[1].unread);
    BOOST_TEST((reply.outbound[1].timestamp == sent_at + std::chrono::seconds(1)));
}

BOOST_AUTO_TEST_CASE(the_servers_time_is_that_of_its_last_answer_and_goes_on_when_ours_is_set) {
    BOOST_TEST(!client->server_time().has_value());
    api.on(get_conversation(conversation_a),
           answer(200,
                  conversation_of(conversation_a,
                                  {customer_json(), agent_json(agent_a, communication_a, "connected", "")}),
                  {{"Date", "Thu, 03 Oct 2024 23:00:00 GMT"}})); // an hour behind
    BOOST_TEST(ids_of(run(client->read_back(wanted(route::message))).value()).empty());
    const auto an_hour_behind = sent_at - std::chrono::hours(1);
    BOOST_TEST((client->server_time().value() == an_hour_behind));
    time.step_wall(std::chrono::hours(5));
    time.run_for(std::chrono::seconds(3));
    time.suspend(std::chrono::hours(8));
    BOOST_TEST(
        (client->server_time().value() == an_hour_behind + std::chrono::hours(8) + std::chrono::seconds(3)));
}

BOOST_AUTO_TEST_CASE(of_a_text_that_is_told_twice_the_one_that_was_sent_counts) {
    const auto told = [&](const std::string& body, const std::string& normalized) {
        api.forget(get_conversation(conversation_a));
        api.forget(bulk_call);
        api.on(get_conversation(conversation_a), 200,
               conversation_of(
                   conversation_a,
                   {customer_json(), agent_json(agent_a, communication_a, "connected", "", listed({"m1"}))}));
        api.on(bulk_call, 200,
               R"({"entities":[{"id":"m1","textBody":)" + body + R"(,"normalizedMessage":{"text":)" +
                   normalized + "}}]}");
        auto query = wanted(route::message);
        query.sent.text = "Your parcel is here";
        return run(client->read_back(query)).value().outbound.at(0).text;
    };
    BOOST_TEST(told(R"("Your parcel is here")", R"("[removed]")") == "Your parcel is here");
    BOOST_TEST(told(R"("[removed]")", R"("Your parcel is here")") == "Your parcel is here");
    BOOST_TEST(told(R"("Something else")", R"("Other words")") == "Other words");
    BOOST_TEST(told("5", "6") == "");
}

BOOST_AUTO_TEST_CASE(more_ids_than_one_request_takes_are_asked_for_in_batches) {
    std::vector<std::string> ids;
    for (int i = 0; i < 2500; ++i)
        ids.push_back("m" + std::to_string(i));
    api.on(bulk_call, 200, entities({message_json("m1", "one", 1)}));
    api.on(bulk_call, 200, entities({message_json("m2", "two", 2)}));
    api.on(bulk_call, 200, entities({message_json("m0", "nought", 0)}));
    const auto all = run(client->statuses(conversation_a, ids)).value();
    BOOST_TEST(api.count(bulk_call) == 3U);
    BOOST_REQUIRE(all.size() == 3U);
    BOOST_TEST(all.front().id == "m0");
}

BOOST_AUTO_TEST_CASE(an_ended_conversation_can_still_be_read_and_says_that_it_has_ended) {
    api.on(get_conversation(conversation_a), 200,
           conversation_of(conversation_a,
                           {customer_json("disconnected"),
                            agent_json(agent_a, communication_a, "disconnected", "", listed({"m1"}))},
                           R"(,"endTime":"2024-10-04T00:00:05.000Z")"));
    api.on(bulk_call, 200, entities({message_json("m1", "one", 1)}));
    const auto reply = run(client->read_back(wanted(route::message))).value();
    BOOST_TEST(ids_of(reply) == "m1 ");
    BOOST_TEST(reply.ended);
}

BOOST_AUTO_TEST_CASE(a_conversation_that_is_gone_is_a_reason) {
    api.on(get_conversation(conversation_a), 404, R"({"code":"not.found","status":404})");
    BOOST_TEST(reason(run(client->read_back(wanted(route::message)))) == "conversation_not_found");
}

BOOST_AUTO_TEST_CASE(what_the_message_itself_does_not_tell_is_taken_from_the_conversation) {
    api.on(get_conversation(conversation_a), 200,
           conversation_of(conversation_a, {customer_json(), agent_json(agent_a, communication_a, "connected",
                                                                        "", listed({"m1"}))}));
    api.on(bulk_call, 200, R"({"entities":[{"id":"m1","textBody":"one"}]})");
    const auto reply = run(client->read_back(wanted(route::message))).value();
    BOOST_REQUIRE(reply.outbound.size() == 1U);
    BOOST_TEST(reply.outbound[0].status == "sent");
    BOOST_TEST((reply.outbound[0].timestamp == sent_at + seconds(1)));
}

BOOST_AUTO_TEST_CASE(a_secret_in_the_reason_of_a_failed_delivery_is_hidden) {
    api.on(get_conversation(conversation_a), 200,
           conversation_of(conversation_a, {customer_json(), agent_json(agent_a, communication_a, "connected",
                                                                        "", listed({"m1"}))}));
    const std::string told = R"({"entities":[{"id":"m1","status":"client-secret-0001","normalizedMessage":)"
                             R"({"text":"one","reasons":[{"message":"no client-secret-0001 here"}]}}]})";
    api.on(bulk_call, 200, told);
    const auto reply = run(client->read_back(wanted(route::message))).value();
    BOOST_REQUIRE(reply.outbound.size() == 1U);
    BOOST_TEST(reply.outbound[0].status == "***");
    BOOST_TEST(reply.outbound[0].failure_reason == "no *** here");
    api.on(bulk_call, 200, told);
    const auto followed = run(client->statuses(conversation_a, {"m1"})).value();
    BOOST_TEST(followed.at(0).failure_reason == "no *** here");
}

BOOST_AUTO_TEST_CASE(why_a_message_was_not_delivered_is_looked_up_where_only_the_conversation_tells) {
    const auto failed_with = [](const std::string& more) {
        return R"({"entities":[{"id":"m1","status":"delivery-failed")" + more + "}]}";
    };
    const auto shown = [&](const std::string& message, int status, const std::string& body) {
        api.forget(bulk_call);
        api.on(bulk_call, 200, message);
        api.forget(get_conversation(conversation_a));
        api.on(get_conversation(conversation_a), status, body);
        return run(client->statuses(conversation_a, {"m1"}));
    };
    const std::string told = R"(,"messages":[{"messageId":"m1","messageStatus":"delivery-failed",)"
                             R"("errorInfo":{"code":"131047","message":"re-engagement message"}}])";
    const auto talk = conversation_of(
        conversation_a, {customer_json(), agent_json(agent_a, communication_a, "connected", "", told)});

    const auto found = shown(failed_with(""), 200, talk).value();
    BOOST_REQUIRE(found.size() == 1U);
    BOOST_TEST(found[0].failure_reason.find("131047") != std::string::npos, found[0].failure_reason);
    BOOST_TEST(api.count(get_conversation(conversation_a)) == 1U);

    // What is told already, or has not failed, costs no look; a look that is refused keeps nothing back.
    const auto off = failed_with(R"(,"normalizedMessage":{"reasons":[{"message":"off"}]})");
    BOOST_TEST(shown(off, 200, talk)->at(0).failure_reason == "off");
    BOOST_TEST(shown(R"({"entities":[{"id":"m1","status":"sent"}]})", 200, talk)->at(0).failure_reason == "");
    BOOST_TEST(api.count(get_conversation(conversation_a)) == 1U);
    BOOST_TEST(shown(failed_with(""), 403, R"({"code":"not.authorized"})")->at(0).status ==
               "delivery-failed");
}

BOOST_AUTO_TEST_CASE(a_chat_is_read_page_by_page_back_to_the_attempt) {
    std::vector<std::string> young;
    for (int i = 0; i < 100; ++i)
        young.push_back(line_json("y" + std::to_string(i), communication_a));
    api.on(chat_call, 200, entities(young));
    api.on(chat_call, 200,
           entities({line_json("o1", communication_a), line_json("k", "customer", "CUSTOMER"),
                     line_json("o2", communication_a, "AGENT", "2024-10-03T20:00:00.000Z")}));
    const auto reply = run(client->read_back(wanted(route::chat))).value();
    BOOST_TEST(reply.outbound.size() == 102U);
    BOOST_TEST(reply.listed.size() == 103U);
    BOOST_TEST(api.count(chat_call) == 2U);
    BOOST_TEST(api.last(chat_call).target.find("before=y99") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(in_a_chat_only_our_communication_counts_where_it_is_told) {
    api.on(chat_call, 200, entities({line_json("a", communication_a), line_json("b", communication_b)}));
    BOOST_TEST(ids_of(run(client->read_back(wanted(route::chat))).value()) == "a ");
    BOOST_TEST(ids_of(run(client->read_back(wanted(route::chat, "unknown"))).value()) == "a b ");
}

BOOST_AUTO_TEST_CASE(a_template_is_known_by_its_parameters_and_an_untold_one_stays_unread) {
    const auto structured = [](const std::string& id, const std::string& value) {
        const auto shown =
            value.empty() ? std::string()
                          : R"(,"template":{"id":"ns@hello","body":{"parameters":[{"name":"1","text":")" +
                                value + R"("}]}})";
        return R"({"id":")" + id +
               R"(","direction":"outbound","timestamp":"2024-10-04T00:00:01.000Z","status":"sent",)" +
               R"("normalizedMessage":{"type":"Structured","content":[{"contentType":"Notification")" +
               shown + "}]}}";
    };
    api.on(get_conversation(conversation_a), 200,
           conversation_of(conversation_a, {customer_json(), agent_json(agent_a, communication_a, "connected",
                                                                        "", listed({"m1", "m2", "m3"}))}));
    api.on(bulk_call, 200,
           entities({structured("m1", "Ada"), structured("m2", "Bob"), structured("m3", "")}));
    auto query = wanted(route::message);
    const auto texts_of = [&] {
        std::string all;
        for (const auto& one : run(client->read_back(query)).value().outbound)
            all += one.id + ":" + one.text + (one.unread ? "?" : "") + " ";
        return all;
    };
    query.sent = message_content(
        "Dear Ada",
        R"({"messagingTemplate":{"responseId":"r","bodyParameters":[{"id":"1","value":"Ada"}]},"name":"hello","body":"Dear Ada"})");
    BOOST_TEST(texts_of() == "m1:Dear Ada m2: m3:? ");
    query.sent = message_content("Dear Ada"); // a text was sent: none of these is it
    BOOST_TEST(texts_of() == "m1: m2: m3: ");
}

BOOST_AUTO_TEST_SUITE_END()
