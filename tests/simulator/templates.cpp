#include "simulator/templates.hpp"

#include "simulator/operations.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace cannedd::sim {
namespace {

using values = std::map<std::string, std::string>;

const json::value* call_of(const turn& t) {
    return t.body && t.body->is_object() ? find(*t.body, "messagingTemplate") : nullptr;
}

const json::object* response_of(const world& in, const json::value& call) {
    const auto* found = in.responses.find_response(text_or(call, "responseId"));
    return found != nullptr && text_or(*found, "responseType") == "MessagingTemplate" ? found : nullptr;
}

// {{id}} of a text, blanks apart.
std::vector<std::string> ids_of(const std::string& text) {
    std::vector<std::string> ids;
    for (auto open = text.find("{{"); open != std::string::npos; open = text.find("{{", open + 2)) {
        const auto close = text.find("}}", open);
        if (close == std::string::npos) break;
        auto id = text.substr(open + 2, close - open - 2);
        std::erase(id, ' ');
        if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
    }
    return ids;
}

std::string put_in(std::string text, const values& given) {
    for (const auto& [id, value] : given)
        for (const auto& place : {"{{" + id + "}}", "{{ " + id + " }}"})
            for (auto at = text.find(place); at != std::string::npos;
                 at = text.find(place, at + value.size()))
                text.replace(at, place.size(), value);
    return text;
}

values given_in(const json::value& call, const char* member) {
    values given;
    if (const auto* list = find(call, member))
        for (const auto& one : list->as_array())
            given[text_or(one, "id")] = text_or(one, "value");
    return given;
}

json::array shown_values(const json::value& call, const char* member) {
    json::array shown;
    if (const auto* list = find(call, member))
        for (const auto& one : list->as_array())
            shown.push_back(json::object{{"name", text_or(one, "id")}, {"text", text_or(one, "value")}});
    return shown;
}

// A template taken apart.
struct anatomy {
    std::string header, body, footer, name, language;
    bool header_is_medium = false;
    std::vector<std::pair<std::string, std::string>> buttons; // label, link or code
    std::string links() const {
        std::string all;
        for (const auto& [label, link] : buttons)
            all += link + "\n";
        return all;
    }
};

anatomy taken_apart(const json::object& response) {
    anatomy it;
    const auto& whatsapp = response.at("messagingTemplate").at("whatsApp");
    it.name = text_or(whatsapp, "name");
    it.language = text_or(whatsapp, "language");
    if (const auto* header = find(whatsapp, "header")) {
        it.header = text_or(*header, "content");
        it.header_is_medium = text_or(*header, "type") != "Text";
        if (it.header_is_medium && it.header.empty()) it.header = "{{1}}";
    }
    if (const auto* footer = find(whatsapp, "messageFooter")) it.footer = text_or(*footer, "content");
    const auto takes_parameters = [](const std::string& type) { return type == "Url" || type == "CopyCode"; };
    if (const auto* buttons = find(whatsapp, "buttons"))
        for (const auto& one : buttons->as_array())
            it.buttons.emplace_back(text_or(one, "contentText"),
                                    takes_parameters(text_or(one, "type")) ? text_or(one, "content") : "");
    for (const auto& text : response.at("texts").as_array())
        if (it.body.empty()) it.body = text_or(text, "content");
    return it;
}

// Exactly the parameters that the part has, none empty.
std::string wrong_parameters(const json::value& call, const char* member, const std::string& text) {
    auto given = given_in(call, member);
    for (const auto& id : ids_of(text)) {
        const auto found = given.find(id);
        if (found == given.end() || found->second.empty())
            return std::string(member) + " lacks the parameter '" + id + "'";
        given.erase(found);
    }
    return given.empty() ? std::string() : std::string(member) + " has an unknown parameter";
}

void add_line(std::string& page, const std::string& line) {
    if (!page.empty() && !line.empty()) page += "\n";
    page += line;
}

} // namespace

void check_content(const turn& t, std::vector<std::string>& violations) {
    const auto name = t.operation();
    if ((name != "send_message" && name != "send_agentless") || !t.body || !t.body->is_object()) return;
    int contents = 0;
    for (const auto* member : {"textBody", "mediaIds", "messagingTemplate"})
        contents += find(*t.body, member) != nullptr ? 1 : 0;
    if (contents == 1)
        std::erase_if(violations, [](const std::string& v) { return v.ends_with("required 'textBody'"); });
    else
        violations.emplace_back("not exactly one of textBody, mediaIds and messagingTemplate");
}

std::optional<reply> template_refusal(world& in, const turn& t) {
    const auto* call = call_of(t);
    if (call == nullptr) return std::nullopt;
    const auto refuse = [&](const std::string& why) { return error_reply(in, 400, "invalid.value", why); };
    const auto* talk = in.talks.find(t.parameter("conversationId"));
    const auto messenger = talk != nullptr ? talk->now.messenger : text_or(*t.body, "toAddressMessengerType");
    if (messenger != "whatsapp") return refuse("messagingTemplate needs a WhatsApp conversation.");
    const auto* response = response_of(in, *call);
    if (response == nullptr) return refuse("responseId names no messaging template.");
    const auto it = taken_apart(*response);
    for (const auto& wrong : {wrong_parameters(*call, "headerParameters", it.header),
                              wrong_parameters(*call, "bodyParameters", it.body),
                              wrong_parameters(*call, "buttonUrlParameters", it.links())})
        if (!wrong.empty()) return refuse(wrong);
    return std::nullopt;
}

std::optional<filled_template> template_of(const world& in, const turn& t) {
    const auto* call = call_of(t);
    const auto* response = call == nullptr ? nullptr : response_of(in, *call);
    if (response == nullptr) return std::nullopt;
    const auto it = taken_apart(*response);
    filled_template out;
    if (!it.header_is_medium) out.text = put_in(it.header, given_in(*call, "headerParameters"));
    add_line(out.text, put_in(it.body, given_in(*call, "bodyParameters")));
    add_line(out.text, it.footer);
    const auto links = given_in(*call, "buttonUrlParameters");
    for (const auto& [label, link] : it.buttons)
        add_line(out.text, "[" + label + "]" + (link.empty() ? "" : " " + put_in(link, links)));
    out.shown = json::object{{"id", "namespace@" + it.name}, {"language", it.language}};
    out.shown["body"] = json::object{{"parameters", shown_values(*call, "bodyParameters")}};
    if (!it.header.empty())
        out.shown["header"] = json::object{{"type", it.header_is_medium ? "Media" : "Text"},
                                           {"parameters", shown_values(*call, "headerParameters")}};
    if (!links.empty())
        out.shown["buttons"] = json::array{json::object{
            {"type", "Url"}, {"index", 0}, {"parameters", shown_values(*call, "buttonUrlParameters")}}};
    return out;
}

} // namespace cannedd::sim
