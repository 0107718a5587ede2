// A response is said whole or not at all.
#include "genesys/response_content.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

namespace {

canned_text response_of(const std::string& members) {
    return read_response(parse_answer(R"({"id":"R-1","libraries":[])" + members + "}")).value();
}

std::string body(const std::string& text, const std::string& type = "text/plain") {
    return R"(,"texts":[{"content":")" + text + R"(","contentType":")" + type + R"("}])";
}

target on(route way, const std::string& messenger = "whatsapp") {
    target to;
    to.way = way;
    to.messenger_type = messenger;
    return to;
}

result<message_content> say(const std::string& members, const std::string& variables = "{}",
                            const target& to = on(route::message)) {
    render_query asked;
    asked.response = "greeting";
    asked.variables = variables;
    return content_of(response_of(members), asked, to);
}

// The text, or the reason.
std::string outcome(const result<message_content>& said) {
    return said.has_value() ? said->text : std::string(name_of(said.error().code));
}

std::string whatsapp_with(const std::string& members) {
    return body("Dear {{1}}") +
           R"(,"responseType":"MessagingTemplate","messagingTemplate":{"whatsApp":{"name":"n","language":"en")" +
           (members.empty() ? "" : ",") + members + "}}";
}

const std::string template_members = whatsapp_with("");

} // namespace

BOOST_AUTO_TEST_SUITE(response_content_)

BOOST_AUTO_TEST_CASE(what_no_text_can_stand_for_is_named_and_not_sent) {
    struct {
        std::string members;
        const char* names;
    } table[] = {
        {body("Hi") + R"(,"responseType":"CampaignSmsTemplate")", "SMS campaign"},
        {body("Hi") + R"(,"responseType":"CampaignEmailTemplate")", "e-mail campaign"},
        {body("Hi") + R"(,"responseType":"Footer")", "is a footer"},
        {body("Hi") + R"(,"footer":{"type":"Signature"})", "is a footer"},
        {body("Hi") + R"(,"responseType":"Form")", "is a form"},
        {body("Hi") + R"(,"responseType":"AppleInvitation")", "Apple"},
        {body("Hi") + R"(,"responseType":"Hologram")", "Hologram"},
        {body("Hi") + R"(,"assets":[{"id":"a","assetUsage":"FileAttachments"}])", "1 attachment,"},
        {body("Hi") + R"(,"assets":[{"id":"a"},{"id":"b","assetUsage":null}])", "2 pictures"},
        {body("Hi") + R"(,"assets":[{"id":"a"},{"id":"b","assetUsage":"FileAttachments"}])",
         "1 attachment and 1 picture"},
        {body("<p>Look: <img src='x' alt='a map'></p>", "text/html"), "pictures or other media"},
        {body("<video src='x'></video>", "text/html"), "pictures or other media"},
        {body("  ") + R"(,"responseType":"MessagingTemplate")", "none of WhatsApp"},
        {template_members + R"(,"assets":[{"id":"a"}])", "1 picture"},
        {R"(,"texts":[{"content":"One"},{"content":"Two","contentType":"text/plain"}])", "has 2 plain texts"},
        {R"(,"texts":[{"content":" \n\u00a0"},{"content":"<p><img src='x'></p>","contentType":"text/html"}])",
         "pictures or other media"},
        {body("Hi") +
             R"(,"responseType":"MessagingTemplate","messagingTemplate":{"whatsApp":{"name":"n","carousel":{}}})",
         "carousel"},
        {whatsapp_with(R"("header":{"type":"Location"})"), "header of the type Location"},
        {whatsapp_with(R"("header":{"type":"Hologram","content":"{{1}}"})"), "header of the type Hologram"},
        {whatsapp_with(R"("messageFooter":{"content":"for {{1}}"})"), "footer"},
        {whatsapp_with(R"("buttons":[{"type":"QuickReply","contentText":"Yes {{1}}"}])"), "'Yes {{1}}'"},
        {whatsapp_with(R"("buttons":[{"type":"PhoneNumber","contentText":"Call","content":"{{1}}"}])"),
         "button 'Call'"},
    };
    for (const auto& row : table) {
        const auto said = say(row.members);
        BOOST_TEST(outcome(said) == "not_text", row.members);
        if (said.has_error())
            BOOST_TEST(said.error().detail.find(row.names) != std::string::npos, said.error().detail);
    }
}

BOOST_AUTO_TEST_CASE(what_is_only_a_text_is_said) {
    BOOST_TEST(outcome(say(body("Hi") + R"(,"assets":[],"responseType":null)")) == "Hi");
    BOOST_TEST(outcome(say(body("<p>Hi <b>you</b></p>", "text/html"))) == "Hi you");
    // Whoever wrote a plain text beside the page wrote it for those who see no pictures.
    BOOST_TEST(outcome(say(R"(,"texts":[{"content":"<img src='x'>","contentType":"text/html"},)"
                           R"({"content":"Hi","contentType":"text/plain"}])")) == "Hi");
    // A blank text is none.
    BOOST_TEST(outcome(say(R"(,"texts":[{"content":"Hi"},{"content":" "}])")) == "Hi");
    BOOST_TEST(
        outcome(say(R"(,"texts":[{"content":" "},{"content":"<p>Hi</p>","contentType":"text/html"}])")) ==
        "Hi");
}

BOOST_AUTO_TEST_CASE(a_template_goes_by_message_and_agentless_into_whatsapp_only) {
    const auto* one = R"({"1":"Ada"})";
    BOOST_TEST(outcome(say(template_members, one, on(route::message))) == "Dear Ada");
    BOOST_TEST(outcome(say(template_members, one, on(route::agentless))) == "Dear Ada");
    BOOST_TEST(outcome(say(template_members, one, on(route::message, ""))) == "Dear Ada"); // not told
    BOOST_TEST(outcome(say(template_members, one, on(route::tutorial))) == "not_text");
    BOOST_TEST(outcome(say(template_members, one, on(route::chat))) == "not_text");
    const auto elsewhere = say(template_members, one, on(route::message, "webmessaging"));
    BOOST_TEST(outcome(elsewhere) == "not_text");
    BOOST_TEST(elsewhere.error().detail.find("webmessaging") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_part_of_a_template_that_has_parameters_gets_them) {
    const auto of = [](const std::string& members, const std::string& variables) {
        const auto said = say(whatsapp_with(members), variables);
        return said.has_value() ? messaging_template_of(*said) : said.error().detail;
    };
    const auto has = [](const std::string& text, const std::string& part) {
        return text.find(part) != std::string::npos;
    };
    for (const auto* kind : {"Media", "Image", "Video", "Document"}) {
        const auto header = R"("header":{"type":")" + std::string(kind) + R"(","content":"{{1}}"})";
        BOOST_TEST(has(of(header, R"({"1":"Ada","header":{"1":"https://x"}})"),
                       R"("headerParameters":[{"id":"1","value":"https://x"}])"));
        BOOST_TEST(has(of(header, R"({"1":"Ada"})"), "needs the header parameter '1'"));
        BOOST_TEST(has(of(R"("header":{"type":")" + std::string(kind) + "\"}", R"({"1":"Ada"})"),
                       "needs the header parameter '1'"));
    }
    const std::string button = R"("buttons":[{"type":"CopyCode","contentText":"Copy","content":"{{1}}"}])";
    BOOST_TEST(has(of(button, R"({"1":"Ada","button":{"1":"X-7"}})"),
                   R"("buttonUrlParameters":[{"id":"1","value":"X-7"}])"));
    BOOST_TEST(has(of(button, R"({"1":"Ada"})"), "needs the button parameter '1'"));
}

BOOST_AUTO_TEST_CASE(groups_of_variables_are_for_templates_only) {
    BOOST_TEST(outcome(say(body("Dear {{name}}"), R"({"name":"Ada","body":{"1":"x"}})")) == "bad_variables");
    BOOST_TEST(outcome(say(template_members, R"({"body":{"1":"Ada"}})")) == "Dear Ada");
}

BOOST_AUTO_TEST_CASE(a_template_is_held_to_its_schema_as_well) {
    const auto members =
        template_members + R"(,"substitutionsSchema":{"properties":{"1":{"type":"number"}}})";
    BOOST_TEST(outcome(say(members, R"({"1":"Ada"})")) == "bad_variables");
    BOOST_TEST(outcome(say(members, R"({"body":{"1":"Ada"}})")) == "bad_variables");
    BOOST_TEST(outcome(say(members, R"({"1":7})")) == "Dear 7");
}

BOOST_AUTO_TEST_SUITE_END()
