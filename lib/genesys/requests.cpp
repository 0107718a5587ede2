#include "genesys/requests.hpp"

#include "genesys/route_traits.hpp"
#include "genesys/whatsapp_template.hpp"
#include "text/encoding.hpp"
#include "text/timestamps.hpp"

#include <boost/json.hpp>

namespace cannedd {
namespace {

namespace json = boost::json;

constexpr int library_entries_per_page = 100;

api_request get(std::string_view operation, std::string target) {
    api_request request(operation, "GET", std::move(target));
    request.http.headers.emplace_back("Accept", "application/json");
    return request;
}

api_request post(std::string_view operation, std::string target, const json::value& body) {
    constexpr std::size_t headers = 3; // with the access token's
    api_request request(operation, "POST", std::move(target));
    request.http.headers.reserve(headers);
    request.http.headers.emplace_back("Accept", "application/json");
    request.http.headers.emplace_back("Content-Type", "application/json");
    request.http.body = json::serialize(body);
    return request;
}

std::string conversations_path(std::string_view kind, const std::string& conversation_id) {
    return "/api/v2/conversations/" + std::string(kind) + percent_encoded(conversation_id);
}

json::object matches(std::string_view dimension, std::string_view value) {
    return {{"type", "dimension"}, {"dimension", dimension}, {"operator", "matches"}, {"value", value}};
}

json::object not_exists(std::string_view dimension) {
    return {{"type", "dimension"}, {"dimension", dimension}, {"operator", "notExists"}};
}

json::object all_of(json::array predicates) {
    return {{"type", "and"}, {"predicates", std::move(predicates)}};
}

} // namespace

api_request send_request(const target& to, const message_content& content) {
    json::value body = traits_of(to.way).send_body(to, content.text);
    if (!content.template_call.empty()) { // one content a request
        body.as_object().erase("textBody");
        body.as_object()["messagingTemplate"] = json::parse(messaging_template_of(content));
    }
    return post("send", send_path(to), body);
}

api_request conversation_request(const std::string& conversation_id) {
    return get("get_conversation", conversations_path("", conversation_id));
}

api_request agents_conversations_request(const std::string& agent_id, route way, wall_time now, int page) {
    // The end reaches past now, for the server's clock may be ahead of ours.
    const auto interval =
        to_timestamp(now - std::chrono::hours(4 * 24)) + "/" + to_timestamp(now + std::chrono::hours(1));
    json::array open_ones;
    open_ones.push_back(not_exists("conversationEnd"));
    json::array served;
    served.push_back(matches("userId", agent_id));
    served.push_back(matches("mediaType", traits_of(way).is_chat ? "chat" : "message"));
    served.push_back(matches("purpose", "agent"));
    served.push_back(not_exists("segmentEnd"));
    json::array conversation_filters;
    conversation_filters.push_back(all_of(std::move(open_ones)));
    json::array segment_filters;
    segment_filters.push_back(all_of(std::move(served)));
    json::object body;
    body["interval"] = interval;
    body["order"] = "desc";
    body["orderBy"] = "conversationStart";
    body["conversationFilters"] = std::move(conversation_filters);
    body["segmentFilters"] = std::move(segment_filters);
    body["paging"] = json::object{{"pageSize", conversations_per_page}, {"pageNumber", page}};
    return post("find_conversations", "/api/v2/analytics/conversations/details/query", body);
}

api_request own_conversations_request(route way) {
    return get("list_conversations",
               traits_of(way).is_chat ? "/api/v2/conversations/chats" : "/api/v2/conversations/messages");
}

api_request bulk_request(const std::string& conversation_id, const std::vector<std::string>& message_ids) {
    return post("read_messages", conversations_path("messages/", conversation_id) + "/messages/bulk",
                json::array(message_ids.begin(), message_ids.end()));
}

api_request chat_request(const std::string& conversation_id, const std::string& before) {
    auto path = conversations_path("chats/", conversation_id) +
                "/messages?sortOrder=descending&maxResults=" + std::to_string(chat_lines_per_page);
    if (!before.empty()) path += "&before=" + percent_encoded(before);
    return get("read_chat", std::move(path));
}

api_request response_request(const std::string& response_id) {
    return get("get_response", "/api/v2/responsemanagement/responses/" + percent_encoded(response_id));
}

api_request libraries_request(const std::string& name, int page) {
    return get("list_libraries", "/api/v2/responsemanagement/libraries?pageNumber=" + std::to_string(page) +
                                     "&pageSize=" + std::to_string(library_entries_per_page) +
                                     "&libraryPrefix=" + percent_encoded(name));
}

api_request responses_query_request(const std::string& library_id, const std::string& name, int page) {
    json::array values;
    values.emplace_back(library_id);
    json::object in_library;
    in_library["name"] = "libraryId";
    in_library["operator"] = "EQUALS";
    in_library["values"] = std::move(values);
    json::array filters;
    filters.push_back(std::move(in_library));
    json::object body;
    body["queryPhrase"] = name;
    body["pageSize"] = library_entries_per_page;
    body["pageNumber"] = page;
    body["filters"] = std::move(filters);
    return post("query_responses", "/api/v2/responsemanagement/responses/query", body);
}

api_request token_owner_request() {
    return get("tokens_me", "/api/v2/tokens/me");
}

api_request limits_request(const std::string& limit_namespace) {
    return get("limits", "/api/v2/organizations/limits/namespaces/" + percent_encoded(limit_namespace));
}

} // namespace cannedd
