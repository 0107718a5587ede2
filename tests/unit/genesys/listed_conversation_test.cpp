// What of the list of a user's own conversations is taken for whom to send to: only what is unmistakable.
#include "genesys/built_ins.hpp"
#include "genesys/listed_conversation.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

namespace {

// extra: more members, beginning with a comma.
std::string customer(const std::string& extra = "", const std::string& state = "connected",
                     const std::string& type = "webmessaging", const std::string& peer = "comm-1") {
    return R"({"id":"p-1","purpose":"customer","name":"Ada","state":")" + state + R"(","type":")" + type +
           R"(","peer":")" + peer + '"' + extra + "}";
}

std::string agent(const std::string& extra = "", const std::string& state = "connected",
                  const std::string& user = "U-1") {
    return R"({"id":"p-2","purpose":"agent","name":"Bea","user":{"id":")" + user + R"("},"state":")" + state +
           R"(","peer":"cust-1")" + extra + "}";
}

std::string of(const std::string& participants) {
    return R"({"id":"C-1","participants":[)" + participants + "]}";
}

std::vector<conversation> read(const std::string& conversations) {
    return read_listed_conversations(parse_answer(R"({"entities":[)" + conversations + "]}"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(listed_conversation_)

BOOST_AUTO_TEST_CASE(the_customers_peer_is_the_communication_that_is_spoken_through) {
    const auto listed = read(of(customer(R"(,"attributes":{"city":"Ulm","age":7})") + "," + agent()));
    BOOST_REQUIRE(listed.size() == 1U);
    const auto to = find_target(listed[0], route::message, "", "").value();
    BOOST_TEST(to.conversation_id == "c-1");
    BOOST_TEST(to.communication_id == "comm-1");
    BOOST_TEST(to.agent_id == "u-1");
    BOOST_TEST(to.messenger_type == "webmessaging");
    BOOST_TEST(to.customer_attributes.at("city") == "Ulm");
    BOOST_TEST(to.customer_attributes.size() == 1U);
    const auto names = built_in_values(listed[0], to);
    BOOST_TEST(names.at("AGENT_NAME") == "Bea");
    BOOST_TEST(names.at("CUSTOMER_NAME") == "Ada");
    BOOST_TEST(find_target(listed[0], route::message, "u-1", "").value().communication_id == "comm-1");
    BOOST_TEST(find_target(listed[0], route::message, "u-2", "").has_error());
}

BOOST_AUTO_TEST_CASE(who_has_left_who_listens_and_what_is_no_person_changes_nothing) {
    for (const std::string& other :
         {customer("", "disconnected", "webmessaging", "comm-0"), agent("", "disconnected", "U-0"),
          agent(R"(,"endTime":"2024-05-17T08:00:00Z")", "connected", "U-0"),
          agent(R"(,"monitoredParticipantId":"p-2")", "connected", "U-9"),
          agent(R"(,"monitoredParticipant":{"id":"p-2"})", "connected", "U-9"),
          std::string(R"({"id":"p-0","purpose":"acd","state":"connected","peer":"cust-1"})"),
          std::string(R"({"id":"p-0","purpose":"workflow","state":"disconnected"})")})
        for (const auto& all :
             {of(other + "," + customer() + "," + agent()), of(customer() + "," + agent() + "," + other)}) {
            const auto listed = read(all);
            BOOST_REQUIRE_MESSAGE(listed.size() == 1U, all);
            BOOST_TEST(find_target(listed[0], route::message, "", "").value().communication_id == "comm-1",
                       all);
        }
}

BOOST_AUTO_TEST_CASE(a_connected_agent_who_must_wrap_up_later_speaks_until_then) {
    BOOST_TEST(read(of(customer() + "," + agent(R"(,"wrapupRequired":true)"))).size() == 1U);
    BOOST_TEST(read(of(customer() + "," +
                       agent(R"(,"parkTime":"2024-05-17T08:00:00Z","resumeTime":"2024-05-17T09:00:00Z")")))
                   .size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_can_be_mistaken_is_looked_up_by_itself) {
    for (const std::string& mistakable :
         {of(customer()),
          of(agent()),
          of(""),
          std::string(R"({"id":"c-1"})"),
          of(customer() + "," + customer("", "connected", "webmessaging", "comm-2") + "," + agent()),
          of(customer() + "," + agent() + "," + agent("", "connected", "U-2")),
          of(customer() + "," + agent() + "," + agent("", "alerting", "U-2")),
          of(customer("", "alerting") + "," + agent()),
          of(customer("", "") + "," + agent()),
          of(customer("", "disconnected") + "," + agent()),
          of(customer(R"(,"endTime":"2024-05-17T08:00:00Z")") + "," + agent()),
          of(customer(R"(,"disconnectType":"peer")") + "," + agent()),
          of(customer("", "connected", "webmessaging", "") + "," + agent()),
          of(customer("", "connected", "whatsapp") + "," + agent()),
          of(customer("", "connected", "unknown") + "," + agent()),
          of(customer("", "connected", "") + "," + agent()),
          of(customer() + "," + agent("", "alerting")),
          of(customer() + "," + agent("", "parked")),
          of(customer() + "," + agent("", "disconnected")),
          of(customer() + "," + agent(R"(,"parkTime":"2024-05-17T08:00:00Z")")),
          of(customer() + "," + agent(R"(,"startAcwTime":"2024-05-17T08:00:00Z")")),
          of(customer() + "," + agent("", "connected", "")),
          R"({"participants":[)" + customer() + "," + agent() + "]}"})
        BOOST_TEST(read(mistakable).empty(), mistakable);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_list_lists_nothing) {
    for (const auto* body : {"", "<html>", "[]", "{}", R"({"entities":{}})", R"({"entities":[1,null,[]]})"})
        BOOST_TEST(read_listed_conversations(parse_answer(body)).empty(), body);
    BOOST_TEST(read("7," + of(customer() + "," + agent()) + ",null").size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
