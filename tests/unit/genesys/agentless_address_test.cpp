// Route agentless: as whom it writes, to whom, and when a bot would take the message for the customer's.
#include "component/genesys/shapes.hpp"
#include "genesys/agentless_address.hpp"
#include "genesys/replies.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;
using namespace cannedd::testing;

namespace {

conversation people_of(const std::vector<std::string>& participants) {
    return read_conversation(parse_answer(conversation_of(conversation_a, participants))).value();
}

result<target> addressed(const std::vector<std::string>& participants,
                         const agentless_settings& settings = {}) {
    return find_target(people_of(participants), route::agentless, "", "", settings);
}

std::string address_reason(const result<target>& found) {
    return found.has_value() ? "ok" : std::string(name_of(found.error().code));
}

std::string customer_by(const std::string& type) {
    return customer_json("connected", "", type);
}

// As customer_by(), with other addresses; an empty one is not told at all.
std::string customer_between(const std::string& type, const std::string& guest, const std::string& shop) {
    const auto address = [](const char* name, const std::string& value) {
        return value.empty() ? ""
                             : R"(,")" + std::string(name) + R"(":{"addressNormalized":")" + value + R"("})";
    };
    return R"({"id":"k","purpose":"customer","messages":[{"id":"c","state":"connected","type":")" + type +
           '"' + address("fromAddress", guest) + address("toAddress", shop) + "}]}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(agentless_address_)

BOOST_AUTO_TEST_CASE(web_messaging_is_addressed_by_deployment_and_external_contact_never_by_address) {
    const auto to = addressed({customer_json()}).value();
    BOOST_TEST(to.from_address == "shop-1");
    BOOST_TEST(to.external_contact_id == contact_a);
    BOOST_TEST(to.to_address == "");
    BOOST_TEST(to.messenger_type == "webmessaging");
}

BOOST_AUTO_TEST_CASE(the_other_channels_are_addressed_by_the_customers_address_there) {
    for (const auto* type : {"open", "sms", "whatsapp", "apple"}) {
        const auto to = addressed({customer_by(type)}).value();
        BOOST_TEST(to.from_address == "shop-1", type);
        BOOST_TEST(to.to_address == "guest-1", type);
        BOOST_TEST(to.external_contact_id == "", type);
    }
    BOOST_TEST(addressed({customer_between("whatsapp", "+4915112345", "shop")})->to_address == "4915112345");
    BOOST_TEST(addressed({customer_between("sms", "+4915112345", "shop")})->to_address == "+4915112345");
}

BOOST_AUTO_TEST_CASE(the_account_names_the_orgs_side_of_one_channel_alone) {
    agentless_settings settings;
    settings.from_addresses["whatsapp"] = "ours";
    BOOST_TEST(addressed({customer_by("whatsapp")}, settings)->from_address == "ours");
    BOOST_TEST(addressed({customer_between("whatsapp", "49151", "")}, settings)->from_address == "ours");
    BOOST_TEST(addressed({customer_by("open")}, settings)->from_address == "shop-1");
}

BOOST_AUTO_TEST_CASE(a_piece_that_is_missing_fails_and_names_route_message) {
    struct {
        const char* rule;
        std::string customer;
    } table[] = {
        {"no external contact", stranger_json()},
        {"no deployment", customer_between("webmessaging", "guest", "")},
        {"no integration", customer_between("whatsapp", "49151", "")},
        {"no number of the org's", customer_between("sms", "+49151", "")},
        {"no customer's address", customer_between("open", "", "shop")},
    };
    for (const auto& row : table) {
        const auto found = addressed({row.customer});
        BOOST_TEST(address_reason(found) == "no_contact", row.rule);
        BOOST_TEST(found.error().detail.find("route message") != std::string::npos, found.error().detail);
    }
}

BOOST_AUTO_TEST_CASE(a_customer_who_came_back_is_the_same_contact) {
    const auto to = addressed({customer_json("disconnected"), stranger_json()}).value();
    BOOST_TEST(to.external_contact_id == contact_a);
}

BOOST_AUTO_TEST_CASE(what_is_no_messaging_cannot_be_written_to) {
    BOOST_TEST(address_reason(addressed({agent_json()})) == "customer_not_found");
    BOOST_TEST(address_reason(addressed({R"({"purpose":"customer","calls":[{"id":"v"}]})"})) ==
               "customer_not_found");
    for (const auto* type : {"facebook", "instagram", "line", "unknown", ""})
        BOOST_TEST(address_reason(addressed({customer_by(type)})) == "customer_not_found", type);
}

BOOST_AUTO_TEST_CASE(a_bot_that_is_connected_without_an_agent_holds_the_conversation) {
    struct {
        const char* rule;
        std::vector<std::string> others;
        const char* outcome;
    } table[] = {
        {"nobody", {}, "ok"},
        {"a bot", {holder_json("bot")}, "bot_in_conversation"},
        {"a flow", {holder_json("workflow")}, "bot_in_conversation"},
        {"the queue", {holder_json("acd")}, "bot_in_conversation"},
        {"a bot that has left", {holder_json("bot", "disconnected")}, "ok"},
        {"the api participant is ours", {holder_json("api")}, "ok"},
        {"a flow and an agent", {holder_json("workflow"), agent_json()}, "ok"},
        {"the queue and an agent who rings",
         {holder_json("acd"), agent_json(agent_a, "c", "alerting")},
         "bot_in_conversation"},
        {"a bot and an agent who has left",
         {agent_json(agent_a, "c", "disconnected"), holder_json("bot")},
         "bot_in_conversation"},
        {"a bot and a supervisor who listens",
         {holder_json("bot"), agent_json(agent_a, "c", "connected", R"(,"monitoredParticipantId":"p")")},
         "bot_in_conversation"},
    };
    for (const auto& row : table) {
        auto all = row.others;
        all.insert(all.begin(), customer_json());
        BOOST_TEST(address_reason(addressed(all)) == row.outcome, row.rule);
    }
}

BOOST_AUTO_TEST_CASE(a_bot_may_be_spoken_past_where_the_account_says_so) {
    agentless_settings settings;
    settings.waits_for_bot = false;
    BOOST_TEST(address_reason(addressed({customer_json(), holder_json("bot")}, settings)) == "ok");
}

BOOST_AUTO_TEST_CASE(what_can_never_be_sent_does_not_wait_for_a_bot_to_go) {
    BOOST_TEST(address_reason(addressed({stranger_json(), holder_json("bot")})) == "no_contact");
}

BOOST_AUTO_TEST_CASE(a_bot_keeps_nobody_from_speaking_as_the_agent) {
    const auto in = people_of({customer_json(), holder_json("bot"), agent_json()});
    BOOST_TEST(find_target(in, route::message, "", "").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
