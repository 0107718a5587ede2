#include "config/yaml_slips.hpp"

#include <vector>

namespace cannedd {
namespace {

std::vector<std::string_view> lines_until(std::string_view text, int line_index) {
    std::vector<std::string_view> lines;
    while (!text.empty() && static_cast<int>(lines.size()) <= line_index) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.push_back(line);
        text = end == text.npos ? std::string_view() : text.substr(end + 1);
    }
    return lines;
}

std::string_view without_blanks(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    return begin == text.npos ? std::string_view() : text.substr(begin);
}

// After `name: `, or the whole of a line that has none.
std::string_view value_on(std::string_view line) {
    const auto colon = line.find(": ");
    return without_blanks(colon == line.npos ? line : line.substr(colon + 2));
}

// Of the quote that the value begins with; npos: it does not end there.
std::size_t end_of_quote(std::string_view value) {
    const char quote = value.front();
    for (std::size_t at = 1; at < value.size(); ++at) {
        if (quote == '"' && value[at] == '\\')
            ++at;
        else if (quote == '\'' && value.substr(at, 2) == "''")
            ++at;
        else if (value[at] == quote)
            return at;
    }
    return value.npos;
}

bool is_quoted(std::string_view value) {
    return value.starts_with('"') || value.starts_with('\'');
}

std::string remedy_of_value(std::string_view line) {
    const auto value = value_on(line);
    if (value.empty()) return {};
    if (is_quoted(value))
        return R"(; a quote inside of quotes is written \" between "..." and '' between '...')";
    if (value.starts_with("{{")) return "; the text begins with {{: put it into quotes";
    if (value.starts_with('{') || value.starts_with('['))
        return "; close the bracket, or put a text that begins with one into quotes";
    if (std::string_view("}]*&@`%!|>?,#-").find(value.front()) != std::string_view::npos)
        return "; the text begins with " + std::string(1, value.front()) + ": put it into quotes";
    if (value.find(": ") != value.npos) return R"(; the text holds ": ": put it into quotes)";
    if (line.starts_with(' ')) return "; is the line indented as those above it are?";
    return {};
}

} // namespace

std::optional<int> line_of_open_quote(std::string_view text, int line_index) {
    const auto lines = lines_until(text, line_index);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto value = value_on(lines[i]);
        if (is_quoted(value) && end_of_quote(value) == value.npos) return static_cast<int>(i);
    }
    return std::nullopt;
}

std::string remedy(std::string_view text, int line_index) {
    const auto lines = lines_until(text, line_index);
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (lines[i].substr(0, lines[i].find_first_not_of(" \t")).find('\t') != std::string_view::npos)
            return "; a tab indents line " + std::to_string(i + 1) + ": YAML takes blanks only";
    if (const auto open = line_of_open_quote(text, line_index))
        return "; a quote begins on line " + std::to_string(*open + 1) + " and does not end there: close it";
    return lines.empty() ? std::string() : remedy_of_value(lines.back());
}

std::string_view text_taken_for_comment(std::string_view text, int line_index) {
    const auto lines = lines_until(text, line_index);
    if (static_cast<int>(lines.size()) <= line_index) return {};
    const auto line = lines.back();
    if (is_quoted(value_on(line))) return {};
    for (auto at = line.find(" #"); at != line.npos; at = line.find(" #", at + 1)) {
        const auto comment = line.substr(at + 1);
        if (comment.starts_with("# ") || comment == "#") return {};
        if (!comment.starts_with("##")) return comment;
    }
    return {};
}

} // namespace cannedd
