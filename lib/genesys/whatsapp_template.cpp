#include "genesys/whatsapp_template.hpp"

#include "text/json_reading.hpp"
#include "text/likeness.hpp"

#include <algorithm>
#include <array>

namespace cannedd {
namespace {

enum class part : std::uint8_t { header, body, button };
constexpr std::array parts{part::header, part::body, part::button};

std::string_view group_of(part which) {
    constexpr std::array<std::string_view, 3> names{"header", "body", "button"};
    return names.at(static_cast<std::size_t>(which));
}

std::string_view member_of(part which) {
    constexpr std::array<std::string_view, 3> names{"headerParameters", "bodyParameters",
                                                    "buttonUrlParameters"};
    return names.at(static_cast<std::size_t>(which));
}

// All texts of the part, which may hold {{id}}.
std::vector<std::string> texts_of(const whatsapp_template& what, part which) {
    if (which == part::header) return {what.header};
    if (which == part::body) return {what.body};
    std::vector<std::string> links;
    for (const auto& button : what.buttons)
        links.push_back(button.link);
    return links;
}

// Each once, as they come.
std::vector<std::string> ids_in(const whatsapp_template& what, part which) {
    std::vector<std::string> ids;
    for (const auto& text : texts_of(what, which))
        for (auto& id : names_in(text))
            if (std::ranges::find(ids, id) == ids.end()) ids.push_back(std::move(id));
    return ids;
}

bool has(const whatsapp_template& what, part which, const std::string& id) {
    const auto ids = ids_in(what, which);
    return std::ranges::find(ids, id) != ids.end();
}

// Whom a bare value of this id is for.
bool bare_is_for(const whatsapp_template& what, part which, const std::string& id) {
    if (which == part::body) return true;
    const auto other = which == part::header ? part::button : part::header;
    return !has(what, part::body, id) && !has(what, other, id);
}

class filling {
public:
    filling(const whatsapp_template& what, const row_variables& given, const substitution_sources& others,
            const std::string& response_name)
        : what_(what), given_(given), others_(others), response_name_(response_name) {}

    // Each once, as they come.
    std::vector<std::string> ids(part which) const {
        auto ids = ids_in(what_, which);
        if (which != part::header || !what_.header_is_medium || !ids.empty()) return ids;
        if (const auto group = given_.groups.find("header"); group != given_.groups.end())
            for (const auto& [id, value] : group->second)
                ids.push_back(id);
        if (ids.empty() && what_.header.empty()) ids.emplace_back("1");
        return ids;
    }

    // The values of one part, by id.
    result<variable_map> values(part which) const {
        variable_map found;
        for (const auto& id : ids(which)) {
            const auto* value = value_of(which, id);
            if (value == nullptr) return missing(which, id);
            found[id] = *value;
        }
        return found;
    }

private:
    const std::string* value_of(part which, const std::string& id) const {
        const auto find_in = [&](const variable_map& in) {
            const auto found = in.find(id);
            return found == in.end() ? nullptr : &found->second;
        };
        if (const auto group = given_.groups.find(std::string(group_of(which))); group != given_.groups.end())
            if (const auto* value = find_in(group->second)) return value;
        if (bare_is_for(what_, which, id))
            if (const auto* value = find_in(given_.bare)) return value;
        return others_.value_of(id);
    }

    failure missing(part which, const std::string& id) const {
        const std::string group(group_of(which));
        return failure(errc::missing_variable, "template '" + response_name_ + "' needs the " + group +
                                                   " parameter '" + id + "'; put {\"" + group + "\": {\"" +
                                                   id +
                                                   "\": ...}} into variables of a new row, nothing was sent");
    }

    const whatsapp_template& what_;
    const row_variables& given_;
    const substitution_sources& others_;
    const std::string& response_name_;
};

std::string filled(const std::string& text, const variable_map& values) {
    const variable_map none;
    return substitute(text, substitution_sources(values, none, none, none), "").value();
}

void add_line(std::string& page, const std::string& line) {
    if (line.empty()) return;
    if (!page.empty()) page += '\n';
    page += line;
}

std::string button_line(const template_button& button, const variable_map& values) {
    std::string line = button.label.empty() ? std::string() : "[" + button.label + "]";
    if (button.link.empty()) return line;
    return line + (line.empty() ? "" : " ") + filled(button.link, values);
}

json::array parameters(const std::vector<std::string>& ids, const variable_map& values) {
    json::array list;
    for (const auto& id : ids)
        list.push_back(json::object{{"id", id}, {"value", values.at(id)}});
    return list;
}

json::object call_of(const message_content& content) {
    auto call = parse_json(content.template_call);
    return call && call->is_object() ? std::move(call->get_object()) : json::object();
}

std::vector<std::string> values_in(const json::object& call, part which) {
    std::vector<std::string> values;
    each_object_in(call, member_of(which),
                   [&](const json::object& item) { values.push_back(text_in(item, "value")); });
    return values;
}

const std::vector<std::string>& values_of(const shown_template& shown, part which) {
    if (which == part::header) return shown.header_values;
    return which == part::body ? shown.body_values : shown.button_values;
}

bool names_the_same(std::string_view shown_id, std::string_view name) {
    return shown_id == name || shown_id.ends_with("@" + std::string(name)) ||
           shown_id.ends_with("/" + std::string(name));
}

// Nobody has documented how a template is shown as a text: what holds the other is not told apart.
finding_of_template compare_text(const std::string& shown, const std::string& sent, const std::string& body) {
    using enum finding_of_template;
    if (shown == sent || shown == body) return ours;
    const auto holds = [](const std::string& text, const std::string& other) {
        return !other.empty() && text.find(other) != std::string::npos;
    };
    return holds(shown, body) || holds(sent, shown) ? untold : another;
}

} // namespace

result<message_content> fill_template(const whatsapp_template& what, const std::string& response_id,
                                      const row_variables& given, const substitution_sources& others,
                                      const std::string& response_name) {
    for (const auto which : parts)
        for (const auto& text : texts_of(what, which))
            if (auto fault = unclosed_name(text, response_name)) return std::move(*fault);
    const filling from(what, given, others, response_name);
    std::array<variable_map, parts.size()> values;
    json::object call{{"responseId", response_id}};
    for (const auto which : parts) {
        auto found = from.values(which);
        if (found.has_error()) return found.error();
        const auto ids = from.ids(which);
        if (!ids.empty()) call[member_of(which)] = parameters(ids, *found);
        values.at(static_cast<std::size_t>(which)) = std::move(*found);
    }
    const auto body = filled(what.body, values[1]);
    message_content content(what.header_is_medium ? std::string() : filled(what.header, values[0]));
    add_line(content.text, body);
    add_line(content.text, what.footer);
    for (const auto& button : what.buttons)
        add_line(content.text, button_line(button, values[2]));
    // The rest is for reading back.
    json::object kept{{"messagingTemplate", std::move(call)}, {"name", what.name}, {"body", body}};
    if (what.header_is_medium) kept["medium"] = true;
    content.template_call = json::serialize(kept);
    return content;
}

std::string messaging_template_of(const message_content& content) {
    return json::serialize(object_in(call_of(content), "messagingTemplate"));
}

finding_of_template compare(std::string_view shown_text, const shown_template& shown,
                            const message_content& sent) {
    using enum finding_of_template;
    const auto kept = call_of(sent);
    const auto name = text_in(kept, "name");
    const auto body = folded(text_in(kept, "body"));
    const auto text = folded(shown_text);
    // In what was shown: folding may put braces together that stood apart.
    const bool tells_text =
        !text.empty() && text != folded(name) && shown_text.find("{{") == std::string_view::npos;
    if (tells_text) return compare_text(text, folded(sent.text), body);
    if (!shown.id.empty() && !names_the_same(shown.id, name)) return another;
    // A body may be shown as it was sent, or as it was before its values were put in.
    const bool body_is_told = !shown.body.empty() && shown.body.find("{{") == std::string::npos;
    if (body_is_told && folded(shown.body) != body) return another;
    const auto& call = object_in(kept, "messagingTemplate");
    bool any = body_is_told || !shown.id.empty() || !text.empty(), all = true;
    for (const auto which : parts) {
        const auto mine = values_in(call, which);
        const auto& told = values_of(shown, which);
        // A medium may be shown by another address than the one that it was sent by.
        const bool is_medium = which == part::header && flag_in(kept, "medium");
        if (!told.empty() && told != mine && !is_medium) return another;
        any = any || !told.empty();
        all = all && (told == mine || (which == part::body && body_is_told));
    }
    return any && all ? ours : untold;
}

} // namespace cannedd
