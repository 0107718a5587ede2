// From a canned response and a row's variables to the text that a customer reads. Pure.
// `{{name}}` is replaced by the row's variable of that name, else the customer's attribute, else the
// library's default; once: what was put in is never scanned again. A name that nothing gives, or a `{{` that
// nothing closes, is an error: no customer ever reads {{name}}.
#pragma once

#include "error/result.hpp"

#include <map>
#include <string>
#include <string_view>

namespace cannedd {

using variable_map = std::map<std::string, std::string>;

// The row's column `variables`: one JSON object of strings, numbers (kept as they are written: 12.50
// stays 12.50) and booleans; anything else: bad_variables.
result<variable_map> read_variables(std::string_view json_text);

// Where a {{name}} gets its value, in this order.
struct substitution_sources {
    substitution_sources(const variable_map& variables_, const variable_map& attributes_,
                         const variable_map& defaults_)
        : variables(variables_), attributes(attributes_), defaults(defaults_) {}
    const variable_map& variables;
    const variable_map& attributes;
    const variable_map& defaults;
};

// response_name is for the sentence of a missing_variable.
result<std::string> substitute(std::string_view text, const substitution_sources& from,
                               const std::string& response_name);

} // namespace cannedd
