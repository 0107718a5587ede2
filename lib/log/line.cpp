#include "log/line.hpp"

#include <array>
#include <cstdio>

namespace cannedd {
namespace {

void append_escaped(std::string& out, std::string_view value) {
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7f) {
            std::array<char, 8> code{};
            std::snprintf(code.data(), code.size(), "\\u%04x", byte);
            out += code.data();
        } else {
            out += c;
        }
    }
}

void append_quoted(std::string& out, std::string_view value) {
    out += '"';
    append_escaped(out, value);
    out += '"';
}

bool needs_quotes(std::string_view value) {
    if (value.empty()) return true;
    return value.find_first_of(" =\"\\\t\n\r") != std::string_view::npos ||
           value.find_first_not_of(
               "!#$%&'()*+,-./"
               "0123456789:;<>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~") !=
               std::string_view::npos;
}

std::string to_logfmt(const log_record& record) {
    std::string out = "level=";
    out += name_of(record.level);
    out += " msg=";
    append_quoted(out, record.text);
    for (const auto& field : record.fields) {
        out += ' ';
        out += field.key;
        out += '=';
        if (needs_quotes(field.value))
            append_quoted(out, field.value);
        else
            out += field.value;
    }
    return out;
}

std::string to_json(const log_record& record) {
    std::string out = "{\"level\":";
    append_quoted(out, name_of(record.level));
    out += ",\"msg\":";
    append_quoted(out, record.text);
    for (const auto& field : record.fields) {
        out += ',';
        append_quoted(out, field.key);
        out += ':';
        append_quoted(out, field.value);
    }
    out += '}';
    return out;
}

} // namespace

std::string_view name_of(log_level level) noexcept {
    constexpr std::array<std::string_view, 5> names{"debug", "info", "notice", "warning", "error"};
    return names.at(static_cast<std::size_t>(level));
}

std::string_view journal_prefix(log_level level) noexcept {
    constexpr std::array<std::string_view, 5> prefixes{"<7>", "<6>", "<5>", "<4>", "<3>"};
    return prefixes.at(static_cast<std::size_t>(level));
}

std::string to_line(const log_record& record, log_format format) {
    return format == log_format::json ? to_json(record) : to_logfmt(record);
}

} // namespace cannedd
