// Every JSON answer that is read -> facts, or "don't know". Each input is read as every kind of answer.
#include "genesys/built_ins.hpp"
#include "genesys/listed_conversation.hpp"
#include "genesys/replies.hpp"
#include "genesys/response_content.hpp"
#include "oauth/token_reply.hpp"
#include "property.hpp"
#include "text/identifier.hpp"
#include "text/json_mending.hpp"
#include "text/json_reading.hpp"

#include <array>

using namespace cannedd;
using fuzz::must;

namespace {

constexpr std::array ways{route::message, route::agentless, route::chat, route::tutorial};

void check_failure(const failure& why) {
    must(!why.detail.empty() && fuzz::is_utf8(why.detail), "a failure has a sentence", why.detail);
}

void check_target(const conversation& in, route way, const result<target>& found) {
    if (found.has_error()) return check_failure(found.error());
    must(!is_over(in, way), "nobody is written to whose conversation is over");
    must(found->conversation_id == in.id, "a target is of its conversation");
    const bool through = way == route::message || way == route::chat;
    must(!through || !found->communication_id.empty(), "an agent speaks through a communication");
    must(way != route::tutorial || !found->customer_id.empty(), "a gateway is told the customer");
    for (const auto& [name, value] : built_in_values(in, *found))
        must(!name.empty() && fuzz::is_utf8(value), "what is built in is a text", value);
}

void check_conversation(const conversation& in) {
    must(in.id == lower_case(in.id), "an id is in lower case", in.id);
    std::vector<std::string> agents{""};
    for (const auto& who : in.participants) {
        must(who.user_id == lower_case(who.user_id), "an id is in lower case", who.user_id);
        if (agents.size() < 4) agents.push_back(who.user_id);
    }
    for (const auto way : ways)
        for (const auto& agent : agents) {
            check_target(in, way, find_target(in, way, agent, ""));
            spoken_by(in, way, agent);
        }
}

void check_response(const canned_text& one) {
    must(fuzz::is_utf8(one.text) && fuzz::is_utf8(one.not_text), "a response is UTF-8", one.not_text);
    must(one.id == lower_case(one.id), "an id is in lower case", one.id);
    render_query asked;
    asked.response = "genesys:Welcome";
    for (const auto way : ways) {
        target to;
        to.way = way;
        to.built_ins = {{"AGENT_NAME", "Ada"}};
        const auto content = content_of(one, asked, to);
        if (content.has_error())
            check_failure(content.error());
        else if (one.defaults.empty() && !one.whatsapp)
            must(content->text.find("{{") == std::string::npos, "no customer reads {{name}}", content->text);
    }
}

void check_token(const json_answer& body, bool is_object) {
    const auto reply = read_token_reply(body);
    must(!reply || is_object, "a token comes in an object");
    if (!reply) return;
    must(!reply->access.empty(), "an answer without a token is none");
    must(reply->lifetime.count() >= 1 && reply->lifetime <= std::chrono::hours(48), "a token lives a while");
}

void check_lists(const json_answer& body, bool is_object) {
    const auto found = read_found_conversations(body), own = read_own_conversations(body);
    must(found.has_value() == is_object && own.has_value() == is_object, "an object is a list");
    for (const auto& list : {found, own})
        for (const auto& id : list ? list->ids : std::vector<std::string>())
            must(!id.empty() && id == lower_case(id), "an id is in lower case", id);
    const auto listed = read_listed_conversations(body);
    must(listed.empty() || is_object, "a list comes in an object");
    for (const auto& one : listed) {
        check_conversation(one);
        must(find_target(one, route::message, "", "").has_value(),
             "what is taken from a list can be spoken to");
    }
    const auto libraries = read_libraries(body);
    const auto responses = read_response_results(body);
    must(libraries.has_value() == is_object && responses.has_value() == is_object, "an object is a page");
    if (libraries) must(libraries->pages >= 1 && libraries->pages <= 1'000, "pages have an end");
    if (responses) must(responses->pages >= 1 && responses->pages <= 1'000, "pages have an end");
    for (const auto& one : responses ? responses->entities : std::vector<canned_text>())
        check_response(one);
}

void check_messages(const json_answer& body, bool is_object) {
    const auto messages = read_messages(body);
    must(messages.has_value() == is_object, "an object is a page of messages");
    const message_content sent("Your order is ready");
    for (const auto& one : messages ? *messages : std::vector<shown_message>())
        if (one.sent_by_template)
            must(compare(one.message.text, *one.sent_by_template, sent) != finding_of_template::ours ||
                     !one.message.text.empty() || !one.sent_by_template->id.empty() ||
                     !one.sent_by_template->body.empty(),
                 "what tells nothing is not ours");
    must(read_chat(body).has_value() == is_object, "an object is a page of a chat");
    for (const auto way : ways)
        must(is_object || read_sent_message(way, body).id.empty(), "without an object there is no id");
    must(read_token_owner(body).has_value() == is_object, "an object tells its owner, or nothing of it");
    must(read_limits(body).has_value() == is_object, "an object is a list of limits");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::input(data, size).rest();
    const auto mended = with_whole_characters(text);
    must(fuzz::is_utf8(mended), "what is read is UTF-8", mended);
    must(with_whole_characters(mended) == mended, "what is mended is whole", mended);
    must(mended == text || !parse_json(text), "what can be read as it is stays as it is", mended);
    const auto body = parse_answer(text);
    const bool is_object = object_of(body) != nullptr;
    const auto one = read_conversation(body);
    must(one.has_value() == is_object, "an object is a conversation");
    if (one) check_conversation(*one);
    const auto response = read_response(body);
    must(response.has_value() == is_object, "an object is a response");
    if (response) check_response(*response);
    check_lists(body, is_object);
    check_messages(body, is_object);
    check_token(body, is_object);
    return 0;
}
