// resolve(): whom a message goes to, by conversation and by agent.
#include "component/genesys/client_world.hpp"
#include "genesys/conversation_finder.hpp"

#include <boost/json.hpp>

using namespace cannedd;
using namespace cannedd::testing;

namespace {

std::string found(const std::vector<std::string>& ids, int total = 0) {
    std::string list;
    for (const auto& id : ids)
        list += (list.empty() ? "" : ",") + (R"({"conversationId":")" + id + R"(","conversationStart":"x"})");
    return R"({"conversations":[)" + list + R"(],"totalHits":)" + std::to_string(total) + "}";
}

std::string uuid(int number) {
    auto text = std::to_string(number);
    return "dddddddd-0000-4000-8000-" + std::string(12 - text.size(), '0') + text;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(resolve_, client_world)

BOOST_AUTO_TEST_CASE(a_connected_conversation_is_remembered_for_a_while) {
    const auto first = addressee(route::message);
    BOOST_TEST(!first.from_cache);
    const auto again = resolve(query(route::message)).value();
    BOOST_TEST(again.from_cache);
    BOOST_TEST(again.communication_id == first.communication_id);
    BOOST_TEST(api.seen.size() == 1U);
    time.run_for(settings.resolve_cache * conversation_finder::spans_after_use);
    BOOST_TEST(!resolve(query(route::message)).value().from_cache);
}

BOOST_AUTO_TEST_CASE(a_conversation_in_turn_is_looked_up_once) {
    addressee(route::message);
    for (int turn = 0; turn < 100; ++turn) {
        time.run_for(settings.resolve_cache * (conversation_finder::spans_after_use - 1));
        BOOST_TEST(resolve(query(route::message)).value().from_cache);
    }
    BOOST_TEST(api.seen.size() == 1U);
}

BOOST_AUTO_TEST_CASE(an_agents_one_conversation_is_soon_looked_for_again) { // there may be two now
    const auto by_agent = query(route::message, "", agent_a);
    api.on(analytics_call, 200, found({conversation_a}));
    api.on(get_conversation(conversation_a), 200, conversation_json(conversation_a));
    BOOST_TEST(!resolve(by_agent).value().from_cache);
    time.run_for(settings.resolve_cache - milliseconds(1));
    BOOST_TEST(resolve(by_agent).value().from_cache);
    time.run_for(milliseconds(1));
    api.on(analytics_call, 200, found({conversation_a}));
    api.on(get_conversation(conversation_a), 200, conversation_json(conversation_a));
    BOOST_TEST(!resolve(by_agent).value().from_cache);
}

BOOST_AUTO_TEST_CASE(what_is_remembered_is_not_believed_when_asked_afresh_or_forgotten) {
    addressee(route::message);
    auto fresh = query(route::message);
    fresh.fresh = true;
    BOOST_TEST(!resolve(fresh).value().from_cache);
    BOOST_TEST(resolve(query(route::message)).value().from_cache);
    client->forget("AAAAAAAA-0000-4000-8000-000000000001");
    api.on(analytics_call, 200, found({conversation_a}));
    BOOST_TEST(!resolve(query(route::message)).value().from_cache);
}

BOOST_AUTO_TEST_CASE(a_fresh_look_that_fails_leaves_nothing_remembered) {
    addressee(route::message);
    api.forget(get_conversation(conversation_a));
    api.on(get_conversation(conversation_a), 404, R"({"code":"not.found"})");
    auto fresh = query(route::message);
    fresh.fresh = true;
    BOOST_TEST(reason(resolve(fresh)) == "conversation_not_found");
    BOOST_TEST(reason(resolve(query(route::message))) == "conversation_not_found");
}

BOOST_AUTO_TEST_CASE(routes_agents_and_customers_are_remembered_apart) {
    addressee(route::message);
    BOOST_TEST(!resolve(query(route::agentless)).value().from_cache);
    BOOST_TEST(!resolve(query(route::message, conversation_a, agent_a)).value().from_cache);
    auto tutorial = query(route::tutorial);
    BOOST_TEST(resolve(tutorial).value().customer_id == customer_a);
    tutorial.customer_id = "someone";
    BOOST_TEST(resolve(tutorial).value().customer_id == "someone");
}

BOOST_AUTO_TEST_CASE(what_is_not_connected_is_never_remembered) {
    api.on(get_conversation(conversation_a), 200,
           conversation_of(conversation_a, {customer_json(), agent_json(agent_a, "c", "alerting")}));
    api.on(get_conversation(conversation_a), 200, conversation_json(conversation_a));
    BOOST_TEST(reason(resolve(query(route::message))) == "agent_not_connected");
    BOOST_TEST(reason(resolve(query(route::message))) == "ok");
}

BOOST_AUTO_TEST_CASE(an_id_in_upper_case_is_the_same_conversation) {
    api.on(get_conversation(conversation_a), 200, conversation_json(conversation_a));
    const auto to = resolve(query(route::message, "AAAAAAAA-0000-4000-8000-000000000001",
                                  "0A000000-0000-4000-8000-00000000000A"));
    BOOST_TEST(to.value().conversation_id == conversation_a);
}

BOOST_AUTO_TEST_CASE(each_state_of_a_conversation_has_its_reason) {
    struct {
        std::string body;
        route way;
        const char* reason;
    } table[] = {
        {conversation_of(conversation_a, {customer_json(), agent_json()},
                         R"(,"endTime":"2024-05-17T09:00:00Z")"),
         route::message, "conversation_ended"},
        {conversation_of(conversation_a, {customer_json("disconnected"), agent_json()}), route::agentless,
         "conversation_ended"},
        {conversation_of(conversation_a, {customer_json(), agent_json(agent_b)}), route::message,
         "agent_not_in_conversation"},
        {conversation_of(conversation_a, {customer_json(), agent_json(agent_a, "c", "parked")}),
         route::message, "agent_not_connected"},
        {conversation_of(conversation_a, {agent_json()}), route::tutorial, "customer_not_found"},
        {conversation_of(conversation_a, {agent_json()}), route::agentless, "customer_not_found"},
        {"{}", route::message, "agent_not_in_conversation"},
    };
    for (const auto& row : table) {
        api.forget(get_conversation(conversation_a));
        api.on(get_conversation(conversation_a), 200, row.body);
        BOOST_TEST(reason(resolve(query(row.way, conversation_a, agent_a))) == row.reason, row.body);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_of_200_that_is_no_conversation_is_not_understood) {
    for (const auto* body : {"<html>", "", "[]"}) {
        api.forget(get_conversation(conversation_a));
        api.on(get_conversation(conversation_a), 200, body);
        const auto why = resolve(query(route::message)).error();
        BOOST_TEST(!why.reason.has_value());
        BOOST_TEST(!why.facts.reply_whole);
    }
}

BOOST_AUTO_TEST_CASE(an_agents_one_active_conversation_is_found_and_confirmed) {
    api.on(analytics_call, 200, found({conversation_b, conversation_a, conversation_a}, 3));
    api.on(get_conversation(conversation_a), 200, conversation_json(conversation_a));
    api.on(get_conversation(conversation_b), 200,
           conversation_of(conversation_b, {customer_json(), agent_json(agent_a, "x", "disconnected")}));
    BOOST_TEST(resolve(query(route::message, "", agent_a)).value().conversation_id == conversation_a);
    BOOST_TEST(api.count(get_conversation(conversation_a)) == 1U);
    BOOST_TEST(resolve(query(route::message, "", agent_a)).value().from_cache);
    client->forget(conversation_a);
    BOOST_TEST(!resolve(query(route::message, "", agent_a)).value().from_cache);
}

BOOST_AUTO_TEST_CASE(no_active_conversation_may_be_the_look_up_lagging_and_says_so) {
    api.on(analytics_call, 200, "{}");
    BOOST_TEST(reason(resolve(query(route::message, "", agent_a))) == "no_active_conversation");
    api.forget(analytics_call);
    api.on(analytics_call, 200, found({conversation_a, conversation_b}, 2));
    api.on(get_conversation(conversation_a), 404, R"({"code":"not.found","status":404})");
    api.on(get_conversation(conversation_b), 200,
           conversation_of(conversation_b, {customer_json(), agent_json()},
                           R"(,"endTime":"2024-05-17T09:00:00Z")"));
    BOOST_TEST(reason(resolve(query(route::message, "", agent_a))) == "no_active_conversation");
}

BOOST_AUTO_TEST_CASE(an_agent_who_is_only_being_alerted_is_waited_for) {
    api.on(analytics_call, 200, found({conversation_a}, 1));
    api.on(get_conversation(conversation_a), 200,
           conversation_of(conversation_a, {customer_json(), agent_json(agent_a, "c", "alerting")}));
    BOOST_TEST(reason(resolve(query(route::message, "", agent_a))) == "agent_not_connected");
}

BOOST_AUTO_TEST_CASE(several_active_conversations_are_ambiguous_and_named) {
    api.on(analytics_call, 200, found({conversation_a, conversation_b}, 2));
    api.on(get_conversation(conversation_a), 200, conversation_json(conversation_a));
    api.on(get_conversation(conversation_b), 200, conversation_json(conversation_b));
    const auto why = resolve(query(route::message, "", agent_a)).error();
    BOOST_TEST((why.reason == errc::ambiguous_conversation));
    BOOST_TEST(why.detail.find(conversation_a) != std::string::npos);
    BOOST_TEST(why.detail.find(conversation_b) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_pages_of_the_look_up_are_read_to_the_end) {
    std::vector<std::string> first;
    for (int i = 0; i < 25; ++i) // listed more than once
        first.push_back(uuid(i % 2));
    for (int i = 0; i < 2; ++i)
        api.on(get_conversation(uuid(i)), 404, R"({"code":"not.found","status":404})");
    api.on(analytics_call, 200, found(first, 26));
    api.on(analytics_call, 200, found({conversation_a}, 26));
    api.on(get_conversation(conversation_a), 200, conversation_json(conversation_a));
    BOOST_TEST(resolve(query(route::message, "", agent_a)).value().conversation_id == conversation_a);
    BOOST_TEST(api.count(analytics_call) == 2U);
    BOOST_TEST(api.last(analytics_call).body.find(R"("pageNumber":2)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_agent_with_many_parked_conversations_costs_few_requests_and_rows_share_them) {
    std::vector<std::string> parked;
    for (int i = 0; i < 25; ++i) {
        parked.push_back(uuid(i));
        api.on(get_conversation(uuid(i)), 200,
               conversation_of(uuid(i), {customer_json(), agent_json(agent_a, "c", "parked")}));
    }
    api.on(analytics_call, 200, found(parked, 100));
    BOOST_TEST(reason(resolve(query(route::message, "", agent_a))) == "agent_not_connected");
    const auto spent = api.seen.size();
    BOOST_TEST(spent == 1 + conversation_finder::looks_max);
    BOOST_TEST(reason(resolve(query(route::message, "", agent_a))) == "agent_not_connected");
    BOOST_TEST(api.seen.size() == spent);
    time.run_for(conversation_finder::shared_for);
    BOOST_TEST(reason(resolve(query(route::message, "", agent_a))) == "agent_not_connected");
    BOOST_TEST(api.seen.size() == 2 * spent);
    auto fresh = query(route::message, "", agent_a);
    fresh.fresh = true;
    BOOST_TEST(reason(resolve(fresh)) == "agent_not_connected");
    BOOST_TEST(api.seen.size() == 3 * spent);
}

BOOST_AUTO_TEST_CASE(one_active_among_those_that_were_read_is_not_enough_when_others_were_not) {
    std::vector<std::string> open;
    for (int i = 0; i < 12; ++i) {
        open.push_back(uuid(i));
        const auto* const state = i == 3 || i == 10 ? "connected" : "parked";
        api.on(get_conversation(uuid(i)), 200,
               conversation_of(uuid(i), {customer_json(), agent_json(agent_a, "c", state)}));
    }
    api.on(analytics_call, 200, found(open, 12));
    BOOST_TEST(reason(resolve(query(route::message, "", agent_a))) == "ambiguous_conversation");
}

BOOST_AUTO_TEST_CASE(agentless_finds_the_agents_conversation_and_speaks_past_the_agent) {
    api.on(analytics_call, 200, found({conversation_a, conversation_b}, 2));
    api.on(get_conversation(conversation_a), 200, conversation_json(conversation_a));
    api.on(get_conversation(conversation_b), 200,
           conversation_of(conversation_b, {customer_json(), agent_json(agent_a, "x", "disconnected")}));
    const auto to = resolve(query(route::agentless, "", agent_a)).value();
    BOOST_TEST(to.conversation_id == conversation_a);
    BOOST_TEST(to.external_contact_id == contact_a);
}

BOOST_AUTO_TEST_CASE(who_holds_a_conversation_that_no_send_names_is_asked_again_after_some_seconds) {
    addressee(route::agentless);
    time.run_for(conversation_finder::unnamed_for - milliseconds(1));
    BOOST_TEST(resolve(query(route::agentless)).value().from_cache);
    time.run_for(milliseconds(1));
    api.forget(get_conversation(conversation_a));
    api.on(get_conversation(conversation_a), 200,
           conversation_of(conversation_a, {customer_json(), holder_json("bot")}));
    BOOST_TEST(reason(resolve(query(route::agentless))) == "bot_in_conversation");
    api.forget(get_conversation(conversation_a));
    api.on(get_conversation(conversation_a), 200, conversation_json(conversation_a));
    BOOST_TEST(reason(resolve(query(route::agentless))) == "ok");
}

BOOST_AUTO_TEST_CASE(what_is_forgotten_is_forgotten_on_every_route) {
    addressee(route::agentless);
    client->forget(conversation_a);
    BOOST_TEST(!resolve(query(route::agentless)).value().from_cache);
}

BOOST_AUTO_TEST_CASE(the_account_says_as_whom_agentless_speaks_and_whether_past_a_bot) {
    settings.agentless.waits_for_bot = false;
    settings.agentless.from_addresses["webmessaging"] = "deployment";
    client = make_genesys_client(api, tokens, gate, time, log, settings);
    api.on(get_conversation(conversation_a), 200,
           conversation_of(conversation_a, {customer_json(), holder_json("bot")}));
    BOOST_TEST(resolve(query(route::agentless)).value().from_address == "deployment");
}

BOOST_AUTO_TEST_CASE(a_users_token_lists_that_users_own_conversations) {
    tokens.users = true;
    const std::string own_call = "GET /api/v2/conversations/messages";
    api.on(own_call, 200, R"({"entities":[{"id":")" + conversation_a + "\"}]}");
    api.on(get_conversation(conversation_a), 200, conversation_json(conversation_a));
    BOOST_TEST(resolve(query(route::message, "", agent_a)).value().conversation_id == conversation_a);
    BOOST_TEST(tokens.asked_for.front() == agent_a);
    BOOST_TEST(api.count(analytics_call) == 0U);
}

BOOST_AUTO_TEST_CASE(an_agent_without_a_token_is_told_before_anything_is_marked) {
    tokens.missing[agent_a] = setback(errc::not_a_user, "add the agent to auth.users");
    api.on(get_conversation(conversation_a), 200, conversation_json(conversation_a));
    BOOST_TEST(reason(resolve(query(route::message))) == "not_a_user");
    BOOST_TEST(reason(resolve(query(route::agentless))) == "ok");
}

BOOST_AUTO_TEST_CASE(a_401_is_tried_once_more_with_a_new_token_and_draws_from_the_gate_again) {
    api.on(get_conversation(conversation_a), 401, R"({"code":"credentials.expired"})");
    api.on(get_conversation(conversation_a), 200, conversation_json(conversation_a));
    BOOST_TEST(reason(resolve(query(route::message))) == "ok");
    BOOST_TEST(gate.admitted.size() == 2U);
    BOOST_TEST(gate.answers.size() == 2U);
    BOOST_TEST(authorization(api.seen.at(0)) == "Bearer token-1");
    BOOST_TEST(authorization(api.seen.at(1)) == "Bearer token-2");
}

BOOST_AUTO_TEST_CASE(a_second_401_is_a_fact) {
    api.on(get_conversation(conversation_a), 401, "");
    const auto why = resolve(query(route::message)).error();
    BOOST_TEST(why.facts.http_status == 401);
    BOOST_TEST(api.seen.size() == 2U);
    BOOST_TEST(tokens.refusals.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_401_says_whether_the_token_was_one_agents_own) {
    tokens.agents_own = true;
    api.on(get_conversation(conversation_a), 401, "");
    BOOST_TEST(resolve(query(route::message)).error().facts.agents_own);
    target to;
    to.conversation_id = conversation_a;
    to.communication_id = communication_a;
    to.agent_id = agent_a;
    api.on(send_call, 401, "");
    BOOST_TEST(run(client->send(to, message_content("text"))).facts.agents_own);
}

BOOST_AUTO_TEST_CASE(a_404_of_an_edge_says_nothing_about_the_conversation) {
    api.on(get_conversation(conversation_a), 404, "<html>");
    BOOST_TEST(reason(resolve(query(route::message))) == "no reason");
}

BOOST_AUTO_TEST_CASE(a_secret_of_the_account_is_hidden_when_the_api_echoes_it) {
    api.on(get_conversation(conversation_a), 400, R"({"message":"bad client-secret-0001"})");
    const auto told = resolve(query(route::message)).error().facts.detail;
    BOOST_TEST(told.find("client-secret-0001") == std::string::npos, told);
}

BOOST_AUTO_TEST_CASE(a_conversation_that_is_too_long_is_a_reason) {
    auto endless = answer(200, "");
    endless.fault = transport_fault::too_large;
    endless.detail = "the reply is larger than 9 bytes";
    api.on(get_conversation(conversation_a), endless);
    const auto why = resolve(query(route::message)).error();
    BOOST_TEST((why.reason == errc::bad_reply));
    BOOST_TEST(why.detail.starts_with("the reply is larger than 9 bytes: a conversation that long"),
               why.detail);
}

BOOST_AUTO_TEST_CASE(what_is_not_admitted_does_not_leave) {
    for (const auto why :
         {admission::paused, admission::breaker_open, admission::draining, admission::throttled}) {
        gate.says = why;
        const auto refused = resolve(query(route::message)).error();
        BOOST_TEST(refused.not_admitted);
        BOOST_TEST(!refused.reason.has_value());
    }
    BOOST_TEST(api.seen.empty());
    BOOST_TEST(gate.answers.empty());
}

BOOST_AUTO_TEST_SUITE_END()
