#include "genesys/canned_response.hpp"

#include "text/trimmed.hpp"

namespace cannedd {
namespace {

// The first {{name}} of a text.
struct place {
    std::size_t open = std::string_view::npos;
    std::size_t close = std::string_view::npos;

    bool is_closed() const { return open != std::string_view::npos && close != std::string_view::npos; }
    std::string name(std::string_view text) const {
        return std::string(trimmed(text.substr(open + 2, close - open - 2)));
    }
};

place first_place(std::string_view text) {
    place found;
    found.open = text.find("{{");
    if (found.open != std::string_view::npos) found.close = text.find("}}", found.open);
    return found;
}

} // namespace

const std::string* substitution_sources::value_of(const std::string& name) const {
    for (const auto* source : {&variables, &built_ins, &attributes, &defaults})
        if (const auto found = source->find(name); found != source->end()) return &found->second;
    return nullptr;
}

failure missing_variable(const std::string& response_name, const std::string& name) {
    return failure(errc::missing_variable, "response '" + response_name + "' needs the variable '" + name +
                                               "'; nothing was sent: insert a new row with it in variables");
}

std::vector<std::string> names_in(std::string_view text) {
    std::vector<std::string> names;
    for (auto at = first_place(text); at.is_closed(); at = first_place(text)) {
        names.push_back(at.name(text));
        text.remove_prefix(at.close + 2);
    }
    return names;
}

std::optional<failure> unclosed_name(std::string_view text, const std::string& response_name) {
    auto at = first_place(text);
    while (at.is_closed()) {
        text.remove_prefix(at.close + 2);
        at = first_place(text);
    }
    if (at.open == std::string_view::npos) return std::nullopt;
    return failure(errc::missing_variable,
                   "response '" + response_name + "' has a {{ without its }}; mend the response");
}

result<std::string> substitute(std::string_view text, const substitution_sources& from,
                               const std::string& response_name) {
    std::string out;
    for (auto at = first_place(text); at.is_closed(); at = first_place(text)) {
        const auto name = at.name(text);
        const auto* value = from.value_of(name);
        if (value == nullptr) return missing_variable(response_name, name);
        out += text.substr(0, at.open);
        out += *value;
        text.remove_prefix(at.close + 2);
    }
    if (auto fault = unclosed_name(text, response_name)) return std::move(*fault);
    return out.append(text);
}

} // namespace cannedd
