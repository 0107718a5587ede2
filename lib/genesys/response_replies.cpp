// What Response Management answers (replies.hpp). A response is taken whole or not at all: whatever a text
// cannot stand for is named.
#include "genesys/replies.hpp"
#include "text/identifier.hpp"
#include "text/json_reading.hpp"
#include "text/likeness.hpp"
#include "text/plain_text.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace cannedd {
namespace {

struct bodies {
    std::string plain, html;
    int plain_texts = 0;
};

bool is_blank(const std::string& text) {
    return folded(text).empty();
}

bodies bodies_of(const json::object& in) {
    bodies kept;
    each_object_in(in, "texts", [&](const json::object& item) {
        if (text_in(item, "type") == "subject") return;
        const bool is_html = text_in(item, "contentType") == "text/html";
        auto content = text_in(item, "content");
        if (is_blank(content)) return;
        if (!is_html) ++kept.plain_texts;
        auto& body = is_html ? kept.html : kept.plain;
        if (body.empty()) body = std::move(content);
    });
    return kept;
}

// text/plain is taken as it is; text/html only when there is nothing better.
std::string text_of(const bodies& in) {
    return in.plain.empty() ? to_plain_text(in.html) : in.plain;
}

// A list of texts, or one text.
std::vector<std::string> texts_in(const json::object& in, std::string_view name) {
    std::vector<std::string> texts;
    const auto* value = find(in, name);
    const auto add = [&](const json::value& item) {
        if (const auto* text = item.if_string()) texts.emplace_back(*text);
    };
    if (value == nullptr) return texts;
    if (const auto* list = value->if_array())
        std::ranges::for_each(*list, add);
    else
        add(*value);
    return texts;
}

substitution_schema read_schema(const json::object& in) {
    substitution_schema schema;
    schema.required = texts_in(in, "required");
    for (const auto& [name, property] : object_in(in, "properties"))
        if (const auto* described = property.if_object())
            schema.types[std::string(name)] = texts_in(*described, "type");
    return schema;
}

// --- what is not a text

constexpr std::string_view template_type = "MessagingTemplate";

std::string kind_of(const std::string& type) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kinds{{
        {"CampaignSmsTemplate", "is the template of an SMS campaign"},
        {"CampaignEmailTemplate", "is the template of an e-mail campaign"},
        {"Footer", "is a footer"},
        {"Form", "is a form"},
        {"AppleInvitation", "is an invitation to Apple Messages"},
    }};
    const auto* const found = std::ranges::find(kinds, type, [](const auto& row) { return row.first; });
    if (found != kinds.end()) return std::string(found->second);
    return "is of the type " + one_line(type, 60) + ", which cannedd does not know";
}

std::string assets_of(const json::object& in) {
    int files = 0, pictures = 0;
    each_object_in(in, "assets", [&](const json::object& asset) {
        ++(text_in(asset, "assetUsage") == "FileAttachments" ? files : pictures);
    });
    const auto counted = [](int number, const std::string& what) {
        return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
    };
    if (files == 0 && pictures == 0) return {};
    std::string told = "has ";
    if (files > 0) told += counted(files, "attachment");
    if (files > 0 && pictures > 0) told += " and ";
    if (pictures > 0) told += counted(pictures, "picture");
    return told;
}

std::string not_text_in(const json::object& in, const std::string& type, const bodies& body) {
    if (type.empty() && find(in, "footer") != nullptr) return kind_of("Footer");
    if (!type.empty() && type != template_type) return kind_of(type);
    if (auto assets = assets_of(in); !assets.empty()) return assets;
    if (body.plain.empty() && shows_media(body.html)) return "has pictures or other media in its text";
    // Whether they are parts of one text or versions of it, nobody tells.
    if (body.plain_texts > 1) return "has " + std::to_string(body.plain_texts) + " plain texts";
    return {};
}

// --- templates of WhatsApp

bool is_one_of(const std::string& type, std::initializer_list<std::string_view> kinds) {
    return std::ranges::find(kinds, lower_case(type)) != kinds.end();
}

bool is_text(const std::string& type) {
    return is_one_of(type, {"", "text"});
}
bool is_medium(const std::string& type) {
    return is_one_of(type, {"media", "image", "video", "document"});
}
bool takes_parameters(const json::object& button) {
    return is_one_of(text_in(button, "type"), {"url", "copycode"});
}

// Where the send has no parameter for a {{name}}, the customer would read it.
std::string unfilled_in(const json::object& in) {
    const auto has_name = [](const std::string& text) { return text.find("{{") != std::string::npos; };
    if (has_name(text_in(object_in(in, "messageFooter"), "content")))
        return "is a template whose footer has a {{name}} that nothing can fill";
    std::string found;
    each_object_in(in, "buttons", [&](const json::object& item) {
        const auto label = text_in(item, "contentText");
        if (has_name(label) || (!takes_parameters(item) && has_name(text_in(item, "content"))))
            found = "is a template whose button '" + label + "' has a {{name}} that nothing can fill";
    });
    return found;
}

std::string unsayable_in(const json::object& in) {
    if (find(in, "carousel") != nullptr || find(in, "cards") != nullptr)
        return "is a template with a carousel";
    const auto header = text_in(object_in(in, "header"), "type");
    if (!is_text(header) && !is_medium(header))
        return "is a template with a header of the type " + one_line(header, 60);
    return unfilled_in(in);
}

whatsapp_template read_template(const json::object& in, std::string body) {
    whatsapp_template what;
    what.name = text_in(in, "name");
    what.body = std::move(body);
    const auto& header = object_in(in, "header");
    what.header = text_in(header, "content");
    what.header_is_medium = is_medium(text_in(header, "type"));
    what.footer = text_in(object_in(in, "messageFooter"), "content");
    each_object_in(in, "buttons", [&](const json::object& item) {
        template_button button;
        button.label = text_in(item, "contentText");
        if (takes_parameters(item)) button.link = text_in(item, "content");
        what.buttons.push_back(std::move(button));
    });
    return what;
}

// A response of this type is WhatsApp's, or nothing that can be sent.
void take_template(canned_text& one, const json::object& in) {
    const auto* definition = find(object_in(in, "messagingTemplate"), "whatsApp");
    if (definition == nullptr || !definition->is_object()) {
        one.not_text = "is a messaging template, but none of WhatsApp";
        return;
    }
    const auto& whatsapp = definition->get_object();
    one.not_text = unsayable_in(whatsapp);
    if (one.not_text.empty()) one.whatsapp = read_template(whatsapp, one.text);
}

// --- responses and libraries

canned_text read_canned_text(const json::object& in) {
    const auto type = text_in(in, "responseType");
    const auto body = bodies_of(in);
    canned_text one;
    one.id = lower_case(text_in(in, "id"));
    one.name = text_in(in, "name");
    one.text = text_of(body);
    one.not_text = not_text_in(in, type, body);
    if (type == template_type && one.not_text.empty()) take_template(one, in);
    each_object_in(in, "libraries",
                   [&](const json::object& item) { one.library_ids.push_back(text_in(item, "id")); });
    each_object_in(in, "substitutions", [&](const json::object& item) {
        const auto* value = find(item, "defaultValue");
        if (value != nullptr && value->is_string())
            one.defaults[text_in(item, "id")] = text_in(item, "defaultValue");
    });
    one.schema = read_schema(object_in(in, "substitutionsSchema"));
    return one;
}

library_name read_library(const json::object& in) {
    library_name one;
    one.id = text_in(in, "id");
    one.name = text_in(in, "name");
    return one;
}

template<typename T, typename Read>
listing<T> read_listing(const json::object& in, Read read) {
    listing<T> page;
    each_object_in(in, "entities", [&](const json::object& item) { page.entities.push_back(read(item)); });
    page.pages = static_cast<int>(std::clamp<std::int64_t>(number_in(in, "pageCount").value_or(1), 1, 1000));
    return page;
}

template<typename T, typename Read>
std::optional<T> read_object(const json_answer& body, Read read) {
    const auto* in = object_of(body);
    return in != nullptr ? std::optional<T>(read(*in)) : std::nullopt;
}

} // namespace

std::optional<canned_text> read_response(const json_answer& body) {
    return read_object<canned_text>(body, read_canned_text);
}

std::optional<listing<canned_text>> read_response_results(const json_answer& body) {
    return read_object<listing<canned_text>>(body, [](const json::object& in) {
        return read_listing<canned_text>(object_in(in, "results"), read_canned_text);
    });
}

std::optional<listing<library_name>> read_libraries(const json_answer& body) {
    return read_object<listing<library_name>>(
        body, [](const json::object& in) { return read_listing<library_name>(in, read_library); });
}

} // namespace cannedd
