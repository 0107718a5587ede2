// read_variables() and read_row_variables() of canned_response.hpp: the one place where numbers must keep the
// digits they were written with.
#include "genesys/canned_response.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <utility>

namespace cannedd {
namespace {

namespace json = boost::json;
using json::string_view;

bool is_group(const std::string& key) {
    return key == "header" || key == "body" || key == "button";
}

// Takes the events of the parser; what is not a flat object of scalars, groups apart, is `wrong`.
struct variables_handler {
    static constexpr std::size_t max_object_size = 10'000;
    static constexpr std::size_t max_array_size = 10'000;
    static constexpr std::size_t max_key_size = 1'000;
    static constexpr std::size_t max_string_size = 1'000'000;

    row_variables found;
    std::string group; // that it is in; empty: in none
    std::string key, part, wrong;
    int depth = 0;

    std::string path() const { return group.empty() ? key : group + "." + key; }

    bool scalar(std::string value) {
        part.clear();
        if (depth == 0) wrong = "it is not a JSON object";
        if (!wrong.empty()) return true;
        auto& values = group.empty() ? found.bare : found.groups[group];
        if (!values.emplace(key, std::move(value)).second) wrong = "it names '" + path() + "' twice";
        return true;
    }
    bool nested(const char* what) {
        if (depth > 0 && wrong.empty()) wrong = "'" + path() + "' is " + what;
        ++depth;
        return true;
    }
    bool enter() {
        if (depth != 1 || !is_group(key) || !wrong.empty()) return nested("an object");
        if (!found.groups.try_emplace(key).second) wrong = "it names '" + key + "' twice";
        group = key;
        ++depth;
        return true;
    }
    bool leave() {
        if (--depth == 1) group.clear();
        return true;
    }
    bool add(string_view text) {
        part.append(text.data(), text.size());
        return true;
    }
    std::string whole(string_view last) {
        add(last);
        return std::exchange(part, {});
    }

    bool on_document_begin(json::error_code&) { return true; }
    bool on_document_end(json::error_code&) { return true; }
    bool on_object_begin(json::error_code&) { return enter(); }
    bool on_object_end(std::size_t, json::error_code&) { return leave(); }
    bool on_array_begin(json::error_code&) {
        if (depth == 0) wrong = "it is not a JSON object";
        return nested("an array");
    }
    bool on_array_end(std::size_t, json::error_code&) { return leave(); }
    bool on_key_part(string_view text, std::size_t, json::error_code&) { return add(text); }
    bool on_key(string_view text, std::size_t, json::error_code&) {
        auto name = whole(text);
        if (wrong.empty()) key = std::move(name);
        return true;
    }
    bool on_string_part(string_view text, std::size_t, json::error_code&) { return add(text); }
    bool on_string(string_view text, std::size_t, json::error_code&) { return scalar(whole(text)); }
    bool on_number_part(string_view text, json::error_code&) { return add(text); }
    bool on_int64(std::int64_t, string_view text, json::error_code&) { return scalar(whole(text)); }
    bool on_uint64(std::uint64_t, string_view text, json::error_code&) { return scalar(whole(text)); }
    bool on_double(double, string_view text, json::error_code&) { return scalar(whole(text)); }
    bool on_bool(bool value, json::error_code&) { return scalar(value ? "true" : "false"); }
    bool on_null(json::error_code&) {
        if (depth == 0) wrong = "it is not a JSON object";
        if (depth > 0 && wrong.empty()) wrong = "'" + path() + "' is null";
        return true;
    }
    bool on_comment_part(string_view, json::error_code&) { return true; }
    bool on_comment(string_view, json::error_code&) { return true; }
};

failure bad_variables(const std::string& why) {
    return failure(errc::bad_variables,
                   "variables cannot be used: " + why +
                       "; write one JSON object whose values are strings, numbers or booleans");
}

} // namespace

result<row_variables> read_row_variables(std::string_view json_text) {
    json::basic_parser<variables_handler> parser{json::parse_options()};
    json::error_code failed;
    const auto used = parser.write_some(false, json_text.data(), json_text.size(), failed);
    auto& found = parser.handler();
    if (!failed && used < json_text.size()) return bad_variables("text follows after the JSON object");
    if (failed || !parser.done())
        return bad_variables("it is not JSON (at byte " + std::to_string(used) + ")");
    if (!found.wrong.empty()) return bad_variables(found.wrong);
    for (const auto& [group, values] : found.found.groups)
        if (found.found.bare.contains(group)) return bad_variables("it names '" + group + "' twice");
    return std::move(found.found);
}

result<variable_map> read_variables(std::string_view json_text) {
    auto read = read_row_variables(json_text);
    if (read.has_error()) return read.error();
    if (!read->groups.empty()) return bad_variables("'" + read->groups.begin()->first + "' is an object");
    return std::move(read->bare);
}

} // namespace cannedd
