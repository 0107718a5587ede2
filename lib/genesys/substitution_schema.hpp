// What a canned response of the library demands of its values: names that must be there, and of which type
// (its substitutionsSchema, a JSON Schema; the rest of that language is not looked at). Pure.
#pragma once

#include "genesys/canned_response.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cannedd {

struct substitution_schema {
    std::vector<std::string> required;
    std::map<std::string, std::vector<std::string>> types; // of a name: any of them will do
};

// The first fault: missing_variable for a name that nothing gives, bad_variables for a value of another type.
// Values are texts: `12` is a number wherever it came from.
std::optional<failure> check_values(const substitution_schema& schema, const substitution_sources& from,
                                    const std::string& response_name);

} // namespace cannedd
