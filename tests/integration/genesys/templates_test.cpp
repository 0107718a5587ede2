// Responses that are more than a text: templates of WhatsApp are sent as such, all else fails by name.
#include "integration/genesys/credentials.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cannedd;
namespace json = boost::json;

const auto response = "genesys:" + uuid('d', 1);
const auto* const values = R"({"header": {"1": "A-17"}, "1": "Ada", "button": {"1": "t/17"}})";
const std::string as_read =
    "Order A-17\nDear Ada, it is on its way.\nShop\n[Track] https://shop.example/t/17";

json::object order_update() {
    json::object whatsapp{{"name", "order_update"}, {"namespace", "ns"}, {"language", "en_US"}};
    whatsapp["header"] = json::object{{"type", "Text"}, {"content", "Order {{1}}"}};
    whatsapp["messageFooter"] = json::object{{"type", "Text"}, {"content", "Shop"}};
    whatsapp["buttons"] = json::array{
        json::object{{"type", "Url"}, {"contentText", "Track"}, {"content", "https://shop.example/{{1}}"}}};
    return whatsapp;
}

// An org with one WhatsApp conversation, and the daemon on it by agent 1's grant or the client's.
struct counter {
    explicit counter(const std::string& route, const std::string& plan = "")
        : genesys(files.org(plan))
        , daemon(genesys, brisk,
                 files.account(genesys, route == "message" ? files.by_refresh_token(1) : files.by_secret())) {
        genesys.add_conversation({{"id", talk}, {"agent", uuid('a', 1)}, {"messenger", "whatsapp"}});
        genesys.post(
            "responses",
            {{"id", uuid('d', 1)}, {"text", "Dear {{1}}, it is on its way."}, {"whatsapp", order_update()}});
    }

    std::string outcome(const std::string& variables, const std::string& conversation = talk) {
        daemon.sql(insert("conversation_id, response, variables",
                          quoted(conversation) + "," + quoted(response) + "," + quoted(variables)));
        const std::string last = " FROM messages ORDER BY id DESC LIMIT 1";
        daemon.wait_for("SELECT status IN ('sent', 'failed', 'unconfirmed')" + last, "1");
        detail = daemon.value("SELECT coalesce(error_detail, '')" + last);
        return daemon.value("SELECT status||coalesce(' '||error, '')||' '||verified" + last);
    }

    credentials files;
    simulator genesys;
    running_daemon daemon;
    std::string detail;
};

} // namespace

BOOST_AUTO_TEST_SUITE(genesys_templates_)

BOOST_AUTO_TEST_CASE(a_template_is_sent_by_its_parameters_on_both_routes) {
    for (const auto* route : {"message", "agentless"}) {
        counter at(route);
        at.daemon.start();
        BOOST_TEST(at.outcome(values) == "sent 0", route << ": " << at.detail);
        BOOST_TEST(at.daemon.value("SELECT sent_text FROM messages") == as_read);
        eventually([&] { return at.genesys.texts_seen() == std::vector<std::string>{as_read}; },
                   "it is read");
        BOOST_TEST(at.genesys.requests(std::string("send_") + route) == 1);
        BOOST_TEST(at.genesys.violations().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_medium_and_a_code_to_copy_leave_as_parameters) {
    auto with_picture = order_update();
    with_picture["header"] = json::object{{"type", "Image"}, {"content", "{{1}}"}};
    with_picture["buttons"] =
        json::array{json::object{{"type", "CopyCode"}, {"contentText", "Copy"}, {"content", "{{1}}"}}};
    counter at("agentless");
    at.genesys.post("responses", {{"id", uuid('d', 1)}, {"text", "Dear {{1}}"}, {"whatsapp", with_picture}});
    at.daemon.start();
    const auto* all = R"({"header": {"1": "https://x.example/p.png"}, "1": "Ada", "button": {"1": "X-7"}})";
    BOOST_TEST(at.outcome(R"({"1": "Ada", "button": {"1": "X-7"}})") == "failed missing_variable 0");
    BOOST_TEST(at.outcome(all) == "sent 0", at.detail);
    eventually(
        [&] { return at.genesys.texts_seen() == std::vector<std::string>{"Dear Ada\nShop\n[Copy] X-7"}; },
        "it is read");
    BOOST_TEST(at.genesys.violations().empty());
}

BOOST_AUTO_TEST_CASE(a_parameter_that_nobody_gives_sends_nothing) {
    counter at("agentless");
    at.daemon.start();
    BOOST_TEST(at.outcome(R"({"1": "Ada"})") == "failed missing_variable 0");
    BOOST_TEST(at.detail.find("header parameter '1'") != std::string::npos, at.detail);
    BOOST_TEST(at.genesys.requests("send_agentless") == 0);
}

BOOST_AUTO_TEST_CASE(a_template_in_doubt_is_known_by_what_the_api_shows_of_it) {
    struct {
        const char* shown;
        const char* fault;
        const char* becomes;
        std::size_t read; // how often
    } table[] = {
        {"parameters", R"("process_then_close")", "sent 1", 1},
        {"text", R"("process_then_close")", "sent 1", 1},
        {"nothing", R"("process_then_close")", "unconfirmed unconfirmed 0", 1},
        {"parameters", R"("close_before_processing")", "sent 0", 1}, // sent again, as a template
    };
    for (const auto& row : table) {
        counter at("agentless", "read_back: {template: " + std::string(row.shown) + "}\n");
        at.genesys.faults(R"([{"match": {"operation": "send", "times": 1}, "do": )" + std::string(row.fault) +
                          "}]");
        at.daemon.start();
        BOOST_TEST(at.outcome(values) == row.becomes, row.shown << " " << row.fault << ": " << at.detail);
        eventually([&] { return at.genesys.texts_seen().size() == row.read; }, "it is read");
        BOOST_TEST(at.genesys.texts_seen().front() == as_read);
        BOOST_TEST(at.genesys.violations().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_template_fits_no_other_channel) {
    counter at("agentless");
    at.genesys.add_conversation({{"id", uuid('c', 2)}, {"agent", uuid('a', 1)}});
    at.daemon.start();
    BOOST_TEST(at.outcome(values, uuid('c', 2)) == "failed not_text 0");
    BOOST_TEST(at.detail.find("one of webmessaging") != std::string::npos, at.detail);
}

BOOST_AUTO_TEST_CASE(what_is_more_than_a_text_fails_by_name) {
    struct {
        json::object what;
        const char* names;
    } table[] = {
        {{{"text", "Hi"}, {"assets", json::array{{{"id", "a"}, {"assetUsage", "FileAttachments"}}}}},
         "1 attachment"},
        {{{"html", "<p><img src='https://shop.example/map.png'></p>"}}, "pictures"},
        {{{"text", "Hi"}, {"type", "Form"}}, "a form"},
        {{{"text", "Hi"}, {"type", "CampaignSmsTemplate"}}, "SMS campaign"},
    };
    for (auto& row : table) {
        counter at("agentless");
        row.what["id"] = uuid('d', 1);
        at.genesys.post("responses", row.what);
        at.daemon.start();
        BOOST_TEST(at.outcome("{}") == "failed not_text 0");
        BOOST_TEST(at.detail.find(row.names) != std::string::npos, at.detail);
        BOOST_TEST(at.genesys.requests("send_agentless") == 0);
    }
}

BOOST_AUTO_TEST_SUITE_END()
