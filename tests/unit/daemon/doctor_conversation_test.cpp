// --doctor --conversation: what would become of a message on each route, by the shapes of conversations.
#include "component/genesys/shapes.hpp"
#include "doctor/conversation.hpp"
#include "genesys/replies.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>

using namespace cannedd;
using namespace cannedd::testing;

namespace {

const wall_time now(milliseconds(1'715'934'600'000)); // 2024-05-17T08:30:00Z

struct patient {
    account_settings account;
    bool speaks_as_user = false;
    bool failed = false;

    patient() { account.name = "default"; }

    std::string told(const std::vector<std::string>& participants, const std::string& extra = "") {
        std::ostringstream out;
        doctor_report report(out);
        const auto in =
            read_conversation(parse_answer(conversation_of(conversation_a, participants, extra))).value();
        judge_conversation(in, account, speaks_as_user, now, report);
        failed = report.failed();
        return out.str();
    }
};

void expect(const std::string& told, const std::vector<std::string>& parts) {
    for (const auto& part : parts)
        BOOST_TEST(told.find(part) != std::string::npos, part << " in\n" << told);
}

} // namespace

BOOST_AUTO_TEST_SUITE(doctor_conversation_)

BOOST_AUTO_TEST_CASE(who_speaks_to_whom_and_how_long_is_told_route_by_route) {
    patient one;
    expect(one.told({customer_json(), agent_json()}),
           {"ok    conversation default  " + conversation_a +
                " is webmessaging; connected: customer (external contact " + contact_a + "), agent " +
                agent_a,
            "ok    route agentless default  the API would speak as shop-1 to external contact " + contact_a +
                "; at most 4000 characters",
            "conversation:message:create", "warn  route message default  agent " + agent_a, "but not_a_user",
            "warn  route chat default  would fail, agent_not_in_conversation",
            "ok    route tutorial default  agent " + agent_a + " would speak to participant " + customer_a});
    BOOST_TEST(!one.failed);
}

BOOST_AUTO_TEST_CASE(a_users_token_may_speak_as_the_agent) {
    patient one;
    one.speaks_as_user = true;
    expect(one.told({customer_json(), agent_json()}),
           {"ok    route message default  agent " + agent_a + " would speak through communication " +
            communication_a});
    patient by_agent;
    by_agent.account.auth.users[agent_a] = auth_settings();
    expect(by_agent.told({customer_json(), agent_json()}), {"ok    route message default"});
    expect(by_agent.told({customer_json(), agent_json(agent_b)}), {"this agent is not in auth.users"});
}

BOOST_AUTO_TEST_CASE(a_bot_and_an_agent_who_is_not_there_are_waited_for) {
    patient one;
    expect(one.told({customer_json(), holder_json("workflow")}),
           {"warn  route agentless default  would wait, bot_in_conversation",
            "warn  route message default  would wait",
            "connected: customer (external contact " + contact_a + "), workflow"});
    BOOST_TEST(!one.failed);
}

BOOST_AUTO_TEST_CASE(what_the_accounts_own_route_cannot_do_is_a_failure) {
    patient one;
    expect(one.told({stranger_json(), agent_json()}),
           {"customer (no external contact)", "fail  route agentless default  would fail, no_contact"});
    BOOST_TEST(one.failed);
    one.account.options.default_route = route::message;
    expect(one.told({stranger_json(), agent_json()}),
           {"warn  route agentless default  would fail, no_contact"});
    BOOST_TEST(!one.failed);
}

BOOST_AUTO_TEST_CASE(a_conversation_that_has_ended_fails_or_is_waited_for) {
    const std::string ended = R"(,"endTime":"2024-05-17T09:00:00.000Z")";
    patient one;
    expect(one.told({customer_json(), agent_json()}, ended),
           {"it has ended", "fail  route agentless default  would fail, conversation_ended"});
    one.account.options.waits_for_ended = true;
    expect(one.told({customer_json(), agent_json()}, ended),
           {"warn  route agentless default  would wait, conversation_ended"});
}

BOOST_AUTO_TEST_CASE(a_window_is_told_and_when_it_is_closed) {
    const auto spoke_at = [](const std::string& time) {
        return R"({"id":"k","purpose":"customer","messages":[{"id":"c","state":"connected","type":"whatsapp",
            "fromAddress":{"addressNormalized":"49151"},"toAddress":{"addressNormalized":"shop"},
            "messages":[{"messageId":"m","messageTime":")" +
               time + R"("}]}]})";
    };
    patient one;
    expect(one.told({spoke_at("2024-05-17T08:00:00.000Z")}),
           {"ok    route agentless default", "text until 2024-05-18T08:00:00.000Z"});
    expect(one.told({spoke_at("2024-05-16T08:00:00.000Z")}),
           {"warn  route agentless default", "but outside_window: text went until 2024-05-17T08:00:00.000Z"});
}

BOOST_AUTO_TEST_SUITE_END()
