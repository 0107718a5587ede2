// Who speaks, to whom, and whether now is the time: by the shapes that conversations have.
#include "component/genesys/shapes.hpp"
#include "genesys/replies.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;
using namespace cannedd::testing;

namespace {

using people = std::vector<std::string>;

conversation shape(const people& participants, const std::string& extra = "") {
    return read_conversation(parse_answer(conversation_of(conversation_a, participants, extra))).value();
}

result<target> to_agent(const conversation& in, const std::string& agent = agent_a,
                        route way = route::message) {
    return find_target(in, way, agent, "");
}

// The communication that is spoken through, or the reason.
std::string outcome_of(const result<target>& found) {
    return found.has_value() ? found->communication_id : std::string(name_of(found.error().code));
}

std::string connected_at(int minute) {
    return R"(,"connectedTime":"2024-05-17T08:)" + std::to_string(10 + minute) + R"(:00.000Z")";
}

const std::string gone = R"(,"disconnectedTime":"2024-05-17T08:30:00.000Z")";

} // namespace

BOOST_AUTO_TEST_SUITE(conversation_)

BOOST_AUTO_TEST_CASE(the_named_agent_speaks_only_through_a_connected_communication) {
    struct {
        const char* rule;
        people participants;
        std::string outcome;
    } table[] = {
        {"connected", {customer_json(), agent_json()}, communication_a},
        {"purpose user counts as agent",
         {customer_json(), R"({"id":"p","purpose":"user","userId":")" + agent_a +
                               R"(","messages":[{"id":"c","state":"connected"}]})"},
         "c"},
        {"its id is not told", {customer_json(), agent_json(agent_a, "")}, "agent_not_connected"},
        {"ringing", {customer_json(), agent_json(agent_a, "c", "alerting")}, "agent_not_connected"},
        {"parked", {customer_json(), agent_json(agent_a, "c", "parked")}, "agent_not_connected"},
        {"wrap-up by after-call work",
         {customer_json(),
          agent_json(agent_a, "c", "disconnected", "", R"(,"afterCallWork":{"state":"pending"})")},
         "agent_not_connected"},
        {"wrap-up by wrapupRequired",
         {customer_json(), agent_json(agent_a, "c", "disconnected", R"(,"wrapupRequired":true)")},
         "agent_not_connected"},
        {"wrap-up is done",
         {customer_json(),
          agent_json(agent_a, "c", "disconnected", R"(,"wrapupRequired":true,"wrapup":{"code":"ok"})")},
         "agent_not_in_conversation"},
        {"has left",
         {customer_json(), agent_json(agent_a, "c", "disconnected")},
         "agent_not_in_conversation"},
        {"connected by state, but with a disconnectedTime",
         {customer_json(), agent_json(agent_a, "c", "connected", "", gone)},
         "agent_not_in_conversation"},
        {"another agent serves", {customer_json(), agent_json(agent_b)}, "agent_not_in_conversation"},
        {"no agent at all", {customer_json()}, "agent_not_in_conversation"},
        {"held is connected",
         {customer_json(), agent_json(agent_a, "c", "connected", "", R"(,"held":true)")},
         "c"},
        {"monitors",
         {customer_json(), agent_json(agent_a, "c", "connected", R"(,"monitoredParticipantId":"p")")},
         "agent_not_in_conversation"},
        {"coaches",
         {customer_json(), agent_json(agent_a, "c", "connected", R"(,"coachedParticipantId":"p")")},
         "agent_not_in_conversation"},
        {"takes part by voice only",
         {customer_json(),
          R"({"purpose":"agent","userId":")" + agent_a + R"(","calls":[{"id":"v","state":"connected"}]})"},
         "agent_not_in_conversation"},
        {"reconnected: the last participant counts",
         {customer_json(), agent_json(agent_a, "old", "disconnected"), agent_json(agent_a, "new")},
         "new"},
        {"two connected: the last one",
         {customer_json(), agent_json(agent_a, "first"), agent_json(agent_a, "second")},
         "second"},
        {"two connected, listed out of order: the times decide",
         {customer_json(), agent_json(agent_a, "late", "connected", "", connected_at(9)),
          agent_json(agent_a, "early", "connected", "", connected_at(1))},
         "late"},
        {"came back and rings again",
         {customer_json(), agent_json(agent_a, "old", "disconnected"),
          agent_json(agent_a, "new", "alerting")},
         "agent_not_connected"},
        {"transferred away and back",
         {customer_json(), agent_json(agent_a, "1", "disconnected"), agent_json(agent_b, "2", "disconnected"),
          agent_json(agent_a, "3")},
         "3"},
        {"is consulted, and was named",
         {customer_json(), agent_json(agent_a, "c", "connected", R"(,"consultParticipantId":"p")")},
         "c"},
        {"an upper-case id is the same agent",
         {customer_json(),
          R"({"purpose":"Agent","userId":"0A000000-0000-4000-8000-00000000000A","messages":[{"id":"c","state":"connected"}]})"},
         "c"},
    };
    for (const auto& row : table)
        BOOST_TEST(outcome_of(to_agent(shape(row.participants))) == row.outcome, row.rule);
}

BOOST_AUTO_TEST_CASE(when_nobody_is_named_the_agent_who_serves_the_customer_speaks) {
    struct {
        const char* rule;
        people participants;
        std::string outcome;
    } table[] = {
        {"the one", {customer_json(), agent_json()}, communication_a},
        {"after a transfer the one who took over",
         {customer_json(), agent_json(agent_a, "1", "disconnected"), agent_json(agent_b, "2")},
         "2"},
        {"not the supervisor who listens",
         {customer_json(), agent_json(agent_a, "1"),
          agent_json(agent_b, "2", "connected", R"(,"monitoredParticipantId":"p")")},
         "1"},
        {"not the colleague who is consulted",
         {customer_json(), agent_json(agent_a, "1"),
          agent_json(agent_b, "2", "connected", R"(,"consultParticipantId":"p")")},
         "1"},
        {"nobody has joined yet",
         {customer_json(), R"({"purpose":"acd","messages":[{"id":"q","state":"connected"}]})"},
         "agent_not_connected"},
        {"a bot still answers",
         {customer_json(), R"({"purpose":"workflow","messages":[{"id":"w","state":"connected"}]})"},
         "agent_not_connected"},
        {"the first one rings",
         {customer_json(), agent_json(agent_a, "1", "alerting")},
         "agent_not_connected"},
        {"all have left",
         {customer_json(), agent_json(agent_a, "1", "disconnected")},
         "agent_not_in_conversation"},
    };
    for (const auto& row : table)
        BOOST_TEST(outcome_of(to_agent(shape(row.participants), "")) == row.outcome, row.rule);
    BOOST_TEST(to_agent(shape({customer_json(), agent_json(agent_b)}), "")->agent_id == agent_b);
}

BOOST_AUTO_TEST_CASE(a_conversation_has_ended_by_its_end_or_by_its_customer) {
    const std::string ended = R"(,"endTime":"2024-05-17T09:00:00.000Z")";
    BOOST_TEST(outcome_of(to_agent(shape({customer_json(), agent_json()}, ended))) == "conversation_ended");
    BOOST_TEST(outcome_of(to_agent(shape({customer_json(), agent_json()}, R"(,"endTime":null)"))) ==
               communication_a);
    BOOST_TEST(outcome_of(to_agent(shape({customer_json("disconnected"), agent_json()}))) ==
               "conversation_ended");
    BOOST_TEST(is_over(shape({customer_json("disconnected")}), route::message));
    for (const auto way : {route::message, route::agentless, route::tutorial})
        BOOST_TEST(outcome_of(to_agent(shape({customer_json("disconnected"), agent_json()}), agent_a, way)) ==
                   "conversation_ended");
}

BOOST_AUTO_TEST_CASE(a_messaging_thread_that_is_taken_up_again_is_alive) {
    const auto again = shape({customer_json("disconnected"), agent_json(agent_a, "1", "disconnected"),
                              customer_json(), agent_json(agent_a, "2")});
    BOOST_TEST(outcome_of(to_agent(again)) == "2");
    BOOST_TEST(!is_over(again, route::message));
}

BOOST_AUTO_TEST_CASE(route_chat_speaks_through_chats_and_the_tutorials_gateway_through_either) {
    const auto chat = shape({R"({"id":"k","purpose":"customer","chats":[{"id":"kc","state":"connected"}]})",
                             R"({"id":"p","purpose":"agent","userId":")" + agent_a +
                                 R"(","chats":[{"id":"ac","state":"connected"}]})"});
    BOOST_TEST(outcome_of(to_agent(chat, agent_a, route::chat)) == "ac");
    BOOST_TEST(outcome_of(to_agent(chat, agent_a, route::tutorial)) == "ac");
    BOOST_TEST(outcome_of(to_agent(chat, agent_a, route::message)) == "agent_not_in_conversation");
    const auto messaging = shape({customer_json(), agent_json()});
    BOOST_TEST(outcome_of(to_agent(messaging, agent_a, route::tutorial)) == communication_a);
    BOOST_TEST(outcome_of(to_agent(messaging, agent_a, route::chat)) == "agent_not_in_conversation");
}

BOOST_AUTO_TEST_CASE(the_tutorial_addresses_the_customers_participant) {
    const auto in = shape({customer_json(), agent_json()});
    BOOST_TEST(find_target(in, route::tutorial, agent_a, "")->customer_id == customer_a);
    BOOST_TEST(find_target(in, route::tutorial, agent_a, "given")->customer_id == "given");
    BOOST_TEST(find_target(in, route::tutorial, "", "")->agent_id == agent_a);
    const auto external = shape(
        {R"({"id":"e","purpose":"external","messages":[{"id":"x","state":"connected"}]})", agent_json()});
    BOOST_TEST(find_target(external, route::tutorial, agent_a, "")->customer_id == "e");
    const auto nobody = shape({agent_json()});
    BOOST_TEST(outcome_of(find_target(nobody, route::tutorial, agent_a, "")) == "customer_not_found");
    BOOST_TEST(outcome_of(find_target(nobody, route::tutorial, agent_a, "given")) == communication_a);
}

BOOST_AUTO_TEST_CASE(the_customers_attributes_come_along) {
    const auto in =
        shape({customer_json("connected", R"(,"attributes":{"city":"Ulm","n":3})"), agent_json()});
    BOOST_TEST(to_agent(in)->customer_attributes.at("city") == "Ulm");
    BOOST_TEST(to_agent(in)->customer_attributes.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_conversation_of_which_nothing_is_told_is_no_reason_to_fail) {
    for (const auto* body : {"{}", R"({"participants":null})", R"({"participants":[null,3,{}]})",
                             R"({"participants":[{"purpose":7,"messages":{}}]})",
                             R"({"participants":[{"purpose":"agent","messages":[null,{"state":[]}]}]})"}) {
        const auto in = read_conversation(parse_answer(body));
        BOOST_REQUIRE(in.has_value());
        for (const auto way : {route::message, route::agentless, route::chat, route::tutorial})
            BOOST_TEST(!find_target(*in, way, agent_a, "").has_value());
    }
    for (const auto* body : {"", "<html>", "[]", "null", "3", "{\"id\":"})
        BOOST_TEST(!read_conversation(parse_answer(body)).has_value());
}

BOOST_AUTO_TEST_CASE(a_sentence_names_the_agents_who_could_be_meant) {
    const auto why = to_agent(shape({customer_json(), agent_json(agent_b)})).error();
    BOOST_TEST(why.detail.find(agent_a) != std::string::npos);
    BOOST_TEST(why.detail.find(agent_b) != std::string::npos);
    BOOST_TEST(why.detail.find(conversation_a) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_was_said_is_looked_for_where_it_was_said) {
    const auto api = std::string(R"({"purpose":"api","messages":[{"id":"api-1"}]})");
    const auto in = shape({customer_json(), agent_json(agent_a, "1", "disconnected"),
                           agent_json(agent_b, "2"), agent_json(agent_a, "3"), api,
                           agent_json(agent_a, "m", "connected", R"(,"monitoredParticipantId":"p")")});
    const auto ids = [&](route way, const std::string& communication) {
        std::string all;
        for (const auto* one : spoken_by(in, way, communication))
            all += one->id + " ";
        return all;
    };
    BOOST_TEST(ids(route::message, "1") == "1 3 ");
    BOOST_TEST(ids(route::message, "2") == "2 ");
    BOOST_TEST(ids(route::message, "unknown") == "1 2 3 ");
    BOOST_TEST(ids(route::message, "") == "1 2 3 ");
    BOOST_TEST(ids(route::tutorial, "3") == "1 3 ");
    BOOST_TEST(ids(route::agentless, "") == "api-1 ");
}

BOOST_AUTO_TEST_CASE(an_end_tells_its_reason_where_somebody_does_the_customer_first) {
    const std::string ended = R"(,"endTime":"2024-05-17T09:00:00.000Z")";
    const auto told = [&](const std::string& agents, const std::string& customers) {
        const auto agent = agent_json(agent_a, communication_a, "disconnected", "", agents);
        auto customer = customer_json("disconnected");
        customer.insert(customer.find(R"(,"type")"), customers);
        return to_agent(shape({agent, customer}, ended)).error().detail;
    };
    const auto of = [](const std::string& type) { return R"(,"disconnectType":")" + type + '"'; };
    BOOST_TEST(told("", "").ends_with(" has ended"));
    BOOST_TEST(told(of("system"), of("session.expired")).ends_with(" has ended (session.expired)"));
    BOOST_TEST(told(of("inactivity"), "").ends_with(" has ended (inactivity)"));
    const auto left = to_agent(shape({agent_json(), customer_json("disconnected")})).error().detail;
    BOOST_TEST(left.ends_with(" was left by its customer"), left);
}

BOOST_AUTO_TEST_SUITE_END()
