// One HTTP request and its answer as plain values: what the server hands to the simulated API and takes back.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cannedd::sim {

using milliseconds = std::chrono::milliseconds;
using wall_time = std::chrono::time_point<std::chrono::system_clock, milliseconds>;
using steady_time = std::chrono::steady_clock::time_point;
using header_list = std::vector<std::pair<std::string, std::string>>;

struct request {
    std::string method;
    std::string path; // still percent-encoded, without the query
    std::multimap<std::string, std::string> query;
    header_list headers;
    std::string body;
    // The header's value, names compared without case.
    std::optional<std::string> header(std::string_view name) const;
};

struct reply {
    reply() = default;
    explicit reply(int status_, std::string body_ = {}) : status(status_), body(std::move(body_)) {}
    int status = 200;
    header_list headers;
    std::string body;
};

} // namespace cannedd::sim
