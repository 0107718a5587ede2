// read_variables() of canned_response.hpp: the one place where numbers must keep the digits they were written
// with.
#include "genesys/canned_response.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <utility>

namespace cannedd {
namespace {

namespace json = boost::json;
using json::string_view;

// Takes the events of the parser; what is not a flat object of scalars is `wrong`.
struct variables_handler {
    static constexpr std::size_t max_object_size = 10'000;
    static constexpr std::size_t max_array_size = 10'000;
    static constexpr std::size_t max_key_size = 1'000;
    static constexpr std::size_t max_string_size = 1'000'000;

    variable_map values;
    std::string key, part, wrong;
    int depth = 0;

    bool scalar(std::string value) {
        part.clear();
        if (depth == 0) wrong = "it is not a JSON object";
        if (depth > 1 || !wrong.empty()) return true;
        if (!values.emplace(key, std::move(value)).second) wrong = "it names '" + key + "' twice";
        return true;
    }
    bool nested(const char* what) {
        if (depth > 0 && wrong.empty()) wrong = "'" + key + "' is " + what;
        ++depth;
        return true;
    }
    bool leave() {
        --depth;
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
    bool on_object_begin(json::error_code&) { return nested("an object"); }
    bool on_object_end(std::size_t, json::error_code&) { return leave(); }
    bool on_array_begin(json::error_code&) {
        if (depth == 0) wrong = "it is not a JSON object";
        return nested("an array");
    }
    bool on_array_end(std::size_t, json::error_code&) { return leave(); }
    bool on_key_part(string_view text, std::size_t, json::error_code&) { return add(text); }
    bool on_key(string_view text, std::size_t, json::error_code&) {
        auto name = whole(text);
        if (depth == 1) key = std::move(name);
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
        if (depth == 1 && wrong.empty()) wrong = "'" + key + "' is null";
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

result<variable_map> read_variables(std::string_view json_text) {
    json::basic_parser<variables_handler> parser{json::parse_options()};
    json::error_code failed;
    const auto used = parser.write_some(false, json_text.data(), json_text.size(), failed);
    auto& found = parser.handler();
    if (!failed && used < json_text.size()) return bad_variables("text follows after the JSON object");
    if (failed || !parser.done())
        return bad_variables("it is not JSON (at byte " + std::to_string(used) + ")");
    if (!found.wrong.empty()) return bad_variables(found.wrong);
    return std::move(found.values);
}

} // namespace cannedd
