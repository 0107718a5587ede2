// AGENT_NAME, AGENT_ALIAS and CUSTOMER_NAME, from the conversation alone.
#include "component/genesys/shapes.hpp"
#include "genesys/built_ins.hpp"
#include "genesys/replies.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;
using namespace cannedd::testing;

namespace {

std::string named(const std::string& name) {
    return R"(,"name":")" + name + "\"";
}

// "agent's name/customer's name" as they are put in; - where there is none.
std::string names(const std::vector<std::string>& participants, route way = route::message,
                  const std::string& agent = "") {
    const auto in = read_conversation(parse_answer(conversation_of(conversation_a, participants))).value();
    const auto to = find_target(in, way, agent, "");
    if (to.has_error()) return std::string(name_of(to.error().code));
    auto values = built_in_values(in, *to);
    BOOST_TEST(values["AGENT_ALIAS"] == values["AGENT_NAME"]);
    const auto shown = [&](const char* name) { return values[name].empty() ? "-" : values[name]; };
    return shown("AGENT_NAME") + "/" + shown("CUSTOMER_NAME");
}

const std::string gone = R"(,"disconnectedTime":"2024-05-17T08:30:00.000Z")";

std::string ann(const std::string& extra = "") {
    return agent_json(agent_a, communication_a, "connected", named("Ann") + extra);
}
std::string bob(const std::string& state = "connected", const std::string& extra = "") {
    return agent_json(agent_b, communication_b, state, named("Bob") + extra);
}

} // namespace

BOOST_AUTO_TEST_SUITE(built_ins_)

BOOST_AUTO_TEST_CASE(names_are_those_of_who_speaks_and_of_the_customer) {
    const auto guest = customer_json("connected", named("Carl"));
    const auto in_vip = customer_json("connected", named("Carl") + R"(,"attributes":{"name":"Dr Carl"})");
    const auto ringing_ann = agent_json(agent_a, communication_a, "alerting", named("Ann"));
    struct {
        const char* rule;
        std::vector<std::string> participants;
        route way;
        std::string agent;
        const char* names;
    } table[] = {
        {"the agent who speaks", {guest, ann()}, route::message, "", "Ann/Carl"},
        {"the attribute first", {in_vip, ann()}, route::message, "", "Ann/Dr Carl"},
        {"of two the one who is meant", {guest, ann(), bob()}, route::message, agent_a, "Ann/Carl"},
        {"agentless: who serves", {guest, ann()}, route::agentless, "", "Ann/Carl"},
        {"agentless: who serves now",
         {guest, bob("disconnected", gone), ann()},
         route::agentless,
         "",
         "Ann/Carl"},
        {"agentless: no monitor, no consulted agent",
         {guest, ann(), bob("connected", R"(,"monitoredParticipantId":"p-x")"),
          agent_json("0d000000-0000-4000-8000-00000000000d", "cd", "connected",
                     named("Dan") + R"(,"consultParticipantId":"p-x")")},
         route::agentless,
         "",
         "Ann/Carl"},
        {"agentless: who is meant, here or gone",
         {guest, ann(), bob("disconnected", gone)},
         route::agentless,
         agent_b,
         "Bob/Carl"},
        {"agentless: nobody serves", {guest}, route::agentless, "", "-/Carl"},
        {"agentless: who serves next, while it rings",
         {guest, bob("disconnected", gone), ringing_ann},
         route::agentless,
         "",
         "Ann/Carl"},
        {"agentless: who waits, before who left later",
         {guest, ringing_ann, bob("disconnected", gone)},
         route::agentless,
         "",
         "Ann/Carl"},
        {"agentless: who parked it", {guest, bob("parked")}, route::agentless, "", "Bob/Carl"},
        {"agentless: who served last", {guest, bob("disconnected", gone)}, route::agentless, "", "Bob/Carl"},
        {"agentless: never who monitors",
         {guest, bob("alerting", R"(,"monitoredParticipantId":"p-x")")},
         route::agentless,
         "",
         "-/Carl"},
        {"no names told", {customer_json(), agent_json()}, route::message, "", "-/-"},
    };
    for (const auto& row : table)
        BOOST_TEST(names(row.participants, row.way, row.agent) == row.names, row.rule);
}

BOOST_AUTO_TEST_CASE(a_customer_who_came_back_has_the_name_of_now) {
    const auto before = customer_json("disconnected", named("Guest") + gone);
    BOOST_TEST(names({before, customer_json("connected", named("Carl")), ann()}) == "Ann/Carl");
}

BOOST_AUTO_TEST_SUITE_END()
