// A row and what the API told of its conversation -> the bytes of a request. Input: the route's number, seven
// lines for the target, the text.
#include "genesys/requests.hpp"
#include "genesys/text_limits.hpp"
#include "net/request_text.hpp"
#include "property.hpp"

#include <boost/json.hpp>

#include <array>

using namespace cannedd;
using fuzz::must;

namespace {

target target_in(fuzz::input& in) {
    constexpr std::array ways{route::message, route::agentless, route::chat, route::tutorial};
    target to;
    to.way = ways.at(static_cast<std::size_t>(fuzz::number_in(in.line()) & 3));
    for (auto* field : {&to.conversation_id, &to.communication_id, &to.agent_id, &to.customer_id,
                        &to.from_address, &to.to_address, &to.messenger_type})
        *field = in.line();
    return to;
}

// What the API told was JSON.
bool is_utf8(const target& to) {
    return fuzz::is_utf8(to.agent_id + to.customer_id + to.from_address + to.to_address + to.messenger_type);
}

bool is_plain(std::string_view target) {
    return std::ranges::all_of(target, [](unsigned char c) { return c > ' ' && c < 0x7F; });
}

// Head and body are told apart as a server does it.
void check_bytes(const http_request& request) {
    const auto bytes = request_text(request, "api.mypurecloud.ie", "cannedd/1");
    must(bytes.has_value(), "what is built can be sent", request.target);
    const auto end = bytes->find("\r\n\r\n");
    must(bytes->substr(end + 4) == request.body, "a head ends where the body begins", *bytes);
    const auto head = std::string_view(*bytes).substr(0, end);
    must(static_cast<std::size_t>(std::ranges::count(head, '\n')) ==
             request.headers.size() + 2 + (request.method == "POST" ? 1 : 0) + 1,
         "a head has the lines that were meant", head);
    must(is_plain(request.target) && request.target.starts_with("/api/v2/"), "a target is a path",
         request.target);
}

void check_send(const target& to, const std::string& text) {
    const auto request = send_request(to, message_content(text));
    check_bytes(request.http);
    const auto body = boost::json::parse(request.http.body).as_object();
    const bool told = std::ranges::any_of(body, [&](const auto& member) {
        return member.value().is_string() && member.value() == boost::json::string(text);
    });
    must(told, "the text goes out as it is", request.http.body);
    if (to.way == route::message)
        must(std::ranges::count(request.http.target, '/') == 8, "an id is one segment", request.http.target);
}

void check_header(const std::string& name, const std::string& value) {
    http_request request("GET", "/api/v2/users/me");
    request.headers.emplace_back(name, value);
    const auto bytes = request_text(request, "api.mypurecloud.ie", "");
    if (bytes)
        must(std::ranges::count(*bytes, '\n') == 5 && bytes->find("\r\n\r\n") == bytes->size() - 4,
             "no value forges a header or a second request", *bytes);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    const auto to = target_in(in);
    const auto text = in.rest();
    check_header(to.communication_id, to.agent_id + "\n" + text);
    check_header(to.communication_id, text);
    check_bytes(conversation_request(to.conversation_id).http);
    check_bytes(chat_request(to.conversation_id, to.communication_id).http);
    check_bytes(response_request(to.conversation_id).http);
    check_bytes(bulk_request(to.conversation_id, {to.communication_id, to.agent_id}).http);
    check_bytes(libraries_request(to.agent_id, 1).http);
    check_bytes(limits_request(to.agent_id).http);
    const auto checked = check_text(text, to.way, to.messenger_type);
    must(checked.has_error() || *checked == text, "a text is taken as it is, or not at all", text);
    if (checked.has_error()) must(fuzz::is_utf8(checked.error().detail), "a reason is UTF-8");
    if (checked && is_utf8(to)) check_send(to, text);
    return 0;
}
