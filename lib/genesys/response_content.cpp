#include "genesys/response_content.hpp"

namespace cannedd {
namespace {

bool takes_templates(route way) {
    return way == route::message || way == route::agentless;
}

// Half a response is never sent.
std::optional<std::string> why_unsayable(const canned_text& response, const target& to) {
    if (!response.not_text.empty())
        return response.not_text +
               ", which cannot be sent as a text; nothing was sent. Name another response";
    if (!response.whatsapp) return std::nullopt;
    if (!takes_templates(to.way))
        return "is a template of WhatsApp, which route " + std::string(name_of(to.way)) +
               " cannot send; nothing was sent. Use route message or agentless";
    if (!to.messenger_type.empty() && to.messenger_type != "whatsapp")
        return "is a template of WhatsApp, and the conversation is one of " + to.messenger_type +
               "; nothing was sent. Name another response";
    return std::nullopt;
}

// Its schema knows no parts: where several have an id, the body's value is looked at.
variable_map flat(const row_variables& given) {
    variable_map all;
    for (const auto* part : {"body", "header", "button"})
        if (const auto group = given.groups.find(part); group != given.groups.end())
            all.insert(group->second.begin(), group->second.end());
    all.insert(given.bare.begin(), given.bare.end());
    return all;
}

result<message_content> template_content(const canned_text& response, const render_query& asked,
                                         const target& to) {
    const auto given = read_row_variables(asked.variables);
    if (given.has_error()) return given.error();
    const auto all = flat(*given);
    const variable_map none;
    const substitution_sources sources(all, to.built_ins, to.customer_attributes, response.defaults);
    if (auto fault = check_values(response.schema, sources, *asked.response)) return std::move(*fault);
    const substitution_sources others(none, to.built_ins, to.customer_attributes, response.defaults);
    return fill_template(*response.whatsapp, response.id, *given, others, *asked.response);
}

} // namespace

result<message_content> content_of(const canned_text& response, const render_query& asked, const target& to) {
    const auto& name = *asked.response;
    if (auto why = why_unsayable(response, to))
        return failure(errc::not_text, "response '" + name + "' " + *why);
    if (response.whatsapp) return template_content(response, asked, to);
    const auto variables = read_variables(asked.variables);
    if (variables.has_error()) return variables.error();
    const substitution_sources sources(*variables, to.built_ins, to.customer_attributes, response.defaults);
    if (auto fault = check_values(response.schema, sources, name)) return std::move(*fault);
    auto text = substitute(response.text, sources, name);
    if (text.has_error()) return text.error();
    return message_content(std::move(*text));
}

} // namespace cannedd
