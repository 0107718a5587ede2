#include "integration/simulator/org.hpp"

#include <ctime>

namespace json = boost::json;

namespace cannedd {
namespace {

std::string at_hours_from_now(int hours) {
    const auto when = std::time(nullptr) + hours * 3600;
    std::tm parts{};
    ::gmtime_r(&when, &parts);
    char text[40];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

} // namespace

std::string quoted(const std::string& text) {
    return json::serialize(json::value(text));
}
std::string text_at(const json::value& value, const char* key) {
    return std::string(value.at(key).as_string());
}
std::string code_of(const http_answer& answer) {
    return text_at(json::parse(answer.body), "code");
}

org::org(const std::string& plan) : world(with_plan(plan)), client(world.url(), world.ca_file()) {
    token = token_for();
    user_token = token_for(agent);
}

std::string org::token_for(const std::string& user, int seconds) {
    return text_at(
        world.post("tokens",
                   json::object{{"client", simulator::client_id}, {"user", user}, {"seconds", seconds}}),
        "access_token");
}

conversation_of_two org::talk(json::object details) {
    if (!details.contains("agent") && !details.contains("agents") && !details.contains("participants"))
        details["agent"] = agent;
    return seen(world.add_conversation(details));
}

conversation_of_two org::seen(const std::string& id) {
    const auto state = world.conversation(id);
    conversation_of_two out;
    out.id = id;
    out.customer_address = text_at(state, "customerAddress");
    const char* media = text_at(state, "media") == "chat" ? "chats" : "messages";
    for (const auto& p : state.at("participants").as_array()) {
        if (p.at("purpose") == "customer") out.customer_participant = text_at(p, "id");
        if (p.as_object().contains("externalContactId")) out.contact = text_at(p, "externalContactId");
        if (p.at("purpose") != "agent") continue;
        out.agent_participant = text_at(p, "id");
        out.agent_communication = text_at(p.at(media).as_array().at(0), "id");
    }
    return out;
}

http_answer org::ask_as(const std::string& as, const std::string& method, const std::string& target,
                        const std::string& body) {
    std::vector<std::pair<std::string, std::string>> headers{{"Authorization", "Bearer " + as}};
    if (!body.empty()) headers.emplace_back("Content-Type", "application/json");
    return client.send(method, target, headers, body);
}

http_answer org::ask(const std::string& method, const std::string& target, const std::string& body) {
    return ask_as(token, method, target, body);
}

json::value org::ask_json(const std::string& method, const std::string& target, const std::string& body) {
    return json::parse(ask(method, target, body).body);
}

http_answer org::form(const std::string& fields, const std::string& authorization) {
    // base64 of the default client's id and secret
    const std::string basic =
        "Basic MTExMTExMTEtMTExMS00MTExLTgxMTEtMTExMTExMTExMTExOnNpbXVsYXRvci1zZWNyZXQ=";
    std::vector<std::pair<std::string, std::string>> headers{
        {"Content-Type", "application/x-www-form-urlencoded"}};
    if (authorization != "none")
        headers.emplace_back("Authorization", authorization.empty() ? basic : authorization);
    return client.send("POST", "/oauth/token", headers, fields);
}

http_answer org::send(const conversation_of_two& to, const std::string& text) {
    return ask_as(user_token, "POST", to.send_path(), R"({"textBody": )" + quoted(text) + "}");
}

http_answer org::send_agentless(const conversation_of_two& to, const std::string& text, bool existing) {
    json::object body{{"fromAddress", org_address}, {"externalContactId", to.contact}};
    body["toAddressMessengerType"] = "webmessaging";
    body["textBody"] = text;
    if (existing) body["useExistingActiveConversation"] = true;
    return ask("POST", "/api/v2/conversations/messages/agentless", json::serialize(body));
}

json::array org::hits(const std::string& conversation_filters, const std::string& segment_filters) {
    const auto answer =
        ask_json("POST", "/api/v2/analytics/conversations/details/query",
                 R"({"interval": ")" + at_hours_from_now(-96) + "/" + at_hours_from_now(1) +
                     R"(", "order": "desc", "orderBy": "conversationStart", "conversationFilters": [)" +
                     conversation_filters + R"(], "segmentFilters": [)" + segment_filters +
                     R"(], "paging": {"pageSize": 25, "pageNumber": 1}})");
    return answer.at("conversations").as_array();
}

json::array org::open_conversations_of(const std::string& agent_id) {
    return hits(R"({"type": "and", "predicates": [
                    {"type": "dimension", "dimension": "conversationEnd", "operator": "notExists"}]})",
                R"({"type": "and", "predicates": [
                    {"type": "dimension", "dimension": "userId", "operator": "matches", "value": ")" +
                    agent_id + R"("},
                    {"type": "dimension", "dimension": "mediaType", "operator": "matches", "value": "message"},
                    {"type": "dimension", "dimension": "purpose", "operator": "matches", "value": "agent"},
                    {"type": "dimension", "dimension": "segmentEnd", "operator": "notExists"}]})");
}

} // namespace cannedd
