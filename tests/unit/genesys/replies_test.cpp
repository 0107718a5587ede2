#include "genesys/replies.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(replies_)

BOOST_AUTO_TEST_CASE(an_accepted_message_tells_its_id_where_it_has_one) {
    BOOST_TEST(read_sent_message(route::message, parse_answer(R"({"id":"m-1","status":"queued"})")).id ==
               "m-1");
    BOOST_TEST(read_sent_message(route::message, parse_answer(R"({"id":"m-1","status":"queued"})")).status ==
               "queued");
    BOOST_TEST(read_sent_message(route::message, parse_answer("")).id == "");
    BOOST_TEST(read_sent_message(route::tutorial, parse_answer(R"({"id":42})")).id == "42");
    BOOST_TEST(read_sent_message(route::chat, parse_answer(R"({"id":"c-1"})")).id == "c-1");
}

BOOST_AUTO_TEST_CASE(a_broken_character_makes_nothing_else_unreadable) {
    for (const std::string name : {R"(Ada \ud83d)", R"(\ude00 Ada)", "Andr\xE9", "\xED\xA0\xBD"}) {
        const auto one = read_conversation(
            parse_answer(R"({"id":"C-1","participants":[{"id":"p","name":")" + name + R"("}]})"));
        BOOST_REQUIRE(one.has_value());
        BOOST_TEST(one->id == "c-1");
        BOOST_TEST(one->participants.size() == 1U);
        const auto shown =
            read_messages(parse_answer(R"({"entities":[{"id":"m","textBody":")" + name + R"("}]})")).value();
        BOOST_TEST(shown.at(0).message.text.find("\xEF\xBF\xBD") != std::string::npos);
        BOOST_TEST(read_sent_message(route::message, parse_answer(R"({"id":"m","by":")" + name + "\"}")).id ==
                   "m");
        BOOST_TEST(read_response(parse_answer(R"({"id":"r","name":")" + name + "\"}")).has_value());
    }
    BOOST_TEST(!read_conversation(parse_answer("\xE9{")).has_value());
}

BOOST_AUTO_TEST_CASE(an_agentless_answer_tells_the_id_that_reading_back_shows) {
    const auto sent = read_sent_message(
        route::agentless,
        parse_answer(R"({"id":"outer","conversationId":"X","message":{"id":"inner","status":"sent"}})"));
    BOOST_TEST(sent.id == "inner");
    BOOST_TEST(sent.status == "sent");
    BOOST_TEST(sent.conversation_id == "x");
    BOOST_TEST(read_sent_message(route::message, parse_answer(R"({"id":"m","conversationId":"x"})"))
                   .conversation_id == "");
    BOOST_TEST(read_sent_message(route::agentless, parse_answer(R"({"id":"outer"})")).id == "outer");
}

BOOST_AUTO_TEST_CASE(messages_tell_their_direction_and_speak_their_normalised_text) {
    const auto messages = read_messages(parse_answer(R"({"entities":[
        {"id":"2","direction":"outbound","timestamp":"2024-05-17T08:30:02.000Z","status":"sent","textBody":"old","normalizedMessage":{"text":"new"}},
        {"id":"in","direction":"inbound","timestamp":"2024-05-17T08:30:00.000Z","textBody":"hi"},
        {"id":"in2","timestamp":"2024-05-17T08:30:00.000Z","normalizedMessage":{"direction":"Inbound","text":"hi"}},
        {"id":"1","direction":"outbound","timestamp":"2024-05-17T08:30:01.000Z","status":"queued","textBody":"first"},
        {"id":"3","timestamp":"2024-05-17T08:30:03.000Z","status":"delivery-failed","textBody":"third",
         "normalizedReceipts":[{"reasons":[{"code":"RecipientOptedOut","message":"STOP was sent"}]}]},
        null, 7]})"))
                              .value();
    std::string told;
    for (const auto& one : messages)
        told += one.message.id + (one.outbound ? " out " : " in ") + one.message.text + "; ";
    BOOST_TEST(told == "2 out new; in in hi; in2 in hi; 1 out first; 3 out third; ");
    BOOST_TEST(messages[4].message.status == "delivery-failed");
    BOOST_TEST(messages[4].message.failure_reason == "RecipientOptedOut: STOP was sent");
    BOOST_TEST(!read_messages(parse_answer("[]")).has_value());
    BOOST_TEST(read_messages(parse_answer("{}"))->empty());
}

BOOST_AUTO_TEST_CASE(a_text_of_another_type_is_not_told) {
    const auto text = [](const std::string& fields) {
        return read_messages(parse_answer(R"({"entities":[{"id":"m",)" + fields + "}]}"))->at(0).message.text;
    };
    BOOST_TEST(text(R"("textBody":5)") == "");
    BOOST_TEST(text(R"("normalizedMessage":{"text":5})") == "");
    BOOST_TEST(text(R"("textBody":"5","normalizedMessage":{"text":6})") == "5");
    const auto line = read_chat(parse_answer(R"({"entities":[{"id":"1","body":5}]})"))->at(0);
    BOOST_TEST(line.message.text == "");
}

BOOST_AUTO_TEST_CASE(only_what_an_agent_said_counts_in_a_chat) {
    const auto lines = read_chat(parse_answer(R"({"entities":[
        {"id":"1","body":"hi","bodyType":"standard","sender":{"id":"s","role":"AGENT"},"timestamp":"2024-05-17T08:30:00.000Z"},
        {"id":"2","body":"hi","bodyType":"standard","sender":{"id":"k","role":"CUSTOMER"}},
        {"id":"3","body":"joined","bodyType":"member-join","sender":{"id":"s","role":"AGENT"}},
        {"id":"4","body":"note","bodyType":"notice","sender":{"role":"ACD"}},
        {"id":"5"}]})"))
                           .value();
    std::string said;
    for (const auto& line : lines)
        if (line.by_agent) said += line.message.id;
    BOOST_TEST(said == "1");
    BOOST_TEST(lines[0].sender_id == "s");
}

BOOST_AUTO_TEST_CASE(found_conversations_are_listed_once_and_only_while_open) {
    const auto found = read_found_conversations(parse_answer(R"({"totalHits":4,"conversations":[
        {"conversationId":"A","conversationStart":"x"},{"conversationId":"a"},{"conversationId":"b","conversationEnd":"2024-05-17T08:30:00.000Z"},
        {"conversationId":"c"},{}]})"))
                           .value();
    BOOST_TEST(found.ids == (std::vector<std::string>{"a", "c"}), boost::test_tools::per_element());
    BOOST_TEST(found.total == 4);
    BOOST_TEST(read_found_conversations(parse_answer("{}"))
                   ->ids.empty()); // an agent without any: the list is left out
    BOOST_TEST(!read_found_conversations(parse_answer("")).has_value());
    BOOST_TEST(read_own_conversations(parse_answer(R"({"entities":[{"id":"A"},{"id":"a"}]})"))->ids.size() ==
               1U);
}

BOOST_AUTO_TEST_CASE(a_plain_text_is_preferred_and_html_is_made_plain) {
    const auto text = [](const std::string& texts) {
        return read_response(
                   parse_answer(R"({"id":"r","name":"n","libraries":[{"id":"l"}],"texts":)" + texts + "}"))
            ->text;
    };
    BOOST_TEST(
        text(
            R"([{"content":"<p>a</p>","contentType":"text/html"},{"content":"b","contentType":"text/plain"}])") ==
        "b");
    BOOST_TEST(text(R"([{"content":"<p>a &amp; b</p>","contentType":"text/html"}])") == "a & b");
    BOOST_TEST(text(R"([{"content":"a < b"}])") == "a < b");
    BOOST_TEST(
        text(
            R"([{"content":"s","contentType":"text/plain","type":"subject"},{"content":"b","contentType":"text/plain","type":"body"}])") ==
        "b");
    BOOST_TEST(
        text(
            R"([{"content":"","contentType":"text/plain"},{"content":"<b>h</b>","contentType":"text/html"}])") ==
        "h");
    BOOST_TEST(text("[]") == "");
}

BOOST_AUTO_TEST_CASE(a_response_brings_its_defaults_and_libraries) {
    const auto one = read_response(parse_answer(R"({"id":"R","name":"n","libraries":[{"id":"l1"},{"id":"l2"}],
        "substitutions":[{"id":"a","defaultValue":"x"},{"id":"b","description":"no default"},{"id":"c","defaultValue":""}]})"))
                         .value();
    BOOST_TEST(one.id == "r");
    BOOST_TEST(one.defaults.size() == 2U);
    BOOST_TEST(one.defaults.at("a") == "x");
    BOOST_TEST(one.defaults.at("c") == "");
    BOOST_TEST(one.library_ids.size() == 2U);
}

BOOST_AUTO_TEST_CASE(listings_tell_their_pages_within_reason) {
    BOOST_TEST(
        read_libraries(parse_answer(R"({"entities":[{"id":"1","name":"Care"}],"pageCount":3})"))->pages == 3);
    BOOST_TEST(read_libraries(parse_answer(R"({"entities":[]})"))->pages == 1);
    BOOST_TEST(read_libraries(parse_answer(R"({"pageCount":99999999999})"))->pages == 1000);
    BOOST_TEST(read_response_results(
                   parse_answer(R"({"results":{"entities":[{"id":"1","name":"n"}],"pageCount":2}})"))
                   ->pages == 2);
    BOOST_TEST(read_response_results(parse_answer(R"({"results":{"entities":[{"id":"1","name":"n"}]}})"))
                   ->entities.size() == 1U);
    BOOST_TEST(read_response_results(parse_answer("{}"))->entities.empty());
}

BOOST_AUTO_TEST_CASE(whose_a_token_is_and_what_the_org_may_do_is_told) {
    const auto owner = read_token_owner(parse_answer(
        R"({"organization":{"name":"acme"},"OAuthClient":{"name":"service","authorizedGrantType":"CODE"}})"));
    BOOST_REQUIRE(owner.has_value());
    BOOST_TEST(owner->org == "acme");
    BOOST_TEST(owner->client == "service");
    BOOST_TEST(owner->is_users());
    BOOST_TEST(!owner->is_clients());
    BOOST_TEST(!read_token_owner(parse_answer("{}"))->is_users());
    BOOST_TEST(!read_token_owner(parse_answer("<html>")).has_value());

    const auto limits = read_limits(parse_answer(R"({"entities":[{"key":"a","value":300},{"key":"b"},7]})"));
    BOOST_REQUIRE(limits.has_value());
    BOOST_TEST(limits->size() == 1U);
    BOOST_TEST(limits->at("a") == 300);
    BOOST_TEST(!read_limits(parse_answer("[]")).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
