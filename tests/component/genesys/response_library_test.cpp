// Canned texts of Response Management: by id and by name, kept for a while, and honest when they are gone.
#include "component/genesys/client_world.hpp"

using namespace cannedd;
using namespace cannedd::testing;

namespace {

const std::string response_id = "eeeeeeee-0000-4000-8000-000000000001";
const std::string get_response = "GET /api/v2/responsemanagement/responses/" + response_id;
const std::string get_libraries = "GET /api/v2/responsemanagement/libraries";
const std::string query_responses = "POST /api/v2/responsemanagement/responses/query";

std::string response_json(const std::string& text, const std::string& name = "Hello",
                          const std::string& id = response_id, const std::string& library = "lib-1") {
    return R"({"id":")" + id + R"(","name":")" + name + R"(","libraries":[{"id":")" + library +
           R"("}],"texts":[{"content":")" + text + R"(","contentType":"text/plain"}],)" +
           R"("substitutions":[{"id":"greeting","defaultValue":"Hello"},{"id":"name"}]})";
}

std::string results(const std::vector<std::string>& responses) {
    std::string list;
    for (const auto& one : responses)
        list += (list.empty() ? "" : ",") + one;
    return R"({"results":{"entities":[)" + list + R"(],"pageCount":1}})";
}

std::string libraries(const std::vector<std::pair<std::string, std::string>>& all) {
    std::string list;
    for (const auto& [id, name] : all)
        list += (list.empty() ? "" : ",") + (R"({"id":")" + id + R"(","name":")" + name + "\"}");
    return R"({"entities":[)" + list + "]}";
}

struct library_world : client_world {
    api_result<std::string> say(const std::string& reference, const std::string& variables = "{}") {
        render_query asked;
        asked.response = "genesys:" + reference;
        asked.variables = variables;
        target to;
        to.customer_attributes["city"] = "Ulm";
        return text_of(run(client->render(asked, to)));
    }
    std::string detail(const api_result<std::string>& said) { return said.error().detail; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(response_library_, library_world)

BOOST_AUTO_TEST_CASE(a_response_by_id_is_filled_by_row_customer_and_defaults) {
    api.on(get_response, 200, response_json("{{greeting}} {{name}} of {{city}}"));
    BOOST_TEST(say(response_id, R"({"name":"Ada"})").value() == "Hello Ada of Ulm");
    BOOST_TEST(say(response_id, R"({"name":"Ada","greeting":"Hi","city":"Bonn"})").value() ==
               "Hi Ada of Bonn");
    BOOST_TEST(reason(say(response_id)) == "missing_variable");
}

BOOST_AUTO_TEST_CASE(a_response_is_kept_for_a_while_and_then_asked_for_again) {
    api.on(get_response, 200, response_json("one"));
    api.on(get_response, 200, response_json("two"));
    BOOST_TEST(say("EEEEEEEE-0000-4000-8000-000000000001").value() == "one");
    BOOST_TEST(say(response_id).value() == "one");
    BOOST_TEST(api.seen.size() == 1U);
    time.run_for(settings.response_cache);
    BOOST_TEST(say(response_id).value() == "two");
}

BOOST_AUTO_TEST_CASE(a_response_that_was_deleted_says_so) {
    api.on(get_response, 200, response_json("one"));
    api.on(get_response, 404, R"({"code":"not.found"})");
    BOOST_TEST(say(response_id).value() == "one");
    time.run_for(settings.response_cache);
    const auto gone = say(response_id);
    BOOST_TEST(reason(gone) == "unknown_response");
    BOOST_TEST(detail(gone).find("was deleted") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_response_that_never_was_is_unknown) {
    api.on(get_response, 404, R"({"code":"not.found","status":404})");
    BOOST_TEST(reason(say(response_id)) == "unknown_response");
}

BOOST_AUTO_TEST_CASE(a_response_by_name_is_looked_up_exactly_and_then_by_its_id) {
    api.on(get_libraries, 200, libraries({{"lib-0", "Caretaker"}, {"lib-1", "Care"}}));
    api.on(query_responses, 200,
           results({response_json("no", "Hello!"), response_json("yes"),
                    response_json("elsewhere", "Hello", "x", "lib-9")}));
    BOOST_TEST(say("Care/Hello").value() == "yes");
    BOOST_TEST(say("Care/Hello").value() == "yes");
    BOOST_TEST(api.seen.size() == 2U);
    BOOST_TEST(api.last(query_responses).body.find("lib-1") != std::string::npos);
    time.run_for(settings.response_cache);
    api.on(get_response, 200, response_json("changed"));
    BOOST_TEST(say("Care/Hello").value() == "changed");
    BOOST_TEST(api.seen.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_response_that_was_renamed_is_looked_up_again) {
    api.on(get_libraries, 200, libraries({{"lib-1", "Care"}}));
    api.on(query_responses, 200, results({response_json("first")}));
    BOOST_TEST(say("Care/Hello").value() == "first");
    time.run_for(settings.response_cache);
    api.on(get_response, 200, response_json("first", "Goodbye"));
    api.forget(query_responses);
    api.on(query_responses, 200,
           results({response_json("second", "Hello", "eeeeeeee-0000-4000-8000-000000000002")}));
    BOOST_TEST(say("Care/Hello").value() == "second");
    time.run_for(settings.response_cache);
    api.on("GET /api/v2/responsemanagement/responses/eeeeeeee-0000-4000-8000-000000000002", 404,
           R"({"code":"not.found","status":404})");
    api.forget(query_responses);
    api.on(query_responses, 200, results({}));
    const auto gone = say("Care/Hello");
    BOOST_TEST(reason(gone) == "unknown_response");
    BOOST_TEST(detail(gone).find("deleted or renamed") != std::string::npos, detail(gone));
}

BOOST_AUTO_TEST_CASE(what_exists_twice_or_not_at_all_is_not_guessed_at) {
    api.on(get_libraries, 200, libraries({{"lib-1", "Care"}}));
    api.on(query_responses, 200, results({response_json("a"), response_json("b", "Hello", "other")}));
    BOOST_TEST(detail(say("Care/Hello")).find("2 responses") != std::string::npos);
    api.forget(query_responses);
    api.on(query_responses, 200, results({}));
    BOOST_TEST(reason(say("Care/Hello")) == "unknown_response");
    api.forget(get_libraries);
    api.on(get_libraries, 200, libraries({{"l1", "Sales"}, {"l2", "Sales"}}));
    BOOST_TEST(detail(say("Sales/Hello")).find("2 libraries") != std::string::npos);
    BOOST_TEST(detail(say("Nowhere/Hello")).find("no library 'Nowhere'") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_reference_that_names_nothing_asks_nothing) {
    for (const auto* reference : {"", "Care", "/Hello", "Care/"})
        BOOST_TEST(reason(say(reference)) == "unknown_response");
    BOOST_TEST(api.seen.empty());
}

BOOST_AUTO_TEST_CASE(a_html_text_is_made_plain_before_values_are_put_in) {
    api.on(
        get_response, 200,
        R"({"id":"x","name":"n","libraries":[],"texts":[{"content":"<p>Hi <b>{{name}}</b> &amp; co</p>","contentType":"text/html"}]})");
    BOOST_TEST(say(response_id, R"({"name":"<Ada> &amp;"})").value() == "Hi <Ada> &amp; & co");
}

BOOST_AUTO_TEST_CASE(a_library_that_cannot_be_reached_is_a_fact_and_not_the_rows_fault) {
    api.on(get_response, 503, "");
    const auto why = say(response_id).error();
    BOOST_TEST(!why.reason.has_value());
    BOOST_TEST(why.facts.http_status == 503);
}

BOOST_AUTO_TEST_CASE(a_template_is_sent_by_the_responses_id_however_it_was_named) {
    const auto what = R"({"id":")" + response_id +
                      R"(","name":"Hello","libraries":[{"id":"lib-1"}],"responseType":"MessagingTemplate",)" +
                      R"("messagingTemplate":{"whatsApp":{"name":"hello","language":"en"}},)" +
                      R"("texts":[{"content":"Dear {{1}}","contentType":"text/plain"}]})";
    api.on(get_libraries, 200, libraries({{"lib-1", "Care"}}));
    api.on(query_responses, 200, results({what}));
    render_query asked;
    asked.response = "genesys:Care/Hello";
    asked.variables = R"({"1":"Ada"})";
    const auto said = run(client->render(asked, target())).value();
    BOOST_TEST(said.text == "Dear Ada");
    BOOST_TEST(said.template_call.find(response_id) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(variables_that_cannot_be_used_cost_no_request) {
    BOOST_TEST(reason(say(response_id, "[]")) == "bad_variables");
    BOOST_TEST(api.seen.empty());
}

BOOST_AUTO_TEST_SUITE_END()
