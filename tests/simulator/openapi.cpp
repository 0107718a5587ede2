#include "simulator/openapi.hpp"

#include "simulator/encoding.hpp"

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>
#include <boost/algorithm/string/split.hpp>

#include <algorithm>
#include <set>

namespace cannedd::sim {
namespace {

constexpr std::string_view tutorial = R"json({
 "operationId": "tutorialSend", "x-inin-requires-permissions": {"permissions": ["conversation:message:create"], "type": "ALL"},
 "parameters": [
  {"in": "path", "name": "conversationId", "required": true, "type": "string"},
  {"in": "body", "name": "body", "required": true, "schema": {"type": "object",
   "required": ["from_id", "to_id", "text", "type", "direction"],
   "properties": {"from_id": {"type": "string"}, "to_id": {"type": "string"}, "text": {"type": "string"},
    "type": {"type": "string", "enum": ["user"]}, "direction": {"type": "string", "enum": ["outbound"]}}}}],
 "responses": {"200": {"schema": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}},
  "202": {}}
})json";

const std::map<std::string, std::string>& short_names() {
    static const std::map<std::string, std::string> names{
        {"x_postOauthToken", "token"},
        {"getConversation", "get_conversation"},
        {"getConversations", "list_conversations"},
        {"getConversationsMessages", "list_message_conversations"},
        {"getConversationsMessage", "get_message_conversation"},
        {"getConversationsChats", "list_chat_conversations"},
        {"getConversationsChat", "get_chat_conversation"},
        {"postAnalyticsConversationsDetailsQuery", "analytics_query"},
        {"getAnalyticsConversationDetails", "analytics_details"},
        {"postConversationsMessageCommunicationMessages", "send_message"},
        {"postConversationsMessagesAgentless", "send_agentless"},
        {"postConversationsChatCommunicationMessages", "send_chat"},
        {"tutorialSend", "send_tutorial"},
        {"postConversationsMessageMessagesBulk", "read_back"},
        {"getConversationsMessageMessage", "get_message"},
        {"getConversationsMessageDetails", "get_message_details"},
        {"getConversationsChatMessages", "read_chat"},
        {"getConversationsChatMessage", "get_chat_message"},
        {"getResponsemanagementResponse", "get_response"},
        {"getResponsemanagementResponses", "list_responses"},
        {"postResponsemanagementResponsesQuery", "query_responses"},
        {"getResponsemanagementLibraries", "list_libraries"},
        {"getResponsemanagementLibrary", "get_library"},
        {"getTokensMe", "tokens_me"},
        {"headTokensMe", "head_tokens_me"},
        {"getOrganizationsLimitsNamespace", "limits"},
        {"getOrganizationsLimitsNamespaceDefaults", "limits_defaults"},
        {"patchConversationParticipantAttributes", "patch_attributes"},
        {"postConversationsMessageCommunicationTyping", "typing"},
    };
    return names;
}

std::vector<std::string> segments_of(std::string_view path) {
    std::vector<std::string> parts;
    boost::algorithm::split(parts, path, [](char c) { return c == '/'; });
    return parts;
}

bool is_placeholder(const std::string& segment) {
    return segment.starts_with('{');
}

bool fits_type(const std::string& type, const json::value& value) {
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_bool();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    if (type == "number") return value.is_number();
    if (type == "array") return value.is_array();
    if (type == "object") return value.is_object();
    return true;
}

operation described(const std::string& path, const std::string& method, const json::value& description) {
    operation op;
    op.id = text_or(description, "operationId");
    const auto name = short_names().find(op.id);
    op.name = name == short_names().end() ? op.id : name->second;
    op.method = boost::algorithm::to_upper_copy(method);
    op.path = path;
    op.segments = segments_of(path);
    op.description = &description.get_object();
    op.is_send = op.name.starts_with("send_");
    if (const auto* needed = find(description, "x-inin-requires-permissions")) {
        op.permissions = texts(*needed, "permissions");
        op.all_permissions = text_or(*needed, "type") == "ALL";
    }
    return op;
}

// Only JSON may be sent, and only where a body is due.
bool is_json(const request& req) {
    const auto type = req.header("content-type");
    return type && boost::algorithm::istarts_with(*type, "application/json");
}

} // namespace

openapi::openapi(std::string_view document)
    : document_(json::parse(json::string_view(document.data(), document.size()))) {
    auto& paths = document_.at("paths").as_object();
    paths["/api/v2/conversations/{conversationId}/messages"] =
        json::object{{"post", json::parse(json::string_view(tutorial.data(), tutorial.size()))}};
    for (const auto& path : paths)
        for (const auto& method : path.value().as_object())
            operations_.push_back(
                described(std::string(path.key()), std::string(method.key()), method.value()));
    // A path that says more stands before one that says less: "agentless" before "{conversationId}".
    const auto says_more = [](const operation& a, const operation& b) {
        return std::lexicographical_compare(a.segments.begin(), a.segments.end(), b.segments.begin(),
                                            b.segments.end(), [](const std::string& x, const std::string& y) {
                                                return !is_placeholder(x) && is_placeholder(y);
                                            });
    };
    std::stable_sort(operations_.begin(), operations_.end(), says_more);
}

matched openapi::find(const std::string& method, const std::string& path) const {
    const auto wanted = segments_of(path);
    matched result;
    for (const auto& op : operations_) {
        const auto same = [](const std::string& a, const std::string& b) {
            return is_placeholder(a) ? !b.empty() : a == b;
        };
        if (op.segments.size() != wanted.size() ||
            !std::equal(op.segments.begin(), op.segments.end(), wanted.begin(), same))
            continue;
        result.path_known = true;
        if (op.method != method) continue;
        result.what = &op;
        for (std::size_t i = 0; i < wanted.size(); ++i)
            if (is_placeholder(op.segments[i]))
                result.parameters[op.segments[i].substr(1, op.segments[i].size() - 2)] =
                    percent_decoded(wanted[i]);
        return result;
    }
    return result;
}

const json::value& openapi::resolved(const json::value& schema) const {
    const auto* ref = sim::find(schema, "$ref");
    if (ref == nullptr) return schema;
    const std::string_view name(ref->get_string().data(), ref->get_string().size());
    return document_.at("definitions").at(name.substr(name.rfind('/') + 1));
}

void openapi::check_object(const json::object& schema, const json::value& value, const std::string& where,
                           std::vector<std::string>& faults) const {
    const auto& object = value.get_object();
    if (const auto* required = schema.if_contains("required"))
        for (const auto& name : required->as_array())
            if (!object.contains(name.as_string()))
                faults.push_back(where + " lacks the required '" + std::string(name.as_string()) + "'");
    const auto* properties = schema.if_contains("properties");
    const auto* additional = schema.if_contains("additionalProperties");
    for (const auto& member : object) {
        const auto* known =
            properties == nullptr ? nullptr : properties->as_object().if_contains(member.key());
        const auto place = where + "." + std::string(member.key());
        if (known != nullptr) {
            // Genesys leaves out what it has no value for; null says the same.
            if (!member.value().is_null()) check(*known, member.value(), place, faults);
        } else if (additional != nullptr) {
            if (additional->is_object()) check(*additional, member.value(), place, faults);
        } else if (properties != nullptr) {
            faults.push_back(place + " is no property known here");
        }
    }
}

void openapi::check(const json::value& schema_or_ref, const json::value& value, const std::string& where,
                    std::vector<std::string>& faults) const {
    const auto& schema = resolved(schema_or_ref).as_object();
    const auto* type_name = schema.if_contains("type");
    const std::string type = type_name != nullptr            ? std::string(type_name->as_string())
                             : schema.contains("properties") ? "object"
                                                             : "";
    if (!fits_type(type, value)) {
        faults.push_back(where + " is not of type " + type);
        return;
    }
    if (const auto* allowed = schema.if_contains("enum"))
        if (const auto& list = allowed->as_array(); std::find(list.begin(), list.end(), value) == list.end())
            faults.push_back(where + " is none of the allowed values");
    const auto* format = schema.if_contains("format");
    if (format != nullptr && *format == "date-time" && value.is_string() &&
        !parse_iso_time(std::string(value.get_string())))
        faults.push_back(where + " is no date-time");
    if (value.is_array() && schema.contains("items"))
        for (const auto& item : value.get_array())
            check(schema.at("items"), item, where + "[]", faults);
    if (value.is_object()) check_object(schema, value, where, faults);
}

void openapi::check_query(const operation& of, const request& req, std::vector<std::string>& faults) const {
    std::set<std::string> known;
    const auto* parameters = of.description->if_contains("parameters");
    if (parameters != nullptr) {
        for (const auto& p : parameters->as_array()) {
            if (text_or(p, "in") != "query") continue;
            const auto name = text_or(p, "name");
            known.insert(name);
            const auto given = req.query.find(name);
            if (given == req.query.end()) {
                if (flag_or(p, "required", false)) faults.push_back("the query lacks '" + name + "'");
                continue;
            }
            const auto type = text_or(p, "type");
            const auto& value = given->second;
            const bool digits = !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
            if (type == "integer" && !digits)
                faults.push_back("query parameter '" + name + "' is no whole number");
            if (type == "boolean" && value != "true" && value != "false")
                faults.push_back("query parameter '" + name + "' is neither true nor false");
            if (type == "string") check(p, json::value(value), "query parameter '" + name + "'", faults);
        }
    }
    for (const auto& [name, value] : req.query)
        if (!known.contains(name)) faults.push_back("query parameter '" + name + "' is unknown here");
}

void openapi::check_body(const operation& of, const request& req, const json::value* body,
                         std::vector<std::string>& faults) const {
    const json::value* due = nullptr;
    if (const auto* parameters = of.description->if_contains("parameters"))
        for (const auto& p : parameters->as_array())
            if (text_or(p, "in") == "body") due = &p;
    if (due == nullptr) {
        if (!req.body.empty()) faults.emplace_back("a body where none is due");
        return;
    }
    if (req.body.empty()) {
        if (flag_or(*due, "required", false)) faults.emplace_back("the body is missing");
        return;
    }
    if (!is_json(req)) faults.emplace_back("content-type is not application/json");
    if (body == nullptr)
        faults.emplace_back("the body is not JSON");
    else
        check(due->at("schema"), *body, "body", faults);
}

std::vector<std::string> openapi::check_request(const matched& to, const request& req,
                                                const json::value* body) const {
    std::vector<std::string> faults;
    for (const auto& [name, value] : to.parameters)
        if (name.ends_with("Id") && !is_uuid(value))
            faults.push_back("path parameter '" + name + "' is no UUID");
    check_query(*to.what, req, faults);
    check_body(*to.what, req, body, faults);
    return faults;
}

std::vector<std::string> openapi::check_reply(const operation& of, const reply& answer) const {
    std::vector<std::string> faults;
    const auto* responses = of.description->if_contains("responses");
    const auto* due =
        responses == nullptr ? nullptr : responses->as_object().if_contains(std::to_string(answer.status));
    if (due == nullptr) {
        faults.push_back("status " + std::to_string(answer.status) + " is not declared");
        return faults;
    }
    const auto* schema = sim::find(*due, "schema");
    if (schema == nullptr || answer.body.empty()) return faults;
    json::error_code error;
    const auto body = json::parse(answer.body, error);
    if (error) faults.emplace_back("the body is not JSON");
    if (!error) check(*schema, body, "body", faults);
    return faults;
}

bool openapi::is_limit_namespace(const std::string& name) const {
    const auto& names =
        document_.at("definitions").at("Limit").at("properties").at("namespace").at("enum").as_array();
    return std::find(names.begin(), names.end(), json::value(name)) != names.end();
}

} // namespace cannedd::sim
