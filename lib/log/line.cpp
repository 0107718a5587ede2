#include "log/line.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace cannedd {
namespace {

constexpr std::size_t usual_bytes = 300; // of a line

// How many bytes the UTF-8 sequence at the beginning has; 0: it is none (RFC 3629: no overlong form, no
// surrogate).
std::size_t sequence_length(std::string_view bytes) {
    const auto byte = [&](std::size_t i) {
        return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
    };
    const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    if (byte(0) < 0x80) return 1;
    if (byte(0) >= 0xC2 && byte(0) <= 0xDF) return continues(1) ? 2 : 0;
    if (byte(0) >= 0xE0 && byte(0) <= 0xEF) {
        const bool overlong = byte(0) == 0xE0 && byte(1) < 0xA0;
        const bool surrogate = byte(0) == 0xED && byte(1) > 0x9F;
        return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (byte(0) >= 0xF0 && byte(0) <= 0xF4) {
        const bool overlong = byte(0) == 0xF0 && byte(1) < 0x90;
        const bool beyond = byte(0) == 0xF4 && byte(1) > 0x8F;
        return continues(1) && continues(2) && continues(3) && !overlong && !beyond ? 4 : 0;
    }
    return 0;
}

void append_code(std::string& out, unsigned code) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "\\u%04x", code);
    out += text.data();
}

// Terminals obey U+0080..U+009F as they obey ESC; in UTF-8 those are C2 80..C2 9F.
bool is_c1_control(std::string_view sequence) {
    return sequence.size() == 2 && sequence[0] == '\xC2' && static_cast<unsigned char>(sequence[1]) < 0xA0;
}

// Of each byte, for each of each line is looked up: all of ASCII that shows, but for what would end or escape
// a value.
struct plainness {
    std::array<bool, 256> in_quotes{};
    std::array<bool, 256> bare{};
};
constexpr auto plain = [] {
    plainness all;
    for (unsigned char c = 0x20; c < 0x7F; ++c) {
        all.in_quotes.at(c) = c != '"' && c != '\\';
        all.bare.at(c) = all.in_quotes.at(c) && c != ' ' && c != '=';
    }
    return all;
}();

bool is_plain_in_quotes(char c) {
    return plain.in_quotes[static_cast<unsigned char>(c)];
}

void append_escaped(std::string& out, std::string_view value) {
    const auto special = std::ranges::find_if_not(value, is_plain_in_quotes); // nearly always none
    auto at = static_cast<std::size_t>(special - value.begin());
    out.append(value, 0, at);
    while (at < value.size()) {
        const auto length = sequence_length(value.substr(at));
        const auto sequence = value.substr(at, length == 0 ? 1 : length);
        const auto last = static_cast<unsigned char>(sequence.back());
        if (sequence == "\"" || sequence == "\\") {
            out += '\\';
            out += sequence;
        } else if (sequence == "\n") {
            out += "\\n";
        } else if (length == 0 || last < 0x20 || last == 0x7F || is_c1_control(sequence)) {
            append_code(out, last);
        } else {
            out += sequence;
        }
        at += sequence.size();
    }
}

void append_quoted(std::string& out, std::string_view value) {
    out += '"';
    append_escaped(out, value);
    out += '"';
}

bool is_plain(char c) {
    return plain.bare[static_cast<unsigned char>(c)];
}

bool needs_quotes(std::string_view value) {
    return value.empty() || !std::ranges::all_of(value, is_plain);
}

std::string to_logfmt(const log_record& record, std::string_view time) {
    std::string out;
    out.reserve(usual_bytes);
    if (!time.empty()) {
        out += "time=";
        out += time;
        out += ' ';
    }
    out += "level=";
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

std::string to_json(const log_record& record, std::string_view time) {
    std::string out = "{";
    out.reserve(usual_bytes);
    if (!time.empty()) {
        out += "\"time\":";
        append_quoted(out, time);
        out += ',';
    }
    out += "\"level\":";
    append_quoted(out, name_of(record.level));
    out += ",\"msg\":";
    append_quoted(out, record.text);
    for (const auto& field : record.fields) {
        out += ',';
        append_quoted(out, field.key);
        out += ':';
        if (field.is_number)
            out += field.value;
        else
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

std::string to_line(const log_record& record, log_format format, std::string_view time) {
    return format == log_format::json ? to_json(record, time) : to_logfmt(record, time);
}

} // namespace cannedd
