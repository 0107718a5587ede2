#include "simulator/request_copy.hpp"

#include "simulator/encoding.hpp"

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/predicate.hpp>

#include <set>

namespace cannedd::sim {
namespace {

constexpr auto hidden = "***";

bool is_secret(const std::string& field) {
    static const std::set<std::string> names{"assertion",     "client_assertion", "client_secret",
                                             "code",          "code_verifier",    "password",
                                             "refresh_token", "access_token",     "id_token"};
    return names.contains(field);
}

// The scheme is no secret.
std::string without_credentials(const std::string& authorization) {
    return authorization.substr(0, authorization.find(' ')) + " " + hidden;
}

json::object fields_of(const std::multimap<std::string, std::string>& fields) {
    json::object out;
    for (const auto& [name, value] : fields)
        out[name] = is_secret(name) ? hidden : value;
    return out;
}

json::object headers_of(const request& req) {
    json::object out;
    for (const auto& [name, value] : req.headers) {
        const auto key = boost::algorithm::to_lower_copy(name);
        out[key] = key == "authorization" ? without_credentials(value) : value;
    }
    return out;
}

json::value body_of(const request& req) {
    const auto type = req.header("content-type").value_or("");
    if (boost::algorithm::istarts_with(type, "application/x-www-form-urlencoded"))
        return fields_of(form_fields(req.body));
    json::error_code error;
    auto body = json::parse(req.body, error);
    return error ? json::value(json::string(req.body)) : body;
}

} // namespace

json::object copy_of(const request& req) {
    json::object out{{"query", fields_of(req.query)}, {"headers", headers_of(req)}};
    if (!req.body.empty()) out["body"] = body_of(req);
    return out;
}

} // namespace cannedd::sim
