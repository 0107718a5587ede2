#include "genesys/whatsapp_template.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>

using namespace cannedd;
namespace json = boost::json;

namespace {

whatsapp_template order_update() {
    whatsapp_template what;
    what.name = "order_update";
    what.header = "Order {{1}}";
    what.body = "Dear {{1}}, it comes on {{day}}.";
    what.footer = "Shop";
    what.buttons = {{"Track", "https://shop.example/{{1}}"}, {"Stop", ""}};
    return what;
}

result<message_content> fill(const whatsapp_template& what, const std::string& variables,
                             const variable_map& built_ins = {}, const variable_map& attributes = {},
                             const variable_map& defaults = {}) {
    const variable_map none;
    const substitution_sources others(none, built_ins, attributes, defaults);
    return fill_template(what, "r-1", read_row_variables(variables).value(), others, "greeting");
}

const std::string nested =
    R"({"header":{"1":"A-17"},"body":{"1":"Ada"},"button":{"1":"track/17"},"day":"Monday"})";

std::string missing(const whatsapp_template& what, const std::string& variables) {
    const auto filled = fill(what, variables);
    if (filled.has_value()) return "ok";
    BOOST_TEST((filled.error().code == errc::missing_variable));
    return filled.error().detail;
}

shown_template shown(const std::string& id, std::vector<std::string> body_values = {},
                     std::vector<std::string> header_values = {}, std::vector<std::string> button_values = {},
                     const std::string& body = "") {
    shown_template one;
    one.id = id;
    one.body = body;
    one.body_values = std::move(body_values);
    one.header_values = std::move(header_values);
    one.button_values = std::move(button_values);
    return one;
}

std::string finding(const std::string& text, const shown_template& parts, const message_content& sent) {
    switch (compare(text, parts, sent)) {
    case finding_of_template::ours: return "ours";
    case finding_of_template::another: return "another";
    case finding_of_template::untold: break;
    }
    return "untold";
}

} // namespace

BOOST_AUTO_TEST_SUITE(whatsapp_template_)

BOOST_AUTO_TEST_CASE(each_part_has_its_parameters_and_the_text_reads_as_the_customer_reads_it) {
    const auto filled = fill(order_update(), nested).value();
    BOOST_TEST(filled.text == "Order A-17\nDear Ada, it comes on Monday.\nShop\n"
                              "[Track] https://shop.example/track/17\n[Stop]");
    BOOST_TEST((json::parse(messaging_template_of(filled)) == json::parse(R"({"responseId":"r-1",
        "headerParameters":[{"id":"1","value":"A-17"}],
        "bodyParameters":[{"id":"1","value":"Ada"},{"id":"day","value":"Monday"}],
        "buttonUrlParameters":[{"id":"1","value":"track/17"}]})")),
               messaging_template_of(filled));
}

BOOST_AUTO_TEST_CASE(a_template_without_parameters_names_none) {
    whatsapp_template what;
    what.body = "Hello";
    BOOST_TEST(messaging_template_of(fill(what, "{}").value()) == R"({"responseId":"r-1"})");
}

BOOST_AUTO_TEST_CASE(a_bare_value_is_the_bodys_where_ids_collide) {
    auto what = order_update();
    BOOST_TEST(missing(what, R"({"1":"Ada","day":"Monday"})").find("header parameter '1'") !=
               std::string::npos);
    BOOST_TEST(
        missing(what, R"({"1":"Ada","day":"Monday","header":{"1":"A"}})").find("button parameter '1'") !=
        std::string::npos);
    BOOST_TEST(
        missing(what, R"({"header":{"1":"A"},"button":{"1":"B"},"1":"Ada"})").find("body parameter 'day'") !=
        std::string::npos);
    what.buttons.clear();
    what.header = "Order {{order}}";
    BOOST_TEST(missing(what, R"({"1":"Ada","day":"Monday","order":"A-17"})") == "ok");
    what.buttons = {{"Track", "https://shop.example/{{order}}"}}; // whose would a bare one be?
    BOOST_TEST(
        missing(what, R"({"1":"Ada","day":"Monday","order":"A-17"})").find("header parameter 'order'") !=
        std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_the_row_does_not_give_comes_from_where_it_comes_for_texts) {
    whatsapp_template what;
    what.body = "{{AGENT_NAME}} {{city}} {{day}}";
    BOOST_TEST(fill(what, "{}", {{"AGENT_NAME", "Ann"}}, {{"city", "Ulm"}}, {{"day", "today"}})->text ==
               "Ann Ulm today");
}

BOOST_AUTO_TEST_CASE(a_template_with_a_brace_too_few_is_not_sent) {
    auto what = order_update();
    what.buttons[0].link = "https://shop.example/{{1";
    BOOST_TEST(missing(what, nested).find("without its }}") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_medium_of_a_header_goes_as_its_parameter_and_is_no_part_of_the_text) {
    whatsapp_template what;
    what.body = "Dear {{1}}";
    what.header_is_medium = true;
    what.header = "{{1}}";
    const std::string both = R"({"header":{"1":"https://x.example/p.png"},"1":"Ada"})";
    const std::string call = R"({"responseId":"r-1",)"
                             R"("headerParameters":[{"id":"1","value":"https://x.example/p.png"}],)"
                             R"("bodyParameters":[{"id":"1","value":"Ada"}]})";
    BOOST_TEST(messaging_template_of(fill(what, both).value()) == call);
    BOOST_TEST(fill(what, both)->text == "Dear Ada");
    BOOST_TEST(missing(what, R"({"1":"Ada"})").find("header parameter '1'") != std::string::npos);
    what.header.clear(); // the template does not name it: the row's to give
    BOOST_TEST(messaging_template_of(fill(what, both).value()) == call);
    BOOST_TEST(missing(what, R"({"1":"Ada"})").find("header parameter '1'") != std::string::npos);
    what.header = "https://x.example/always.png";
    BOOST_TEST(missing(what, R"({"1":"Ada"})") == "ok");
}

BOOST_AUTO_TEST_CASE(a_medium_may_be_shown_by_another_address) {
    auto what = order_update();
    what.header_is_medium = true;
    const auto sent = fill(what, nested).value();
    const std::vector<std::string> ours{"Ada", "Monday"};
    BOOST_TEST(finding("", shown("ns@order_update", ours, {"A-17"}, {"track/17"}), sent) == "ours");
    BOOST_TEST(finding("", shown("ns@order_update", ours, {"https://elsewhere"}, {"track/17"}), sent) ==
               "untold");
}

BOOST_AUTO_TEST_CASE(a_value_is_never_scanned_again) {
    whatsapp_template what;
    what.body = "{{a}}{{b}}";
    BOOST_TEST(fill(what, R"({"a":"{{b}}","b":"x"})")->text == "{{b}}x");
}

BOOST_AUTO_TEST_CASE(it_is_known_again_by_what_is_shown_of_it) {
    const auto sent = fill(order_update(), nested).value();
    const std::vector<std::string> ours{"Ada", "Monday"};
    struct {
        const char* rule;
        std::string text;
        shown_template parts;
        const char* finding;
    } table[] = {
        {"the whole text", sent.text, {}, "ours"},
        {"the body alone, blanks changed", "Dear Ada,  it comes on Monday. ", {}, "ours"},
        {"another text", "Dear Bob, it comes on Monday.", {}, "another"},
        {"a text that holds the body", "Order\nDear Ada, it comes on Monday.", {}, "untold"},
        {"a part of the text", "Order A-17", {}, "untold"},
        {"all parameters", "", shown("ns@order_update", ours, {"A-17"}, {"track/17"}), "ours"},
        {"all, without a name", "", shown("", ours, {"A-17"}, {"track/17"}), "ours"},
        {"the name as text", "order_update", shown("", ours, {"A-17"}, {"track/17"}), "ours"},
        {"the body as it was written", "Dear {{1}}, it comes on {{day}}.",
         shown("order_update", ours, {"A-17"}, {"track/17"}), "ours"},
        {"another template", "", shown("ns@order_update_2", ours, {"A-17"}, {"track/17"}), "another"},
        {"another value", "", shown("ns@order_update", {"Bob", "Monday"}, {"A-17"}, {"track/17"}), "another"},
        {"another header", "", shown("ns@order_update", ours, {"A-18"}, {"track/17"}), "another"},
        {"some parameters", "", shown("ns@order_update", ours), "untold"},
        {"the name", "", shown("ns@order_update"), "untold"},
        {"nothing", "", {}, "untold"},
        {"the body and the rest", "", shown("", {}, {"A-17"}, {"track/17"}, "Dear Ada, it comes on Monday."),
         "ours"},
        {"another body", "", shown("", {}, {"A-17"}, {"track/17"}, "Dear Bob."), "another"},
    };
    for (const auto& row : table)
        BOOST_TEST(finding(row.text, row.parts, sent) == row.finding, row.rule);
}

BOOST_AUTO_TEST_CASE(one_without_parameters_is_known_by_its_name_or_its_text) {
    whatsapp_template what;
    what.name = "hello";
    what.body = "Hello";
    const auto sent = fill(what, "{}").value();
    BOOST_TEST(finding("", shown("ns@hello"), sent) == "ours");
    BOOST_TEST(finding("Hello", {}, sent) == "ours");
    BOOST_TEST(finding("", {}, sent) == "untold");
    BOOST_TEST(finding("", shown("ns@hello", {"x"}), sent) == "another");
}

BOOST_AUTO_TEST_SUITE_END()
