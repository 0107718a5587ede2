#include "genesys/substitution_schema.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace cannedd {
namespace {

std::optional<double> number_in(const std::string& value) {
    double number = 0;
    const auto* end = value.data() + value.size();
    const auto [stopped, failed] = std::from_chars(value.data(), end, number);
    if (failed != std::errc() || stopped != end || !std::isfinite(number)) return std::nullopt;
    return number;
}

bool is_of(const std::string& type, const std::string& value) {
    if (type == "boolean") return value == "true" || value == "false";
    if (type == "number") return number_in(value).has_value();
    if (type == "integer") {
        const auto number = number_in(value);
        return number && std::trunc(*number) == *number;
    }
    // No variable can be one of these; a type that JSON Schema does not know demands nothing.
    return type != "object" && type != "array" && type != "null";
}

std::string listed(const std::vector<std::string>& types) {
    std::string list;
    for (const auto& type : types)
        list += (list.empty() ? "" : " or ") + type;
    return list;
}

} // namespace

std::optional<failure> check_values(const substitution_schema& schema, const substitution_sources& from,
                                    const std::string& response_name) {
    for (const auto& name : schema.required)
        if (from.value_of(name) == nullptr) return missing_variable(response_name, name);
    for (const auto& [name, types] : schema.types) {
        const auto* value = from.value_of(name);
        const auto fits = [&](const std::string& type) { return is_of(type, *value); };
        if (value == nullptr || types.empty() || std::ranges::any_of(types, fits)) continue;
        return failure(errc::bad_variables,
                       "response '" + response_name + "' wants '" + name + "' to be of type " +
                           listed(types) +
                           " (its substitutionsSchema says so), and the value is not; "
                           "nothing was sent: insert a new row with another in variables");
    }
    return std::nullopt;
}

} // namespace cannedd
