// The client from end to end: resolve, render, send and read back over a scripted API.
#include "component/genesys/client_world.hpp"
#include "text/timestamps.hpp"

using namespace cannedd;
using namespace cannedd::testing;

BOOST_FIXTURE_TEST_SUITE(client_, client_world)

// --- send

BOOST_AUTO_TEST_CASE(a_message_goes_to_the_connected_agents_communication) {
    const auto to = addressee(route::message);
    BOOST_TEST(to.communication_id == communication_a);
    BOOST_TEST(to.agent_id == agent_a);
    api.on(send_call, 200, R"({"id":"m-1","status":"queued"})");
    const auto reply = run(client->send(to, message_content("Hello")));
    BOOST_TEST(reply.facts.reply_whole);
    BOOST_TEST(reply.remote_message_id == "m-1");
    BOOST_TEST(reply.remote_status == "queued");
    BOOST_TEST(api.last(send_call).body == R"({"textBody":"Hello"})");
}

BOOST_AUTO_TEST_CASE(a_202_without_a_body_is_accepted_without_an_id) {
    const auto to = addressee(route::message);
    api.on(send_call, 202, "");
    const auto reply = run(client->send(to, message_content("Hello")));
    BOOST_TEST(reply.facts.http_status == 202);
    BOOST_TEST(reply.facts.reply_whole);
    BOOST_TEST(reply.remote_message_id == "");
}

BOOST_AUTO_TEST_CASE(any_whole_2xx_that_is_empty_or_json_is_an_acceptance) {
    const auto to = addressee(route::message);
    for (const auto& good :
         {answer(200, ""), answer(201, R"({"ok":true})"), answer(204), answer(200, "[]")}) {
        api.forget(send_call);
        api.on(send_call, good);
        const auto reply = run(client->send(to, message_content("Hello")));
        BOOST_TEST(reply.facts.reply_whole, good.reply.status);
        BOOST_TEST(reply.remote_message_id == "");
    }
}

BOOST_AUTO_TEST_CASE(a_2xx_that_is_not_understood_or_cut_off_is_not_whole) {
    const auto to = addressee(route::message);
    auto cut = answer(200, R"({"id":"m-1"})", {{"Content-Length", "20"}});
    cut.fault = transport_fault::connection_lost;
    for (const auto& odd : {answer(200, "<html>"), answer(201, "<html>"), cut}) {
        api.forget(send_call);
        api.on(send_call, odd);
        const auto reply = run(client->send(to, message_content("Hello")));
        BOOST_TEST(!reply.facts.reply_whole, odd.reply.status);
        BOOST_TEST(reply.remote_message_id == "");
        BOOST_TEST(reply.facts.detail != "");
    }
}

BOOST_AUTO_TEST_CASE(a_send_is_written_once_whatever_comes_back) {
    const auto to = addressee(route::message);
    for (const int status : {400, 401, 403, 404, 408, 409, 413, 415, 429, 500, 502, 503, 504}) {
        api.forget(send_call);
        api.on(send_call, status, R"({"code":"some.code","message":"words"})");
        const auto before = api.count(send_call);
        const auto reply = run(client->send(to, message_content("Hello")));
        BOOST_TEST(api.count(send_call) == before + 1);
        BOOST_TEST(reply.facts.http_status == status);
        BOOST_TEST(reply.facts.api_code == "some.code");
        BOOST_TEST(reply.facts.reply_whole);
    }
}

BOOST_AUTO_TEST_CASE(a_send_does_not_pass_the_gate_again_but_tells_it_the_answer) {
    const auto to = addressee(route::message);
    gate.admitted.clear();
    gate.answers.clear();
    gate.headers.clear();
    api.on(send_call, answer(429, "",
                             {{"inin-ratelimit-allowed", "300"},
                              {"inin-ratelimit-count", "300"},
                              {"inin-ratelimit-reset", "12"},
                              {"Retry-After", "9"}}));
    const auto reply = run(client->send(to, message_content("Hello")));
    BOOST_TEST(gate.admitted.empty());
    BOOST_REQUIRE(gate.answers.size() == 1U);
    BOOST_TEST(gate.answers.front().http_status == 429);
    BOOST_TEST(gate.headers.front().allowed.value() == 300);
    BOOST_TEST(gate.headers.front().reset.value().count() == 12);
    BOOST_TEST(reply.facts.retry_after.value().count() == 9);
}

BOOST_AUTO_TEST_CASE(a_401_to_a_send_renews_the_token_and_leaves_the_retry_to_the_caller) {
    const auto to = addressee(route::message);
    api.on(send_call, 401, R"({"code":"bad.credentials"})");
    api.on(send_call, 200, R"({"id":"m-1"})");
    const auto first = run(client->send(to, message_content("Hello")));
    BOOST_TEST(first.facts.http_status == 401);
    BOOST_TEST(tokens.refusals == (std::vector<std::string>{"token-1"}), boost::test_tools::per_element());
    BOOST_TEST(run(client->send(to, message_content("Hello"))).remote_message_id == "m-1");
    BOOST_TEST(authorization(api.last(send_call)) == "Bearer token-2");
}

BOOST_AUTO_TEST_CASE(without_a_token_nothing_left_and_the_gate_is_told) {
    const auto to = addressee(route::message);
    gate.answers.clear();
    setback no_answer;
    no_answer.facts.reached = phase::written;
    no_answer.facts.http_status = 503;
    for (const auto& why : {setback(errc::invalid_client, "the client is unknown"), no_answer}) {
        tokens.missing[agent_a] = why;
        const auto reply = run(client->send(to, message_content("Hello")));
        BOOST_TEST((reply.facts.reached == phase::not_connected));
        BOOST_TEST(reply.facts.http_status == 0);
        BOOST_TEST((reply.reason == why.reason));
    }
    BOOST_TEST(gate.answers.size() == 2U);
    BOOST_TEST(api.count(send_call) == 0U);
}

BOOST_AUTO_TEST_CASE(each_route_speaks_with_the_token_it_needs) {
    struct {
        route way;
        std::string speaker;
        std::string call;
    } table[] = {{route::message, agent_a, send_call},
                 {route::agentless, "", "POST /api/v2/conversations/messages/agentless"},
                 {route::tutorial, "", "POST /api/v2/conversations/" + conversation_a + "/messages"}};
    for (const auto& row : table) {
        const auto to = addressee(row.way);
        api.on(row.call, 200, R"({"id":"m-1"})");
        run(client->send(to, message_content("Hello")));
        BOOST_TEST(tokens.asked_for.back() == row.speaker, name_of(row.way));
    }
}

BOOST_AUTO_TEST_CASE(neither_token_nor_text_comes_back_in_an_error_or_a_log) {
    const auto to = addressee(route::message);
    api.on(send_call,
           answer(400, R"({"code":"bad.request","message":"token-1 said 'My PIN is 1234' wrongly"})",
                  {{"ININ-Correlation-Id", "corr-token-1"}}));
    const auto reply = run(client->send(to, message_content("My PIN is 1234")));
    const auto seen = reply.facts.detail + reply.facts.correlation_id + all_logs();
    BOOST_TEST(seen.find("token-1") == std::string::npos, seen);
    BOOST_TEST(seen.find("1234") == std::string::npos, seen);
    BOOST_TEST(reply.facts.detail.find("wrongly") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_request_carries_a_deadline_and_the_bearer_token) {
    const auto to = addressee(route::message);
    BOOST_TEST(authorization(api.seen.front()) == "Bearer token-1");
    api.on(send_call, 200, "{}");
    run(client->send(to, message_content("Hello")));
    for (const auto deadline : api.deadlines)
        BOOST_TEST((deadline <= time.steady() + settings.request_timeout));
}

// --- render

BOOST_AUTO_TEST_CASE(a_literal_text_is_sent_as_it_is) {
    render_query asked;
    asked.text = "Use {{braces}} freely";
    BOOST_TEST(run(client->render(asked, target())).value().text == "Use {{braces}} freely");
}

BOOST_AUTO_TEST_CASE(a_response_is_filled_from_the_row_and_the_customer) {
    BOOST_TEST(render("Hi {{name}} in {{city}}", R"({"name":"Ada"})").value() == "Hi Ada in Ulm");
    BOOST_TEST(render("Hi {{city}}", R"({"city":"Bonn"})").value() == "Hi Bonn");
}

BOOST_AUTO_TEST_CASE(a_response_that_cannot_be_filled_is_a_reason) {
    BOOST_TEST(reason(render("Hi {{name}}")) == "missing_variable");
    BOOST_TEST(reason(render("Hi", "[1]")) == "bad_variables");
    BOOST_TEST(reason(render("{{a}}", R"({"a":" "})")) == "missing_text");
    BOOST_TEST(reason(render("{{a}}", R"({"a":"\u0007"})")) == "bad_text");
    BOOST_TEST(reason(render(std::string(2001, 'x'))) == "text_too_long");
    render_query asked;
    asked.response = "unheard-of";
    BOOST_TEST(reason(run(client->render(asked, target()))) == "unknown_response");
    BOOST_TEST(reason(run(client->render(render_query(), target()))) == "missing_text");
    BOOST_TEST(api.seen.empty());
}

BOOST_AUTO_TEST_CASE(an_sms_is_held_to_its_own_limit) {
    target to;
    to.way = route::agentless;
    to.messenger_type = "sms";
    render_query asked;
    asked.text = std::string(766, 'x');
    BOOST_TEST(reason(run(client->render(asked, to))) == "text_too_long");
}

BOOST_AUTO_TEST_CASE(a_text_for_whatsapp_is_in_time_by_the_customers_last_word_and_not_by_an_old_look) {
    const auto spoke_at = [&](wall_time when) {
        return conversation_of(
            conversation_a,
            {R"({"id":"k","purpose":"customer","messages":[{"id":"c","state":"connected","type":"whatsapp",
                "fromAddress":{"addressNormalized":"49151"},"toAddress":{"addressNormalized":"shop"},
                "messages":[{"messageId":"1","messageTime":"2020-01-01T00:00:00.000Z"},
                            {"messageId":"2","messageTime":")" +
                 to_timestamp(when) + R"("}]}]})",
             agent_json()});
    };
    const auto render = [&](const target& to) {
        render_query asked;
        asked.text = "hello";
        return reason(run(client->render(asked, to)));
    };
    api.on(get_conversation(conversation_a), 200,
           spoke_at(time.wall() - std::chrono::hours(24) + std::chrono::seconds(10)));
    const auto to = resolve(query(route::message)).value();
    BOOST_TEST(render(to) == "ok");
    time.run_for(milliseconds(10'001));
    BOOST_TEST(render(to) == "outside_window");
    const auto again = resolve(query(route::message)).value(); // the customer may have written meanwhile
    BOOST_TEST(!again.from_cache);
    BOOST_TEST(render(again) == "outside_window");
    api.forget(get_conversation(conversation_a));
    api.on(get_conversation(conversation_a), 200, spoke_at(time.wall()));
    BOOST_TEST(render(resolve(query(route::message)).value()) == "ok");
}

BOOST_AUTO_TEST_CASE(where_nobody_tells_the_customers_last_word_or_on_another_channel_there_is_no_window) {
    api.on(get_conversation(conversation_a), 200,
           conversation_of(conversation_a, {customer_json("connected", "", "whatsapp"), agent_json()}));
    BOOST_TEST(!resolve(query(route::message)).value().text_until.has_value());
    api.forget(get_conversation(conversation_a));
    api.on(get_conversation(conversation_a), 200,
           conversation_of(conversation_a,
                           {R"({"id":"k","purpose":"customer","messages":[{"id":"c","state":"connected",
                "type":"sms","messages":[{"messageId":"1","messageTime":"2020-01-01T00:00:00.000Z"}]}]})",
                            agent_json()}));
    auto fresh = query(route::message);
    fresh.fresh = true;
    BOOST_TEST(!resolve(fresh).value().text_until.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
