#include "genesys/replies.hpp"

#include "genesys/identifier.hpp"
#include "genesys/route_traits.hpp"
#include "text/json_reading.hpp"
#include "text/plain_text.hpp"

#include <algorithm>

namespace cannedd {
namespace {

const json::object* object_of(const std::optional<json::value>& body) {
    return body ? body->if_object() : nullptr;
}

message_reference read_reference(const json::object& in) {
    message_reference one;
    one.id = text_in(in, "messageId");
    one.time = time_in(in, "messageTime");
    one.status = text_in(in, "messageStatus");
    one.failure_reason = text_in(object_in(in, "errorInfo"), "message");
    return one;
}

std::string address_in(const json::object& in, std::string_view name) {
    return text_in(object_in(in, name), "addressNormalized");
}

communication read_communication(const json::object& in) {
    communication one;
    one.id = text_in(in, "id");
    one.state = text_in(in, "state");
    one.disconnected =
        one.state == "disconnected" || one.state == "terminated" || find(in, "disconnectedTime") != nullptr;
    one.connected_at = time_in(in, "connectedTime");
    one.type = text_in(in, "type");
    one.from_address = address_in(in, "fromAddress");
    one.to_address = address_in(in, "toAddress");
    one.wrap_up_pending = text_in(object_in(in, "afterCallWork"), "state") == "pending";
    each_object_in(in, "messages", [&](const json::object& item) {
        auto reference = read_reference(item);
        if (!reference.id.empty()) one.messages.push_back(std::move(reference));
    });
    return one;
}

participant read_participant(const json::object& in) {
    participant one;
    one.id = text_in(in, "id");
    one.purpose = lower_case(text_in(in, "purpose"));
    one.name = text_in(in, "name");
    one.user_id = lower_case(text_in(in, "userId"));
    one.listens_only =
        !text_in(in, "monitoredParticipantId").empty() || !text_in(in, "coachedParticipantId").empty();
    one.consults = !text_in(in, "consultParticipantId").empty();
    one.wrap_up_pending = flag_in(in, "wrapupRequired") && !flag_in(in, "wrapupSkipped") &&
                          find(in, "wrapup") == nullptr && find(in, "endAcwTime") == nullptr;
    for (const auto& [name, value] : object_in(in, "attributes"))
        if (const auto* text = value.if_string()) one.attributes.emplace(name, std::string(*text));
    each_object_in(in, "messages",
                   [&](const json::object& item) { one.messages.push_back(read_communication(item)); });
    each_object_in(in, "chats",
                   [&](const json::object& item) { one.chats.push_back(read_communication(item)); });
    return one;
}

void add_once(std::vector<std::string>& ids, std::string id) {
    if (!id.empty() && std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
}

// Why a message was not delivered, from wherever it is told.
std::string failure_reason_of(const json::object& normalized) {
    std::string reason;
    each_object_in(normalized, "reasons", [&](const json::object& item) {
        if (reason.empty()) reason = text_in(item, "message");
        if (reason.empty()) reason = text_in(item, "code");
    });
    return reason;
}

bool is_outbound(const json::object& in) {
    auto direction = text_in(in, "direction");
    if (direction.empty()) direction = text_in(object_in(in, "normalizedMessage"), "direction");
    return lower_case(std::move(direction)) != "inbound";
}

remote_message read_message(const json::object& in) {
    const auto& normalized = object_in(in, "normalizedMessage");
    remote_message one;
    one.id = text_in(in, "id");
    one.text = text_in(normalized, "text");
    if (one.text.empty()) one.text = text_in(in, "textBody");
    one.timestamp = time_in(in, "timestamp").value_or(wall_time());
    one.status = text_in(in, "status");
    one.failure_reason = failure_reason_of(normalized);
    each_object_in(in, "normalizedReceipts", [&](const json::object& receipt) {
        if (one.failure_reason.empty()) one.failure_reason = failure_reason_of(receipt);
    });
    return one;
}

chat_line read_chat_line(const json::object& in) {
    const auto& sender = object_in(in, "sender");
    chat_line line;
    line.message.id = text_in(in, "id");
    line.message.text = text_in(in, "body");
    line.message.timestamp = time_in(in, "timestamp").value_or(wall_time());
    line.sender_id = text_in(sender, "id");
    const auto kind = text_in(in, "bodyType");
    line.by_agent = lower_case(text_in(sender, "role")) == "agent" && (kind.empty() || kind == "standard");
    return line;
}

// text/plain is taken as it is; text/html only when there is nothing better.
std::string best_text(const json::object& in) {
    std::optional<std::string> plain, html;
    each_object_in(in, "texts", [&](const json::object& item) {
        if (text_in(item, "type") == "subject") return;
        auto& kept = text_in(item, "contentType") == "text/html" ? html : plain;
        if (!kept || kept->empty()) kept = text_in(item, "content");
    });
    if (plain && !plain->empty()) return *plain;
    return html ? to_plain_text(*html) : std::string();
}

// A list of texts, or one text.
std::vector<std::string> texts_in(const json::object& in, std::string_view name) {
    std::vector<std::string> texts;
    const auto* value = find(in, name);
    const auto add = [&](const json::value& item) {
        if (const auto* text = item.if_string()) texts.emplace_back(*text);
    };
    if (value == nullptr) return texts;
    if (const auto* list = value->if_array())
        std::ranges::for_each(*list, add);
    else
        add(*value);
    return texts;
}

substitution_schema read_schema(const json::object& in) {
    substitution_schema schema;
    schema.required = texts_in(in, "required");
    for (const auto& [name, property] : object_in(in, "properties"))
        if (const auto* described = property.if_object())
            schema.types[std::string(name)] = texts_in(*described, "type");
    return schema;
}

canned_text read_canned_text(const json::object& in) {
    canned_text one;
    one.id = lower_case(text_in(in, "id"));
    one.name = text_in(in, "name");
    one.text = best_text(in);
    each_object_in(in, "libraries",
                   [&](const json::object& item) { one.library_ids.push_back(text_in(item, "id")); });
    each_object_in(in, "substitutions", [&](const json::object& item) {
        const auto* value = find(item, "defaultValue");
        if (value != nullptr && value->is_string())
            one.defaults[text_in(item, "id")] = text_in(item, "defaultValue");
    });
    one.schema = read_schema(object_in(in, "substitutionsSchema"));
    return one;
}

library_name read_library(const json::object& in) {
    library_name one;
    one.id = text_in(in, "id");
    one.name = text_in(in, "name");
    return one;
}

template<typename T, typename Read>
listing<T> read_listing(const json::object& in, Read read) {
    listing<T> page;
    each_object_in(in, "entities", [&](const json::object& item) { page.entities.push_back(read(item)); });
    page.pages = static_cast<int>(std::clamp<std::int64_t>(number_in(in, "pageCount").value_or(1), 1, 1000));
    return page;
}

} // namespace

std::optional<conversation> read_conversation(std::string_view body) {
    const auto value = parse_json(body);
    const auto* in = object_of(value);
    if (in == nullptr) return std::nullopt;
    conversation one;
    one.id = lower_case(text_in(*in, "id"));
    one.ended = find(*in, "endTime") != nullptr;
    each_object_in(*in, "participants",
                   [&](const json::object& item) { one.participants.push_back(read_participant(item)); });
    return one;
}

std::optional<listed_conversations> read_found_conversations(std::string_view body) {
    const auto value = parse_json(body);
    const auto* in = object_of(value);
    if (in == nullptr) return std::nullopt;
    listed_conversations found;
    each_object_in(*in, "conversations", [&](const json::object& item) {
        if (find(item, "conversationEnd") == nullptr)
            add_once(found.ids, lower_case(text_in(item, "conversationId")));
    });
    found.total = number_in(*in, "totalHits").value_or(0);
    return found;
}

std::optional<listed_conversations> read_own_conversations(std::string_view body) {
    const auto value = parse_json(body);
    const auto* in = object_of(value);
    if (in == nullptr) return std::nullopt;
    listed_conversations found;
    each_object_in(*in, "entities",
                   [&](const json::object& item) { add_once(found.ids, lower_case(text_in(item, "id"))); });
    found.total = static_cast<std::int64_t>(found.ids.size());
    return found;
}

sent_message read_sent_message(route way, std::string_view body) {
    const auto value = parse_json(body);
    const auto* in = object_of(value);
    sent_message sent;
    if (in == nullptr) return sent;
    // Route agentless wraps the message; its id is the one that reading back shows.
    const auto& inner = traits_of(way).wraps_message ? object_in(*in, "message") : *in;
    sent.id = text_in(inner, "id");
    if (sent.id.empty()) sent.id = text_in(*in, "id");
    sent.status = text_in(inner, "status");
    return sent;
}

std::optional<std::vector<shown_message>> read_messages(std::string_view body) {
    const auto value = parse_json(body);
    const auto* in = object_of(value);
    if (in == nullptr) return std::nullopt;
    std::vector<shown_message> messages;
    each_object_in(*in, "entities", [&](const json::object& item) {
        shown_message one;
        one.message = read_message(item);
        one.outbound = is_outbound(item);
        messages.push_back(std::move(one));
    });
    return messages;
}

std::optional<std::vector<chat_line>> read_chat(std::string_view body) {
    const auto value = parse_json(body);
    const auto* in = object_of(value);
    if (in == nullptr) return std::nullopt;
    std::vector<chat_line> lines;
    each_object_in(*in, "entities", [&](const json::object& item) { lines.push_back(read_chat_line(item)); });
    return lines;
}

std::optional<canned_text> read_response(std::string_view body) {
    const auto value = parse_json(body);
    const auto* in = object_of(value);
    return in != nullptr ? std::optional(read_canned_text(*in)) : std::nullopt;
}

std::optional<listing<canned_text>> read_response_results(std::string_view body) {
    const auto value = parse_json(body);
    const auto* in = object_of(value);
    if (in == nullptr) return std::nullopt;
    return read_listing<canned_text>(object_in(*in, "results"), read_canned_text);
}

std::optional<listing<library_name>> read_libraries(std::string_view body) {
    const auto value = parse_json(body);
    const auto* in = object_of(value);
    if (in == nullptr) return std::nullopt;
    return read_listing<library_name>(*in, read_library);
}

std::optional<token_owner> read_token_owner(std::string_view body) {
    const auto value = parse_json(body);
    const auto* in = object_of(value);
    if (in == nullptr) return std::nullopt;
    const auto& client = object_in(*in, "OAuthClient");
    token_owner owner;
    owner.org = text_in(object_in(*in, "organization"), "name");
    owner.client = text_in(client, "name");
    owner.grant = text_in(client, "authorizedGrantType");
    return owner;
}

std::optional<std::map<std::string, std::int64_t>> read_limits(std::string_view body) {
    const auto value = parse_json(body);
    const auto* in = object_of(value);
    if (in == nullptr) return std::nullopt;
    std::map<std::string, std::int64_t> limits;
    each_object_in(*in, "entities", [&](const json::object& item) {
        if (const auto limit = number_in(item, "value")) limits[text_in(item, "key")] = *limit;
    });
    return limits;
}

} // namespace cannedd
