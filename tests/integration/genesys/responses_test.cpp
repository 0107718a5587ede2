// Canned responses that the org's supervisors keep in Response Management.
#include "integration/genesys/credentials.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cannedd;

// An org with one conversation whose customer has attributes, and the daemon on it.
struct desk {
    desk() : genesys(files.org()), daemon(genesys, brisk, files.account(genesys, files.by_secret())) {
        boost::json::object customer{{"attributes", {{"name", "Ada"}, {"city", "Rome"}}}};
        boost::json::object agent{{"user_id", uuid('a', 1)}, {"name", "Ann Green"}};
        genesys.add_conversation({{"id", talk}, {"agent", agent}, {"customer", customer}});
    }

    // `status` of a row that names this response, once it is final, with its error.
    std::string outcome(const std::string& response, const std::string& variables = "{}") {
        daemon.sql(insert("conversation_id, response, variables",
                          quoted(talk) + "," + quoted(response) + "," + quoted(variables)));
        const std::string last = " FROM messages ORDER BY id DESC LIMIT 1";
        daemon.wait_for("SELECT status IN ('sent', 'failed')" + last, "1");
        detail = daemon.value("SELECT error_detail" + last);
        return daemon.value("SELECT status||coalesce(' '||error, '')" + last);
    }
    std::string last_text() {
        eventually([&] { return !genesys.texts_seen().empty(); }, "the customer reads it");
        return daemon.value("SELECT sent_text FROM messages ORDER BY id DESC LIMIT 1");
    }

    credentials files;
    simulator genesys;
    running_daemon daemon;
    std::string detail;
};

} // namespace

BOOST_AUTO_TEST_SUITE(genesys_responses_)

BOOST_AUTO_TEST_CASE(a_response_is_named_by_its_id_or_by_library_and_name) {
    desk at;
    at.genesys.post("responses", {{"id", uuid('d', 1)},
                                  {"name", "Late parcel"},
                                  {"library", "Parcels"},
                                  {"text", "Your parcel is late."}});
    at.daemon.start();
    BOOST_TEST(at.outcome("genesys:" + uuid('d', 1)) == "sent");
    BOOST_TEST(at.outcome("genesys:Parcels/Late parcel") == "sent");
    BOOST_TEST(at.genesys.texts_seen() ==
                   (std::vector<std::string>{"Your parcel is late.", "Your parcel is late."}),
               boost::test_tools::per_element());
    BOOST_TEST(at.outcome("genesys:Parcels/No such") == "failed unknown_response");
    BOOST_TEST(at.detail.find("'No such' in library 'Parcels'") != std::string::npos, at.detail);
    BOOST_TEST(at.outcome("genesys:Nowhere/Late parcel") == "failed unknown_response");
    BOOST_TEST(at.detail.find("library 'Nowhere'") != std::string::npos, at.detail);
    BOOST_TEST(at.genesys.violations().empty());
}

BOOST_AUTO_TEST_CASE(a_response_is_fetched_once_while_it_is_remembered) {
    desk at;
    at.genesys.post("responses", {{"id", uuid('d', 1)}, {"text", "hello"}});
    at.daemon.start();
    for (int n = 0; n < 3; ++n)
        BOOST_TEST(at.outcome("genesys:" + uuid('d', 1)) == "sent");
    BOOST_TEST(at.genesys.requests("get_response") == 1);
}

BOOST_AUTO_TEST_CASE(plain_text_is_preferred_and_html_becomes_plain) {
    desk at;
    at.genesys.post("responses",
                    {{"id", uuid('d', 1)}, {"text", "plain"}, {"html", "<p>marked <b>up</b></p>"}});
    at.genesys.post(
        "responses",
        {{"id", uuid('d', 2)}, {"html", "<p>Dear {{name}},</p><p>2 &lt; 3 &amp; <b>bold</b>.<br>Bye</p>"}});
    at.daemon.start();
    BOOST_TEST(at.outcome("genesys:" + uuid('d', 1)) == "sent");
    BOOST_TEST(at.last_text() == "plain");
    BOOST_TEST(at.outcome("genesys:" + uuid('d', 2)) == "sent");
    const auto text = at.last_text();
    BOOST_TEST(text.starts_with("Dear Ada,\n"), text);
    BOOST_TEST(text.ends_with("2 < 3 & bold.\nBye"), text);
}

BOOST_AUTO_TEST_CASE(a_value_is_the_rows_else_the_customers_else_the_default) {
    desk at;
    at.genesys.post("responses",
                    {{"id", uuid('d', 1)},
                     {"text", "{{name}} of {{city}}, {{greeting}}"},
                     {"substitutions", boost::json::array{{{"id", "greeting"}, {"defaultValue", "hello"}},
                                                          {{"id", "city"}, {"defaultValue", "nowhere"}}}}});
    at.daemon.start();
    BOOST_TEST(at.outcome("genesys:" + uuid('d', 1), R"({"name": "Grace"})") == "sent");
    BOOST_TEST(at.last_text() == "Grace of Rome, hello");
}

BOOST_AUTO_TEST_CASE(the_built_in_names_come_from_the_conversation_without_a_request_more) {
    desk at;
    at.genesys.post("responses",
                    {{"id", uuid('d', 1)},
                     {"text", "{{CUSTOMER_NAME}}, {{AGENT_NAME}} speaking. Call me {{AGENT_ALIAS}}."}});
    at.daemon.start();
    BOOST_TEST(at.outcome("genesys:" + uuid('d', 1)) == "sent");
    BOOST_TEST(at.last_text() == "Ada, Ann Green speaking. Call me Ann Green.");
    BOOST_TEST(at.outcome("genesys:" + uuid('d', 1), R"({"AGENT_ALIAS": "Annie"})") == "sent");
    BOOST_TEST(at.last_text() == "Ada, Ann Green speaking. Call me Annie.");
    BOOST_TEST(at.genesys.requests("get_conversation") == 1);
    BOOST_TEST(at.genesys.requests("get_response") == 1);
}

BOOST_AUTO_TEST_CASE(what_the_librarys_schema_demands_is_checked_before_anything_is_sent) {
    desk at;
    boost::json::object schema{{"type", "object"},
                               {"required", boost::json::array{"amount"}},
                               {"properties", {{"amount", {{"type", "number"}}}}}};
    at.genesys.post("responses", {{"id", uuid('d', 1)}, {"text", "It is paid."}, {"schema", schema}});
    at.daemon.start();
    BOOST_TEST(at.outcome("genesys:" + uuid('d', 1)) == "failed missing_variable");
    BOOST_TEST(at.outcome("genesys:" + uuid('d', 1), R"({"amount": "much"})") == "failed bad_variables");
    BOOST_TEST(at.genesys.requests("send_agentless") == 0);
    BOOST_TEST(at.outcome("genesys:" + uuid('d', 1), R"({"amount": 12.50})") == "sent");
}

BOOST_AUTO_TEST_CASE(a_missing_value_sends_nothing) {
    desk at;
    at.genesys.post("responses", {{"id", uuid('d', 1)}, {"text", "Dear {{title}} {{name}}"}});
    at.daemon.start();
    BOOST_TEST(at.outcome("genesys:" + uuid('d', 1)) == "failed missing_variable");
    BOOST_TEST(at.detail.find("'title'") != std::string::npos, at.detail);
    BOOST_TEST(at.genesys.requests("send_agentless") == 0);
}

BOOST_AUTO_TEST_CASE(a_deleted_response_says_so) {
    desk at;
    at.genesys.post("responses", {{"id", uuid('d', 1)}, {"name", "Hi"}, {"library", "L"}, {"text", "hi"}});
    at.daemon.start();
    BOOST_TEST(at.outcome("genesys:" + uuid('d', 1)) == "sent");
    at.daemon.stop();
    at.genesys.remove("responses/" + uuid('d', 1));
    at.daemon.start(); // what it remembered is gone
    BOOST_TEST(at.outcome("genesys:" + uuid('d', 1)) == "failed unknown_response");
    BOOST_TEST(at.detail.find("deleted") != std::string::npos, at.detail);
    BOOST_TEST(at.outcome("genesys:L/Hi") == "failed unknown_response");
}

BOOST_AUTO_TEST_SUITE_END()
