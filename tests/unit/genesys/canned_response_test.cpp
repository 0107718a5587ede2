#include "genesys/canned_response.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

namespace {

std::string code_of(const auto& outcome) {
    return outcome.has_value() ? std::string("ok") : std::string(name_of(outcome.error().code));
}

result<std::string> fill(std::string_view text, const variable_map& variables = {},
                         const variable_map& attributes = {}, const variable_map& defaults = {},
                         const variable_map& built_ins = {}) {
    return substitute(text, substitution_sources(variables, built_ins, attributes, defaults), "greeting");
}

} // namespace

BOOST_AUTO_TEST_SUITE(canned_response_)

BOOST_AUTO_TEST_CASE(variables_are_one_flat_object_of_scalars) {
    struct {
        const char* text;
        const char* reason;
    } table[] = {
        {"{}", "ok"},
        {R"({"name":"Ada","n":3,"b":true})", "ok"},
        {" {\"a\" : \"b\"} ", "ok"},
        {"", "bad_variables"},
        {"[]", "bad_variables"},
        {"3", "bad_variables"},
        {"null", "bad_variables"},
        {R"("text")", "bad_variables"},
        {R"({"a":null})", "bad_variables"},
        {R"({"a":[1]})", "bad_variables"},
        {R"({"a":{"b":1}})", "bad_variables"},
        {R"({"a":1,"a":2})", "bad_variables"},
        {R"({"a":1} x)", "bad_variables"},
        {R"({"a":1}{"b":2})", "bad_variables"},
        {R"({"a":1,})", "bad_variables"},
        {R"({'a':1})", "bad_variables"},
        {R"({"a":1)", "bad_variables"},
        {R"({"a":NaN})", "bad_variables"},
        {"{\"a\":\"\xFF\"}", "bad_variables"},
    };
    for (const auto& row : table)
        BOOST_TEST(code_of(read_variables(row.text)) == row.reason, row.text);
}

BOOST_AUTO_TEST_CASE(a_complaint_about_variables_names_the_one_that_is_wrong) {
    BOOST_TEST(read_variables(R"({"ok":1,"bad":null})").error().detail.find("'bad' is null") !=
               std::string::npos);
    BOOST_TEST(read_variables(R"({"bad":[]})").error().detail.find("'bad' is an array") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_template_may_have_its_variables_in_groups) {
    const auto read =
        read_row_variables(R"({"name":"Ada","header":{"1":"a"},"body":{"1":2,"2":true},"button":{}})");
    BOOST_TEST(read->bare.at("name") == "Ada");
    BOOST_TEST(read->bare.size() == 1U);
    BOOST_TEST(read->groups.at("header").at("1") == "a");
    BOOST_TEST(read->groups.at("body").at("1") == "2");
    BOOST_TEST(read->groups.at("body").at("2") == "true");
    BOOST_TEST(read->groups.at("button").empty());
    struct {
        const char* text;
        const char* names;
    } wrong[] = {
        {R"({"footer":{"1":"a"}})", "'footer' is an object"},
        {R"({"body":{"1":{"2":"a"}}})", "'body.1' is an object"},
        {R"({"body":{"header":{"2":"a"}}})", "'body.header' is an object"},
        {R"({"body":{"1":["a"]}})", "'body.1' is an array"},
        {R"({"body":{"1":null}})", "'body.1' is null"},
        {R"({"body":{"1":"a","1":"b"}})", "'body.1' twice"},
        {R"({"body":{"1":"a"},"body":{"2":"b"}})", "'body' twice"},
        {R"({"body":"a","body":{"2":"b"}})", "'body' twice"},
    };
    for (const auto& row : wrong) {
        const auto bad = read_row_variables(row.text);
        BOOST_TEST(code_of(bad) == "bad_variables", row.text);
        if (bad.has_error())
            BOOST_TEST(bad.error().detail.find(row.names) != std::string::npos, bad.error().detail);
    }
    BOOST_TEST(read_variables(R"({"body":{"1":"a"}})").error().detail.find("'body' is an object") !=
               std::string::npos);
    BOOST_TEST(read_variables(R"({"header":"a"})")->at("header") == "a");
}

BOOST_AUTO_TEST_CASE(a_number_keeps_the_digits_it_was_written_with) {
    const auto values = read_variables(
        R"({"price":12.50,"big":123456789012345678901234567890,"neg":-0,"e":1e3,"i":42,"t":true,"f":false,"s":"\u00fc\n"})");
    BOOST_TEST(values->at("price") == "12.50");
    BOOST_TEST(values->at("big") == "123456789012345678901234567890");
    BOOST_TEST(values->at("neg") == "-0");
    BOOST_TEST(values->at("e") == "1e3");
    BOOST_TEST(values->at("i") == "42");
    BOOST_TEST(values->at("t") == "true");
    BOOST_TEST(values->at("f") == "false");
    BOOST_TEST(values->at("s") == "\u00FC\n");
}

BOOST_AUTO_TEST_CASE(a_name_is_given_by_the_row_else_the_customer_else_the_library) {
    BOOST_TEST(fill("{{a}}{{ b }}{{c}}", {{"a", "1"}}, {{"a", "2"}, {"b", "2"}},
                    {{"a", "3"}, {"b", "3"}, {"c", "3"}})
                   .value() == "123");
}

BOOST_AUTO_TEST_CASE(what_is_built_in_comes_after_the_row_and_before_the_customer) {
    const variable_map built_ins{{"AGENT_NAME", "Ann"}};
    BOOST_TEST(fill("{{AGENT_NAME}}", {}, {{"AGENT_NAME", "no"}}, {}, built_ins).value() == "Ann");
    BOOST_TEST(fill("{{AGENT_NAME}}", {{"AGENT_NAME", "Eve"}}, {}, {}, built_ins).value() == "Eve");
    BOOST_TEST(code_of(fill("{{agent_name}}", {}, {}, {}, built_ins)) == "missing_variable");
}

BOOST_AUTO_TEST_CASE(what_was_put_in_is_never_scanned_again) {
    BOOST_TEST(fill("Hi {{a}}", {{"a", "{{b}}"}, {"b", "no"}}).value() == "Hi {{b}}");
    BOOST_TEST(fill("{{a}}{{b}}", {{"a", "{{"}, {"b", "b}}"}}).value() == "{{b}}");
}

BOOST_AUTO_TEST_CASE(a_name_that_nothing_gives_is_missing_and_named) {
    const auto missing = fill("Dear {{first name}}, {{b}}", {{"b", "x"}});
    BOOST_TEST(code_of(missing) == "missing_variable");
    BOOST_TEST(missing.error().detail.find("'first name'") != std::string::npos);
    BOOST_TEST(missing.error().detail.find("'greeting'") != std::string::npos);
    BOOST_TEST(code_of(fill("Dear {{")) == "missing_variable");
    BOOST_TEST(code_of(fill("Dear {{name", {{"name", "Ada"}})) == "missing_variable");
    BOOST_TEST(code_of(fill("Dear {{}}", {{"a", "b"}})) == "missing_variable");
}

BOOST_AUTO_TEST_CASE(single_braces_are_text) {
    BOOST_TEST(fill("a } b { c }} {x}").value() == "a } b { c }} {x}");
}

BOOST_AUTO_TEST_SUITE_END()
