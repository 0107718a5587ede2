#include "bench/sink_answers.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace cannedd::bench {
namespace {

constexpr std::string_view conversations = "/api/v2/conversations/";
constexpr std::string_view messages = "messages/";

// A header's value; names are compared without regard to case, as some clients write them small.
std::string_view header(std::string_view head, std::string_view name) {
    for (auto at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at)) {
        at += 2;
        const auto same = [](char one, char other) { return (one | 0x20) == (other | 0x20); };
        const auto line = head.substr(at, head.find("\r\n", at) - at);
        if (line.size() <= name.size() || line[name.size()] != ':') continue;
        if (!std::equal(name.begin(), name.end(), line.begin(), same)) continue;
        const auto begin = line.find_first_not_of(' ', name.size() + 1);
        return begin == std::string_view::npos ? std::string_view() : line.substr(begin);
    }
    return {};
}

std::size_t number(std::string_view text) {
    std::size_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

void classify(request_view& request, std::string_view method, std::string_view target) {
    if (target == "/oauth/token") {
        request.what = operation::token;
        return;
    }
    if (!target.starts_with(conversations)) return;
    auto rest = target.substr(conversations.size());
    if (method == "GET" && rest == "messages") {
        request.what = operation::list;
    } else if (method == "GET" && rest.find('/') == std::string_view::npos) {
        request.what = operation::conversation;
        request.conversation_id = rest;
    } else if (method == "POST" && rest.starts_with(messages) && rest.ends_with("/messages")) {
        rest.remove_prefix(messages.size());
        request.what = operation::message;
        request.conversation_id = rest.substr(0, rest.find('/'));
    }
}

std::string answer(std::string_view status, std::string_view date, std::string_view body) {
    std::string whole("HTTP/1.1 ");
    whole.reserve(320 + body.size());
    whole.append(status).append("\r\nDate: ").append(date);
    whole.append("\r\nContent-Type: application/json\r\n"
                 "ININ-Correlation-Id: 5f1c3a52-0000-4000-8000-00000000c0de\r\nContent-Length: ");
    return whole.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
}

// `state`: connected or alerting.
std::string communication(std::string_view id, std::string_view state) {
    std::string text(R"({"id":")");
    text.append(id).append(R"(","state":")").append(state);
    text.append(R"(","initialState":"alerting","held":false,"segments":[],"direction":"inbound",)"
                R"("provider":"PureCloud Messaging","startAlertingTime":"2026-01-01T00:00:00.000Z",)");
    if (state == "connected") text.append(R"("connectedTime":"2026-01-01T00:00:01.000Z",)");
    return text.append(
        R"("afterCallWorkRequired":false,"type":"webmessaging","recipientType":"mobile",)"
        R"("fromAddress":{"addressNormalized":"customer","addressRaw":"customer"},)"
        R"("toAddress":{"addressNormalized":"deployment","addressRaw":"deployment"},"messages":[]})");
}

// Ids of what belongs to a conversation are its own with another first digit.
std::string related(std::string_view conversation_id, char digit) {
    std::string id(conversation_id);
    if (!id.empty()) id.front() = digit;
    return id;
}

// How programs.py numbers the conversations of account 0.
std::string served_conversation(std::size_t number) {
    const auto digits = std::to_string(number);
    return "c0000000-0000-4000-8000-" + std::string(12 - digits.size(), '0') + digits;
}

// As a list has a participant: `id`, `purpose` and whom it is connected with apart, all alike.
std::string listed_participant(std::string_view id, std::string_view purpose, std::string_view peer) {
    std::string text(R"({"id":")");
    text.append(id).append(R"(","purpose":")").append(purpose);
    text.append(R"(","name":")").append(purpose).append(R"(","peer":")").append(peer);
    return text.append(
        R"(","state":"connected","direction":"inbound","held":false,"wrapupRequired":false,)"
        R"("startTime":"2026-01-01T00:00:00.000Z","connectedTime":"2026-01-01T00:00:01.000Z",)"
        R"("provider":"PureCloud Messaging","type":"webmessaging","recipientType":"mobile","attributes":{},)"
        R"("fromAddress":{"addressNormalized":"customer","addressRaw":"customer"},)"
        R"("toAddress":{"addressNormalized":"deployment","addressRaw":"deployment"},"messages":[])");
}

std::string listed_conversation(std::string_view id) {
    std::string text(R"({"id":")");
    text.append(id).append(R"(","participants":[)");
    text.append(listed_participant(related(id, 'e'), "customer", related(id, 'd'))).append("},");
    text.append(listed_participant(related(id, 'b'), "agent", related(id, 'f')));
    text.append(R"(,"user":{"id":")").append(related(id, 'a')).append(R"("}}],"otherMediaUris":[],)");
    return text.append(R"("selfUri":"/api/v2/conversations/messages/)").append(id).append("\"}");
}

} // namespace

std::optional<request_view> first_request(std::string_view buffer) {
    const auto end = buffer.find("\r\n\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    const auto head = buffer.substr(0, end + 2);
    const auto head_size = end + 4;
    const auto body_size = number(header(head, "content-length"));
    if (buffer.size() < head_size + body_size) return std::nullopt;
    request_view request;
    request.body = buffer.substr(head_size, body_size);
    request.size = head_size + body_size;
    const auto method = head.substr(0, head.find(' '));
    auto target = head.substr(std::min(method.size() + 1, head.size()));
    classify(request, method, target.substr(0, target.find_first_of(" ?\r")));
    return request;
}

std::optional<std::size_t> text_number(std::string_view body) {
    constexpr std::string_view before = "\"m";
    for (auto at = body.find(before); at != std::string_view::npos; at = body.find(before, at + 1)) {
        const auto digits = body.substr(at + before.size());
        std::size_t value = 0;
        const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        if (failed == std::errc() && end != digits.data() + digits.size() && *end == ' ') return value;
    }
    return std::nullopt;
}

std::string token_answer(std::string_view date) {
    return answer("200 OK", date,
                  R"({"access_token":"bench-token","token_type":"bearer","expires_in":86400})");
}

std::string conversation_answer(std::string_view conversation_id, std::string_view date) {
    const bool rings = conversation_id.starts_with('7');
    std::string body(R"({"id":")");
    body.append(conversation_id)
        .append(R"(","startTime":"2026-01-01T00:00:00.000Z","participants":[{"id":")");
    body.append(related(conversation_id, 'e'));
    body.append(R"(","purpose":"customer","name":"customer","startTime":"2026-01-01T00:00:00.000Z",)"
                R"("wrapupRequired":false,"attributes":{},"messages":[)");
    body.append(communication(related(conversation_id, 'f'), "connected"));
    body.append(R"(],"chats":[]},{"id":")").append(related(conversation_id, 'b'));
    body.append(R"(","purpose":"agent","name":"agent","userId":")").append(related(conversation_id, 'a'));
    body.append(
        R"(","startTime":"2026-01-01T00:00:00.000Z","wrapupRequired":false,"attributes":{},"messages":[)");
    body.append(communication(related(conversation_id, 'd'), rings ? "alerting" : "connected"));
    body.append(R"(],"chats":[]}],"recordingState":"NONE",)");
    if (conversation_id.starts_with('6')) body.append(R"("endTime":"2026-01-01T00:01:00.000Z",)");
    body.append(R"("selfUri":"/api/v2/conversations/)");
    body.append(conversation_id).append("\"}");
    return answer("200 OK", date, body);
}

std::string list_answer(std::size_t served, std::string_view date) {
    std::string body(R"({"entities":[)");
    for (std::size_t number = 0; number < served; ++number) {
        if (number > 0) body += ',';
        body += listed_conversation(served_conversation(number));
    }
    body.append(R"(],"pageSize":)").append(std::to_string(served));
    body.append(R"(,"pageNumber":1,"pageCount":1,"total":)").append(std::to_string(served)).append("}");
    return answer("200 OK", date, body);
}

std::string message_answer(std::string_view conversation_id, std::uint64_t serial, std::string_view date) {
    std::array<char, 40> id{};
    std::snprintf(id.data(), id.size(), "90000000-0000-4000-8000-%012llx",
                  static_cast<unsigned long long>(serial));
    std::string body(R"({"id":")");
    body.append(id.data()).append(R"(","conversationId":")").append(conversation_id);
    body.append(R"(","status":"queued","direction":"outbound","timestamp":"2026-01-01T00:00:00.000Z",)"
                R"("messengerType":"webmessaging","fromAddress":"deployment","toAddress":"customer",)"
                R"("normalizedMessage":{"id":")");
    body.append(id.data()).append(
        R"(","type":"Text","direction":"Outbound"},"selfUri":"/api/v2/conversations/messages/)");
    body.append(conversation_id).append("/messages/").append(id.data()).append("\"}");
    return answer("200 OK", date, body);
}

std::string not_found_answer(std::string_view date) {
    return answer("404 Not Found", date, R"({"message":"nothing here","code":"not.found","status":404})");
}

} // namespace cannedd::bench
