#include "genesys/canned_response.hpp"

namespace cannedd {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

const std::string* value_of(const std::string& name, const substitution_sources& from) {
    for (const auto* source : {&from.variables, &from.attributes, &from.defaults})
        if (const auto found = source->find(name); found != source->end()) return &found->second;
    return nullptr;
}

} // namespace

result<std::string> substitute(std::string_view text, const substitution_sources& from,
                               const std::string& response_name) {
    std::string out;
    while (true) {
        const auto open = text.find("{{");
        out += text.substr(0, open);
        if (open == std::string_view::npos) return out;
        const auto close = text.find("}}", open);
        if (close == std::string_view::npos)
            return failure(errc::missing_variable,
                           "response '" + response_name + "' has a {{ without its }}; mend the response");
        const std::string name(trimmed(text.substr(open + 2, close - open - 2)));
        const auto* value = value_of(name, from);
        if (value == nullptr)
            return failure(errc::missing_variable, "response '" + response_name + "' needs the variable '" +
                                                       name + "'; put it into variables, nothing was sent");
        out += *value;
        text.remove_prefix(close + 2);
    }
}

} // namespace cannedd
