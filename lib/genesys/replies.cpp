#include "genesys/replies.hpp"

#include "genesys/route_traits.hpp"
#include "text/identifier.hpp"
#include "text/json_reading.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <iterator>

namespace cannedd {
namespace {

// The provider's code and words, as far as they are told.
std::string reason_in(const json::object& in) {
    const auto code = text_in(in, "code");
    const auto words = text_in(in, "message");
    return code.empty() || words.empty() ? code + words : code + ": " + words;
}

message_reference read_reference(const json::object& in) {
    message_reference one;
    one.id = text_in(in, "messageId");
    one.time = time_in(in, "messageTime");
    one.status = text_in(in, "messageStatus");
    one.failure_reason = reason_in(object_in(in, "errorInfo"));
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
    one.disconnect_type = one_line(text_in(in, "disconnectType"), 40);
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
    one.external_contact_id = text_in(in, "externalContactId");
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
        if (reason.empty()) reason = reason_in(item);
    });
    return reason;
}

bool is_outbound(const json::object& in) {
    auto direction = text_in(in, "direction");
    if (direction.empty()) direction = text_in(object_in(in, "normalizedMessage"), "direction");
    return lower_case(std::move(direction)) != "inbound";
}

// What was said: of another type it is not told.
std::string words_in(const json::object& in, std::string_view name) {
    const auto* value = find(in, name);
    return value != nullptr && value->is_string() ? text_in(in, name) : std::string();
}

remote_message read_message(const json::object& in) {
    const auto& normalized = object_in(in, "normalizedMessage");
    remote_message one;
    one.id = text_in(in, "id");
    one.text = words_in(normalized, "text");
    if (one.text.empty()) one.text = words_in(in, "textBody");
    one.timestamp = time_in(in, "timestamp").value_or(wall_time());
    one.status = text_in(in, "status");
    one.failure_reason = failure_reason_of(normalized);
    each_object_in(in, "normalizedReceipts", [&](const json::object& receipt) {
        if (one.failure_reason.empty()) one.failure_reason = failure_reason_of(receipt);
    });
    return one;
}

std::vector<std::string> template_values(const json::object& part) {
    std::vector<std::string> values;
    each_object_in(part, "parameters",
                   [&](const json::object& item) { values.push_back(text_in(item, "text")); });
    return values;
}

std::optional<shown_template> read_shown_template(const json::object& normalized) {
    std::optional<shown_template> shown;
    each_object_in(normalized, "content", [&](const json::object& item) {
        if (text_in(item, "contentType") != "Notification" && find(item, "template") == nullptr) return;
        const auto& in = object_in(item, "template");
        shown.emplace();
        shown->id = text_in(in, "id");
        shown->body = text_in(object_in(in, "body"), "text");
        shown->body_values = template_values(object_in(in, "body"));
        shown->header_values = template_values(object_in(in, "header"));
        each_object_in(in, "buttons", [&](const json::object& button) {
            auto values = template_values(button);
            std::ranges::move(values, std::back_inserter(shown->button_values));
        });
    });
    return shown;
}

chat_line read_chat_line(const json::object& in) {
    const auto& sender = object_in(in, "sender");
    chat_line line;
    line.message.id = text_in(in, "id");
    line.message.text = words_in(in, "body");
    line.message.timestamp = time_in(in, "timestamp").value_or(wall_time());
    line.sender_id = text_in(sender, "id");
    const auto kind = text_in(in, "bodyType");
    line.by_agent = lower_case(text_in(sender, "role")) == "agent" && (kind.empty() || kind == "standard");
    return line;
}

} // namespace

std::optional<conversation> read_conversation(const json_answer& body) {
    const auto* in = object_of(body);
    if (in == nullptr) return std::nullopt;
    conversation one;
    one.id = lower_case(text_in(*in, "id"));
    one.ended = find(*in, "endTime") != nullptr;
    each_object_in(*in, "participants",
                   [&](const json::object& item) { one.participants.push_back(read_participant(item)); });
    return one;
}

std::optional<listed_conversations> read_found_conversations(const json_answer& body) {
    const auto* in = object_of(body);
    if (in == nullptr) return std::nullopt;
    listed_conversations found;
    each_object_in(*in, "conversations", [&](const json::object& item) {
        if (find(item, "conversationEnd") == nullptr)
            add_once(found.ids, lower_case(text_in(item, "conversationId")));
    });
    found.total = number_in(*in, "totalHits").value_or(0);
    return found;
}

std::optional<listed_conversations> read_own_conversations(const json_answer& body) {
    const auto* in = object_of(body);
    if (in == nullptr) return std::nullopt;
    listed_conversations found;
    each_object_in(*in, "entities",
                   [&](const json::object& item) { add_once(found.ids, lower_case(text_in(item, "id"))); });
    found.total = static_cast<std::int64_t>(found.ids.size());
    return found;
}

sent_message read_sent_message(route way, const json_answer& body) {
    const auto* in = object_of(body);
    sent_message sent;
    if (in == nullptr) return sent;
    // Route agentless wraps the message; its id is the one that reading back shows.
    const auto& inner = traits_of(way).wraps_message ? object_in(*in, "message") : *in;
    sent.id = text_in(inner, "id");
    if (sent.id.empty()) sent.id = text_in(*in, "id");
    sent.status = text_in(inner, "status");
    // Route agentless names a customer, not a conversation: where that one is, the answer tells.
    if (traits_of(way).wraps_message) sent.conversation_id = lower_case(text_in(*in, "conversationId"));
    return sent;
}

std::optional<std::vector<shown_message>> read_messages(const json_answer& body) {
    const auto* in = object_of(body);
    if (in == nullptr) return std::nullopt;
    std::vector<shown_message> messages;
    each_object_in(*in, "entities", [&](const json::object& item) {
        shown_message one;
        one.message = read_message(item);
        one.outbound = is_outbound(item);
        one.text_body = words_in(item, "textBody");
        one.sent_by_template = read_shown_template(object_in(item, "normalizedMessage"));
        messages.push_back(std::move(one));
    });
    return messages;
}

std::optional<std::vector<chat_line>> read_chat(const json_answer& body) {
    const auto* in = object_of(body);
    if (in == nullptr) return std::nullopt;
    std::vector<chat_line> lines;
    each_object_in(*in, "entities", [&](const json::object& item) { lines.push_back(read_chat_line(item)); });
    return lines;
}

std::optional<token_owner> read_token_owner(const json_answer& body) {
    const auto* in = object_of(body);
    if (in == nullptr) return std::nullopt;
    const auto& client = object_in(*in, "OAuthClient");
    token_owner owner;
    owner.org = text_in(object_in(*in, "organization"), "name");
    owner.client = text_in(client, "name");
    owner.grant = text_in(client, "authorizedGrantType");
    return owner;
}

std::optional<std::map<std::string, std::int64_t>> read_limits(const json_answer& body) {
    const auto* in = object_of(body);
    if (in == nullptr) return std::nullopt;
    std::map<std::string, std::int64_t> limits;
    each_object_in(*in, "entities", [&](const json::object& item) {
        if (const auto limit = number_in(item, "value")) limits[text_in(item, "key")] = *limit;
    });
    return limits;
}

} // namespace cannedd
