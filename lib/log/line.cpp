#include "log/line.hpp"

#include <array>
#include <cstdio>

namespace cannedd {
namespace {

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

void append_escaped(std::string& out, std::string_view value) {
    for (std::size_t at = 0; at < value.size();) {
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

bool needs_quotes(std::string_view value) {
    constexpr std::string_view plain = "!#$%&'()*+,-./0123456789:;<>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`"
                                       "abcdefghijklmnopqrstuvwxyz{|}~";
    return value.empty() || value.find_first_not_of(plain) != std::string_view::npos;
}

std::string to_logfmt(const log_record& record, std::string_view time) {
    std::string out;
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
