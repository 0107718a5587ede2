// The names and types that a library's response demands.
#include "genesys/replies.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

namespace {

std::string reason(const std::string& schema, const variable_map& variables,
                   const variable_map& attributes = {}, const variable_map& defaults = {}) {
    const auto response =
        read_response(parse_answer(R"({"id":"r","libraries":[],"substitutionsSchema":)" + schema + "}"));
    const variable_map none;
    const substitution_sources from(variables, none, attributes, defaults);
    const auto fault = check_values(response->schema, from, "greeting");
    return fault ? std::string(name_of(fault->code)) : "ok";
}

std::string of_type(const std::string& type) {
    return R"({"type":"object","properties":{"a":{"type":)" + type + "}}}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(substitution_schema_)

BOOST_AUTO_TEST_CASE(a_required_name_must_be_given_by_somebody) {
    const auto* schema = R"({"required":["a"]})";
    BOOST_TEST(reason(schema, {}) == "missing_variable");
    BOOST_TEST(reason(schema, {{"b", "1"}}) == "missing_variable");
    BOOST_TEST(reason(schema, {{"a", "1"}}) == "ok");
    BOOST_TEST(reason(schema, {}, {{"a", "1"}}) == "ok");
    BOOST_TEST(reason(schema, {}, {}, {{"a", "1"}}) == "ok");
}

BOOST_AUTO_TEST_CASE(a_value_is_of_its_type_wherever_it_came_from) {
    struct {
        const char* type;
        const char* value;
        const char* reason;
    } table[] = {
        {R"("string")", "12", "ok"},
        {R"("string")", "", "ok"},
        {R"("number")", "12.50", "ok"},
        {R"("number")", "-3e2", "ok"},
        {R"("number")", "12,50", "bad_variables"},
        {R"("number")", "", "bad_variables"},
        {R"("number")", "inf", "bad_variables"},
        {R"("integer")", "12", "ok"},
        {R"("integer")", "12.0", "ok"},
        {R"("integer")", "12.5", "bad_variables"},
        {R"("boolean")", "true", "ok"},
        {R"("boolean")", "yes", "bad_variables"},
        {R"("object")", "{}", "bad_variables"},
        {R"(["integer","boolean"])", "false", "ok"},
        {R"(["integer","boolean"])", "x", "bad_variables"},
        {R"("whatever")", "x", "ok"},
        {"null", "x", "ok"},
        {"[]", "x", "ok"},
    };
    for (const auto& row : table) {
        BOOST_TEST(reason(of_type(row.type), {{"a", row.value}}) == row.reason, row.type << " " << row.value);
        BOOST_TEST(reason(of_type(row.type), {}, {{"a", row.value}}) == row.reason, row.type);
    }
    BOOST_TEST(reason(of_type(R"("number")"), {}) == "ok");
}

BOOST_AUTO_TEST_CASE(a_fault_names_what_it_is_about_and_not_the_value) {
    const auto response =
        read_response(parse_answer(R"({"substitutionsSchema":)" + of_type(R"(["integer","number"])") + "}"));
    const variable_map values{{"a", "secret words"}}, none;
    const auto why =
        check_values(response->schema, substitution_sources(values, none, none, none), "greeting");
    for (const auto* part : {"'greeting'", "'a'", "integer or number"})
        BOOST_TEST(why->detail.find(part) != std::string::npos, why->detail);
    BOOST_TEST(why->detail.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_schema_that_is_none_demands_nothing) {
    for (const auto* schema :
         {"null", "{}", "3", R"({"required":3,"properties":[]})", R"({"properties":{"a":3}})"})
        BOOST_TEST(reason(schema, {{"a", "x"}}) == "ok", schema);
}

BOOST_AUTO_TEST_SUITE_END()
