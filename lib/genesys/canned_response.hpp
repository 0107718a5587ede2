// From a canned response and a row's variables to the text that a customer reads. Pure.
// `{{name}}` is replaced by the row's variable of that name, else what is built in (built_ins.hpp), else the
// customer's attribute, else the library's default; once: what was put in is never scanned again. A name that
// nothing gives, or a `{{` that nothing closes, is an error: no customer ever reads {{name}}.
#pragma once

#include "error/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cannedd {

using variable_map = std::map<std::string, std::string>;

// The row's column `variables`: one JSON object of strings, numbers (kept as they are written: 12.50
// stays 12.50) and booleans; anything else: bad_variables.
result<variable_map> read_variables(std::string_view json_text);

// The same for a template of WhatsApp, where the members header, body and button may be objects of such
// values.
struct row_variables {
    variable_map bare;
    std::map<std::string, variable_map> groups;
};
result<row_variables> read_row_variables(std::string_view json_text);

// Where a {{name}} gets its value, in this order.
struct substitution_sources {
    substitution_sources(const variable_map& variables_, const variable_map& built_ins_,
                         const variable_map& attributes_, const variable_map& defaults_)
        : variables(variables_), built_ins(built_ins_), attributes(attributes_), defaults(defaults_) {}
    const std::string* value_of(const std::string& name) const; // null: nothing gives one
    const variable_map& variables;
    const variable_map& built_ins;
    const variable_map& attributes;
    const variable_map& defaults;
};

failure missing_variable(const std::string& response_name, const std::string& name);

// The names between {{ and }}, as they come.
std::vector<std::string> names_in(std::string_view text);
// The failure of a text with a {{ that nothing closes.
std::optional<failure> unclosed_name(std::string_view text, const std::string& response_name);

// response_name is for the sentence of a missing_variable.
result<std::string> substitute(std::string_view text, const substitution_sources& from,
                               const std::string& response_name);

} // namespace cannedd
