// The published structure of the API (openapi-extract.json): which operations there are, and whether a
// request or an answer keeps to it. The tutorial's own send, which no published API has, is added here.
#pragma once

#include "simulator/exchange.hpp"
#include "simulator/json_reading.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cannedd::sim {

struct operation {
    std::string id;   // operationId
    std::string name; // the short name that plans and statistics use
    std::string method;
    std::string path;                  // its template
    std::vector<std::string> segments; // "{name}" stands for any
    const json::object* description = nullptr;
    std::vector<std::string> permissions;
    bool all_permissions = false; // else any of them
    bool is_send = false;
};

struct matched {
    const operation* what = nullptr; // nothing: no such operation
    bool path_known = false;         // with another method
    std::map<std::string, std::string> parameters;
};

class openapi {
public:
    explicit openapi(std::string_view document);

    matched find(const std::string& method, const std::string& path) const;
    // Each fault as a sentence.
    std::vector<std::string> check_request(const matched& to, const request& req,
                                           const json::value* body) const;
    std::vector<std::string> check_reply(const operation& of, const reply& answer) const;
    bool is_limit_namespace(const std::string& name) const;

private:
    void check(const json::value& schema, const json::value& value, const std::string& where,
               std::vector<std::string>& faults) const;
    void check_object(const json::object& schema, const json::value& value, const std::string& where,
                      std::vector<std::string>& faults) const;
    void check_query(const operation& of, const request& req, std::vector<std::string>& faults) const;
    void check_body(const operation& of, const request& req, const json::value* body,
                    std::vector<std::string>& faults) const;
    const json::value& resolved(const json::value& schema) const;

    json::value document_;
    std::vector<operation> operations_;
};

// The document that was embedded when the simulator was built.
std::string_view openapi_document();

} // namespace cannedd::sim
