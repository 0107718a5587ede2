#include "oauth/reply_facts.hpp"

#include "text/identifier.hpp"
#include "text/json_reading.hpp"
#include "text/trimmed.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace cannedd {
namespace {

// A whole number, also one written with a fraction, which is rounded up; nothing when negative or not a
// number.
std::optional<int> number_of(std::string_view text) {
    text = trimmed(text);
    int value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || value < 0 || value > 1'000'000'000) return std::nullopt;
    const auto rest = text.substr(static_cast<std::size_t>(end - text.data()));
    if (rest.empty()) return value;
    if (rest.front() != '.' || rest.find_first_not_of("0123456789", 1) != std::string_view::npos)
        return std::nullopt;
    return rest.find_first_of("123456789", 1) != std::string_view::npos ? value + 1 : value;
}

std::optional<int> number_in_header(const http_reply& reply, std::string_view name) {
    const auto text = reply.header(name);
    return text ? number_of(*text) : std::nullopt;
}

// "... try again in [12] seconds"
std::optional<seconds> seconds_in_message(std::string_view message) {
    for (auto at = message.find('['); at != std::string_view::npos; at = message.find('[', at + 1)) {
        const auto close = message.find(']', at);
        if (close == std::string_view::npos) return std::nullopt;
        const auto value = number_of(message.substr(at + 1, close - at - 1));
        if (value && trimmed(message.substr(close + 1)).starts_with("second")) return seconds(*value);
    }
    return std::nullopt;
}

std::optional<seconds> retry_after_of(const http_reply& reply, std::string_view message, wall_time ours) {
    constexpr seconds longest = std::chrono::hours(24);
    std::optional<seconds> wait;
    if (const auto text = reply.header("Retry-After")) {
        if (const auto value = number_of(*text))
            wait = seconds(*value);
        else if (const auto date = parse_http_date(trimmed(*text)))
            wait = std::max(seconds(0), std::chrono::ceil<seconds>(*date - date_of(reply).value_or(ours)));
    }
    if (!wait && reply.status == 429) wait = seconds_in_message(message);
    return wait ? std::optional(std::min(*wait, longest)) : std::nullopt;
}

// A code or an id that goes into a column and a log: no spaces, no surprises.
std::string plain_token(std::string_view text, std::size_t bytes_max, const scrubber& hidden) {
    auto token = hidden.clean(text, bytes_max);
    std::erase_if(token, [](char c) {
        return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                 c == '_' || c == '-' || c == ':' || c == '*');
    });
    return token;
}

std::string content_type(const http_reply& reply) {
    const auto type = reply.header("Content-Type");
    return type && !type->empty() ? one_line(*type, 60) : std::string("no content type");
}

// What an ErrorBody, or the token service's error, says.
struct told {
    std::string code;
    std::string message;
    std::string permission, division; // that a 403 finds missing
    std::optional<int> under_good_status;
};

std::string either_in(const json::object& in, const char* name, const char* other) {
    auto text = text_in(in, name);
    return text.empty() ? text_in(in, other) : text;
}

told error_told_by(const json_answer& body) {
    told error;
    const auto* object = object_of(body);
    if (object == nullptr) return error;
    error.code = text_in(*object, "code");
    if (error.code.empty()) error.code = text_in(*object, "error");
    for (const auto* name : {"message", "messageWithParams", "error_description", "description"})
        if (error.message.empty()) error.message = text_in(*object, name);
    const auto& named = object_in(*object, "messageParams");
    error.permission = either_in(named, "permissions", "permission");
    error.division = either_in(named, "divisions", "division");
    return error;
}

bool is_text(const json::value* value) {
    return value != nullptr && value->is_string() && !value->get_string().empty();
}

// OAuth's error is a code of one word, or comes with a description.
bool is_oauth_error(const json::object& in) {
    const auto* error = in.if_contains("error");
    if (!is_text(error)) return false;
    return error->get_string().find(' ') == json::string::npos || is_text(in.if_contains("description")) ||
           is_text(in.if_contains("error_description"));
}

bool is_of_error_body(std::string_view member) {
    constexpr std::array<std::string_view, 9> members{
        "message",       "code",    "status", "contextId", "messageWithParams",
        "messageParams", "details", "errors", "limit"};
    return std::ranges::find(members, member) != members.end();
}

// Genesys' ErrorBody: its code is a word and its status that of the answer. Any of its members may be absent,
// but gateways answer with a message alone, and with members that it does not have.
bool is_error_body(const json::object& in, int http_status) {
    const auto* status = in.if_contains("status");
    if (status != nullptr && (!status->is_int64() || status->get_int64() != http_status)) return false;
    const auto* code = in.if_contains("code");
    if (code != nullptr) return is_text(code);
    if (std::ranges::any_of(in, [](const auto& member) { return !is_of_error_body(member.key()); }))
        return false;
    return status != nullptr || is_text(in.if_contains("contextId")) ||
           is_text(in.if_contains("messageWithParams"));
}

// At login Genesys speaks OAuth, and ErrorBody where it names a code.
bool is_login_error(const json::object& in, int http_status) {
    return is_oauth_error(in) || (in.contains("code") && is_error_body(in, http_status));
}

// A refusal that only an edge, a firewall or a proxy words like this.
bool is_an_edges(const http_reply& reply, due_body due, const json_answer& body) {
    if (reply.status < 400 || reply.status >= 500) return false;
    const auto* object = object_of(body);
    if (object == nullptr) return true;
    return due == due_body::token ? !is_login_error(*object, reply.status)
                                  : !is_error_body(*object, reply.status);
}

// An error of Genesys' under a good status, as a gateway makes it: which of the two is true nobody knows.
told error_under_good_status(due_body due, const json_answer& body) {
    const auto* object = object_of(body);
    const auto status = object != nullptr ? number_in(*object, "status").value_or(0) : 0;
    if (due == due_body::token || status < 400 || status > 599) return {};
    if (!is_error_body(*object, static_cast<int>(status))) return {};
    auto error = error_told_by(body);
    error.under_good_status = static_cast<int>(status);
    return error;
}

bool body_is_due(const http_reply& reply, due_body due, const json_answer& body) {
    if (due == due_body::json_or_nothing) return body || trimmed(reply.body).empty();
    return reply.status == 200 && body && body->is_object();
}

// What the role needs, unless the message names it.
std::string needed(const told& error) {
    const auto is_told = [&](const std::string& name) {
        return name.empty() || error.message.find(name) != std::string::npos;
    };
    if (error.permission.empty() || (is_told(error.permission) && is_told(error.division))) return {};
    return "; the role needs " + error.permission +
           (error.division.empty() ? "" : " in the division " + error.division);
}

bool names_a_compression(std::string_view codings) {
    while (!codings.empty()) {
        const auto end = std::min(codings.find(','), codings.size());
        const auto coding = trimmed(codings.substr(0, end));
        if (!coding.empty() && coding != "identity" && coding != "chunked") return true;
        codings.remove_prefix(std::min(end + 1, codings.size()));
    }
    return false;
}

// What the headers of this name say that the body was compressed by; empty: it was not.
std::string compression(const http_reply& reply, std::string_view name_in_lower_case) {
    for (const auto& [name, value] : reply.headers)
        if (lower_case(name) == name_in_lower_case && names_a_compression(lower_case(value)))
            return one_line(trimmed(value), 30);
    return {};
}

// Nobody asked for it: every request says Accept-Encoding: identity, and none has a TE.
std::string words_of_body(const http_reply& reply) {
    if (const auto by = compression(reply, "content-encoding"); !by.empty())
        return "a body that is compressed (" + by +
               "), though the request forbids it: a proxy or gateway on the way must let Accept-Encoding "
               "through, or not compress";
    if (const auto by = compression(reply, "transfer-encoding"); !by.empty())
        return "a body that is compressed for the way (Transfer-Encoding: " + by +
               "), though the request did not offer that: a proxy or gateway on the way must not compress, "
               "chunked alone is read";
    return "a body that is not understood (" + content_type(reply) + ", " +
           std::to_string(reply.body.size()) + " bytes)";
}

std::string sentence(const http_reply& reply, const told& error) {
    std::string text = "HTTP " + std::to_string(reply.status);
    if (error.under_good_status)
        text += " that brings an error in its body: " + std::to_string(*error.under_good_status);
    if (!error.code.empty()) text += " " + error.code;
    const auto needs = reply.status == 403 ? needed(error) : std::string();
    if (!error.message.empty()) return text + ": " + error.message + needs;
    if (!error.code.empty() || error.under_good_status) return text + needs;
    if (reply.body.empty()) return text + " without a body";
    return text + " with " + words_of_body(reply);
}

// A JSON object that is whole is no part of a longer one. So a reply of unknown length is whole with it,
// although the connection ended without TLS's goodbye, as that of old servers does.
bool ended_with_its_object(const http_exchange& exchange, const json_answer& body) {
    const auto& reply = exchange.reply;
    if (exchange.fault != transport_fault::connection_lost || reply.header("Content-Length") ||
        reply.header("Transfer-Encoding"))
        return false;
    return object_of(body) != nullptr;
}

} // namespace

request_facts facts_of(const http_exchange& exchange, const json_answer& parsed, due_body due,
                       const scrubber& hidden, wall_time now) {
    const auto& reply = exchange.reply;
    request_facts facts;
    facts.reached = exchange.reached;
    facts.fault = ended_with_its_object(exchange, parsed) ? transport_fault::none : exchange.fault;
    facts.http_status = reply.status;
    if (const auto id = reply.header("ININ-Correlation-Id"))
        facts.correlation_id = plain_token(*id, 80, hidden);

    const bool read_to_its_end = facts.fault == transport_fault::none && reply.status != 0;
    const bool good = reply.status >= 200 && reply.status < 300;
    const auto body = read_to_its_end ? parsed : json_answer();
    const auto error = good ? error_under_good_status(due, body) : error_told_by(body);
    facts.api_code = plain_token(error.code, 80, hidden);
    facts.retry_after = retry_after_of(reply, error.message, now);
    facts.not_the_apis = read_to_its_end && is_an_edges(reply, due, body);
    facts.reply_whole =
        read_to_its_end && (!good || (!error.under_good_status && body_is_due(reply, due, body)));
    if (facts.fault != transport_fault::none)
        facts.detail = hidden.clean(exchange.detail.empty() ? name_of(exchange.fault) : exchange.detail);
    else if (!facts.reply_whole || !good)
        facts.detail = hidden.clean(sentence(reply, error));
    return facts;
}

rate_headers rate_headers_of(const http_reply& reply) {
    rate_headers seen;
    seen.allowed = number_in_header(reply, "inin-ratelimit-allowed");
    seen.count = number_in_header(reply, "inin-ratelimit-count");
    if (const auto reset = number_in_header(reply, "inin-ratelimit-reset")) seen.reset = seconds(*reset);
    return seen;
}

std::optional<wall_time> date_of(const http_reply& reply) {
    const auto text = reply.header("Date");
    return text ? parse_http_date(trimmed(*text)) : std::nullopt;
}

} // namespace cannedd
