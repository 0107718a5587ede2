// HTTP as plain values: what the rooms above the network build and read. No Beast here.
#pragma once

#include "policy/facts.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cannedd {

struct http_header {
    http_header(std::string name_, std::string value_) : name(std::move(name_)), value(std::move(value_)) {}
    std::string name;
    std::string value;
};

struct http_request {
    http_request() = default;
    http_request(std::string method_, std::string target_)
        : method(std::move(method_)), target(std::move(target_)) {}
    std::string method;               // GET, POST
    std::string target;               // /api/v2/..., with its query
    std::vector<http_header> headers; // Host, User-Agent, Content-Length and such are the transport's
    std::string body;
};

struct http_reply {
    int status = 0;
    std::vector<http_header> headers;
    std::string body;
    // The header's value, names compared without case.
    std::optional<std::string_view> header(std::string_view name) const;
};

// One request from its beginning to its end.
struct http_exchange {
    phase reached = phase::not_connected;
    transport_fault fault = transport_fault::none; // none: `reply` is whole
    std::string detail;                            // the system's words for the fault
    http_reply reply; // its head may be there although `fault` says the body broke off
    std::chrono::steady_clock::duration took{};
};

} // namespace cannedd
