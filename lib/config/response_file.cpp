#include "config/response_file.hpp"

#include "config/config_tree.hpp"
#include "config/faults.hpp"
#include "config/yaml_slips.hpp"
#include "text/utf8.hpp"

#include <algorithm>

namespace cannedd {
namespace {

constexpr std::ptrdiff_t text_characters_max = 4000; // no route takes a longer one

std::ptrdiff_t characters(const std::string& utf8) {
    return std::count_if(utf8.begin(), utf8.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

// {{name}} without quotes, which is told of already.
bool has_no_word_for_key(const config_node& value) {
    return value.kind == node_kind::mapping && !value.entries.empty() && value.entries.front().key.empty();
}

bool has_nameless_braces(std::string_view text) {
    for (auto at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at + 2)) {
        const auto name = text.find_first_not_of(" \t\n", at + 2);
        if (name != std::string_view::npos && text.substr(name).starts_with("}}")) return true;
    }
    return false;
}

std::string fault_of(const config_entry& response) {
    if (response.key.empty()) return "a response needs a name";
    if (response.key.starts_with("genesys:"))
        return "\"" + response.key +
               "\": names that begin with genesys: are those of Response Management; take another";
    if (response.value.kind == node_kind::empty ||
        (response.value.kind == node_kind::scalar && response.value.text.empty()))
        return "\"" + response.key + "\" has no text";
    const bool below = response.value.line > response.line;
    if (response.value.kind == node_kind::mapping && below)
        return "\"" + response.key +
               "\" must be a text, and holds names of its own: those of responses stand at the left margin, "
               "each with its text (name: text)";
    if (response.value.kind == node_kind::list && below)
        return "\"" + response.key + "\" must be a text, not a list: one of several lines follows a |";
    if (response.value.kind == node_kind::mapping)
        return "\"" + response.key +
               "\" must be a text; does it begin with {{ or another bracket? Then put it into quotes";
    if (response.value.kind != node_kind::scalar)
        return "\"" + response.key +
               "\" must be a text; put one that holds \": \" or begins with a bracket into quotes";
    if (characters(response.value.text) > text_characters_max)
        return "\"" + response.key + "\" is longer than " + std::to_string(text_characters_max) +
               " characters";
    const auto open = response.value.text.rfind("{{");
    if (open != std::string::npos && response.value.text.find("}}", open) == std::string::npos)
        return "\"" + response.key + "\" has a {{ without its }}: close it, as in {{name}}";
    if (has_nameless_braces(response.value.text))
        return "\"" + response.key + "\" has {{}} without a name: write which, as in {{name}}";
    if (!is_utf8(response.value.text))
        return "\"" + response.key + "\" holds a character that is not UTF-8: save the file as UTF-8";
    return {};
}

std::string fault_of_line(const config_entry& response, const std::string& content) {
    const auto lost = text_taken_for_comment(content, response.value.line - 1);
    if (lost.empty() || response.value.text.find(lost) != std::string::npos) return {};
    return "\"" + response.key + "\" would end before " + std::string(lost.substr(0, lost.find(' '))) +
           ", which begins a comment: put the text into quotes, or a blank behind the # of a comment";
}

} // namespace

std::map<std::string, std::string> parse_responses(const std::string& content, fault_list& faults) {
    std::map<std::string, std::string> responses;
    const auto root = parse_config_tree(content, faults);
    if (!root) return responses;
    if (root->kind == node_kind::scalar)
        faults.add(root->line, "must be a mapping of names to texts (name: text)");
    if (root->kind == node_kind::list)
        faults.add(
            root->line,
            "must be a mapping of names to texts (name: text), not a list: leave out the - and the names "
            "of its fields");
    for (const auto& response : root->entries) {
        if (has_no_word_for_key(response.value)) continue;
        if (auto fault = fault_of(response); !fault.empty())
            faults.add(response.line, std::move(fault));
        else if (auto cut = fault_of_line(response, content); !cut.empty())
            faults.add(response.value.line, std::move(cut));
        else
            responses.emplace(response.key, response.value.text);
    }
    return responses;
}

} // namespace cannedd
