// A canned response and a row's variables -> the text that a customer reads. Input: the row's variables, the
// name of an attribute and its value, a header, a link; the text.
#include "genesys/whatsapp_template.hpp"
#include "property.hpp"
#include "text/likeness.hpp"

#include <algorithm>
#include <array>

using namespace cannedd;
using fuzz::must;

namespace {

bool has_brace(const variable_map& values) {
    return std::ranges::any_of(
        values, [](const auto& it) { return it.second.find_first_of("{}") != std::string::npos; });
}

bool all_known(std::string_view text, const substitution_sources& from) {
    return std::ranges::all_of(names_in(text), [&](const auto& name) { return from.value_of(name); });
}

void check_text(const std::string& text, const substitution_sources& from) {
    const auto filled = substitute(text, from, "greeting");
    const bool whole = all_known(text, from) && !unclosed_name(text, "greeting");
    must(filled.has_value() == whole, "a text is filled when all of it is known, and only then", text);
    if (filled.has_error()) {
        must(filled.error().code == errc::missing_variable, "what is missing is a variable");
        must(!filled.error().detail.empty(), "and it is named");
        return;
    }
    if (text.find("{{") == std::string::npos) must(*filled == text, "a text without names stays", *filled);
    if (!has_brace(from.variables) && !has_brace(from.attributes))
        must(filled->find("{{") == std::string::npos, "no customer reads {{name}}", *filled);
}

whatsapp_template template_of(const std::string& header, const std::string& link, const std::string& text) {
    whatsapp_template what;
    what.name = "order_update";
    what.header = header;
    what.body = text;
    what.footer = "Reply STOP to end";
    what.buttons.push_back({.label = "Track", .link = link});
    return what;
}

bool has_brace(const row_variables& given) {
    return has_brace(given.bare) ||
           std::ranges::any_of(given.groups, [](const auto& group) { return has_brace(group.second); });
}

void check_template(const whatsapp_template& what, const row_variables& given,
                    const variable_map& attributes) {
    const variable_map none;
    const substitution_sources others(none, none, attributes, none);
    const auto filled = fill_template(what, "0b5e2c9a", given, others, "greeting");
    if (filled.has_error()) {
        must(filled.error().code == errc::missing_variable, "what is missing is a parameter");
        return;
    }
    if (has_brace(given) || has_brace(attributes)) return;
    must(filled->text.find("{{") == std::string::npos, "no customer reads {{name}}", filled->text);
    must(messaging_template_of(*filled).find("0b5e2c9a") != std::string::npos, "a call names its template");
    must(compare(filled->text, shown_template(), *filled) == finding_of_template::ours,
         "a template that is shown as it was sent is known", filled->text);
    shown_template shown;
    shown.id = "namespace@order_update";
    must(compare("", shown, *filled) != finding_of_template::another, "by its name it is not another's");
    shown.id = "payment_reminder";
    must(compare("", shown, *filled) != finding_of_template::ours, "another's name is not ours");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::input in(data, size);
    const auto variables = in.line();
    const auto attribute = in.line(), value = in.line();
    const auto header = in.line(), link = in.line();
    const auto text = in.rest();
    const variable_map attributes{{attribute, value}}, none;
    if (const auto flat = read_variables(variables)) {
        check_text(text, substitution_sources(*flat, none, attributes, none));
        must(read_row_variables(variables).has_value(), "values without parts are a template's, too");
    } else
        must(flat.error().code == errc::bad_variables, "variables are good or bad");
    const auto given = read_row_variables(variables);
    // Texts and values come from JSON, which is UTF-8.
    const std::array all{attribute, value, header, link, text};
    if (given && std::ranges::all_of(all, fuzz::is_utf8))
        check_template(template_of(header, link, text), *given, attributes);
    return 0;
}
