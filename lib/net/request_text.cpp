#include "net/request_text.hpp"

#include <algorithm>

namespace cannedd {
namespace {

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// A method, a target or a header's name: one word.
bool is_word(std::string_view text) {
    const auto bad = [](char c) { return is_control(c) || c == ' '; };
    return !text.empty() && std::none_of(text.begin(), text.end(), bad);
}

bool is_value(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return is_control(c) && c != '\t'; });
}

bool is_header(const http_header& header) {
    return is_word(header.name) && header.name.find(':') == std::string::npos && is_value(header.value);
}

void add_header(std::string& text, std::string_view name, std::string_view value) {
    text.append(name).append(": ").append(value).append("\r\n");
}

} // namespace

std::optional<std::string> request_text(const http_request& request, const std::string& host_header,
                                        const std::string& user_agent) {
    const auto& headers = request.headers;
    if (!is_word(request.method) || !is_word(request.target) || !is_value(user_agent) ||
        !std::all_of(headers.begin(), headers.end(), is_header))
        return std::nullopt;

    std::string text;
    text.reserve(512 + request.body.size());
    text.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
    add_header(text, "Host", host_header);
    if (!user_agent.empty()) add_header(text, "User-Agent", user_agent);
    add_header(text, "Accept-Encoding", "identity"); // unsaid, any encoding would do (RFC 9110, 12.5.3)
    for (const auto& header : headers)
        add_header(text, header.name, header.value);
    if (!request.body.empty() || request.method == "POST")
        add_header(text, "Content-Length", std::to_string(request.body.size()));
    return text.append("\r\n").append(request.body);
}

} // namespace cannedd
