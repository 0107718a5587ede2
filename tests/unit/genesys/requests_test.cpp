#include "genesys/requests.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace cannedd;
namespace json = boost::json;

namespace {

target addressee(route way) {
    target to;
    to.way = way;
    to.conversation_id = "conv";
    to.communication_id = "comm";
    to.agent_id = "agent";
    to.customer_id = "customer";
    to.from_address = "shop";
    to.to_address = "guest";
    to.messenger_type = "open";
    return to;
}

json::value body_of(const api_request& request) {
    return json::parse(request.http.body);
}

std::string header_of(const api_request& request, std::string_view name) {
    for (const auto& header : request.http.headers)
        if (header.name == name) return header.value;
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(requests_)

BOOST_AUTO_TEST_CASE(each_route_has_its_call_and_its_body) {
    struct {
        route way;
        const char* path;
        const char* body;
    } table[] = {
        {route::message, "/api/v2/conversations/messages/conv/communications/comm/messages",
         R"({"textBody":"Hi \"you\""})"},
        {route::chat, "/api/v2/conversations/chats/conv/communications/comm/messages",
         R"({"body":"Hi \"you\"","bodyType":"standard"})"},
        {route::agentless, "/api/v2/conversations/messages/agentless",
         R"({"fromAddress":"shop","toAddress":"guest","toAddressMessengerType":"open","textBody":"Hi \"you\"","useExistingActiveConversation":true})"},
        {route::tutorial, "/api/v2/conversations/conv/messages",
         R"({"from_id":"agent","to_id":"customer","text":"Hi \"you\"","type":"user","direction":"outbound"})"},
    };
    for (const auto& row : table) {
        const auto request = send_request(addressee(row.way), message_content("Hi \"you\""));
        BOOST_TEST(request.http.method == "POST");
        BOOST_TEST(request.http.target == row.path);
        BOOST_TEST(request.operation == "send");
        BOOST_TEST(header_of(request, "Content-Type") == "application/json");
        BOOST_TEST((body_of(request) == json::parse(row.body)), request.http.body);
    }
}

BOOST_AUTO_TEST_CASE(a_template_takes_the_texts_place) {
    const message_content content(
        "Dear Ada", R"({"messagingTemplate":{"responseId":"r-1"},"name":"n","body":"Dear Ada"})");
    BOOST_TEST((body_of(send_request(addressee(route::message), content)) ==
                json::parse(R"({"messagingTemplate":{"responseId":"r-1"}})")));
    const auto agentless = body_of(send_request(addressee(route::agentless), content)).as_object();
    BOOST_TEST((agentless.at("messagingTemplate") == json::parse(R"({"responseId":"r-1"})")));
    BOOST_TEST(!agentless.contains("textBody"));
    BOOST_TEST(agentless.at("useExistingActiveConversation").as_bool());
}

BOOST_AUTO_TEST_CASE(agentless_never_opens_a_conversation_of_its_own) {
    const auto body = body_of(send_request(addressee(route::agentless), message_content("x")));
    BOOST_TEST(body.at("useExistingActiveConversation").as_bool());
}

BOOST_AUTO_TEST_CASE(agentless_names_an_external_contact_or_an_address_and_never_both) {
    auto to = addressee(route::agentless);
    to.messenger_type = "webmessaging";
    to.external_contact_id = "contact";
    BOOST_TEST((body_of(send_request(to, message_content("x"))) == json::parse(R"({"fromAddress":"shop",
        "externalContactId":"contact","toAddressMessengerType":"webmessaging","textBody":"x",
        "useExistingActiveConversation":true})")));
}

BOOST_AUTO_TEST_CASE(an_id_cannot_leave_its_place_in_the_path) {
    BOOST_TEST(conversation_request("../x?y").http.target == "/api/v2/conversations/..%2Fx%3Fy");
    BOOST_TEST(response_request("a/b").http.target == "/api/v2/responsemanagement/responses/a%2Fb");
}

BOOST_AUTO_TEST_CASE(an_agents_open_conversations_are_asked_for_as_the_api_documents_it) {
    const wall_time now(milliseconds(1715934600000));
    const auto request = agents_conversations_request("agent", route::message, now, 2);
    BOOST_TEST(request.http.target == "/api/v2/analytics/conversations/details/query");
    const auto wanted = json::parse(R"({
        "interval":"2024-05-13T08:30:00.000Z/2024-05-17T09:30:00.000Z","order":"desc","orderBy":"conversationStart",
        "conversationFilters":[{"type":"and","predicates":[{"type":"dimension","dimension":"conversationEnd","operator":"notExists"}]}],
        "segmentFilters":[{"type":"and","predicates":[
            {"type":"dimension","dimension":"userId","operator":"matches","value":"agent"},
            {"type":"dimension","dimension":"mediaType","operator":"matches","value":"message"},
            {"type":"dimension","dimension":"purpose","operator":"matches","value":"agent"},
            {"type":"dimension","dimension":"segmentEnd","operator":"notExists"}]}],
        "paging":{"pageSize":25,"pageNumber":2}})");
    BOOST_TEST((body_of(request) == wanted), request.http.body);
    const auto chat = agents_conversations_request("agent", route::chat, now, 1);
    BOOST_TEST(chat.http.body.find(R"("value":"chat")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(look_ups_have_their_paths) {
    BOOST_TEST(conversation_request("c").http.target == "/api/v2/conversations/c");
    BOOST_TEST(conversation_request("c").http.method == "GET");
    BOOST_TEST(own_conversations_request(route::message).http.target == "/api/v2/conversations/messages");
    BOOST_TEST(own_conversations_request(route::chat).http.target == "/api/v2/conversations/chats");
    const auto bulk = bulk_request("c", {"m1", "m2"});
    BOOST_TEST(bulk.http.target == "/api/v2/conversations/messages/c/messages/bulk");
    BOOST_TEST(bulk.http.body == R"(["m1","m2"])");
    BOOST_TEST(chat_request("c", "").http.target ==
               "/api/v2/conversations/chats/c/messages?sortOrder=descending&maxResults=100");
    BOOST_TEST(chat_request("c", "m 1").http.target ==
               "/api/v2/conversations/chats/c/messages?sortOrder=descending&maxResults=100&before=m%201");
    BOOST_TEST(libraries_request("My Care", 2).http.target ==
               "/api/v2/responsemanagement/libraries?pageNumber=2&pageSize=100&libraryPrefix=My%20Care");
    BOOST_TEST((body_of(responses_query_request("lib", "Hello", 1)) ==
                json::parse(R"({"queryPhrase":"Hello","pageSize":100,"pageNumber":1,
                    "filters":[{"name":"libraryId","operator":"EQUALS","values":["lib"]}]})")));
}

BOOST_AUTO_TEST_SUITE_END()
