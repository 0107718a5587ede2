#include "simulator/encoding.hpp"

#include <array>
#include <cctype>
#include <cstdio>
#include <ctime>

namespace cannedd::sim {
namespace {

int base64_value(char c, bool url) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == (url ? '-' : '+')) return 62;
    if (c == (url ? '_' : '/')) return 63;
    return -1;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::tm utc(wall_time when) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count();
    const auto time = static_cast<std::time_t>(seconds);
    std::tm parts{};
    gmtime_r(&time, &parts);
    return parts;
}

// How many bytes the sequence that begins with this one has; 0: none begins with it.
std::size_t sequence_length(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return 2;
    if (lead >= 0xE0 && lead <= 0xEF) return 3;
    if (lead >= 0xF0 && lead <= 0xF4) return 4;
    return 0;
}

} // namespace

std::optional<std::string> base64_decoded(std::string_view text, bool url) {
    while (!text.empty() && text.back() == '=')
        text.remove_suffix(1);
    std::string out;
    unsigned bits = 0;
    int held = 0;
    for (const char c : text) {
        const int value = base64_value(c, url);
        if (value < 0) return std::nullopt;
        bits = (bits << 6) | static_cast<unsigned>(value);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        out += static_cast<char>((bits >> held) & 0xFF);
    }
    return out;
}

std::string percent_decoded(std::string_view text, bool plus_is_space) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
            hex_value(text[i + 2]) >= 0) {
            out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else {
            out += plus_is_space && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

std::multimap<std::string, std::string> form_fields(std::string_view text) {
    std::multimap<std::string, std::string> fields;
    while (!text.empty()) {
        const auto end = text.find('&');
        const auto field = text.substr(0, end);
        const auto equals = field.find('=');
        const auto value = equals == std::string_view::npos ? std::string_view() : field.substr(equals + 1);
        if (!field.empty())
            fields.emplace(percent_decoded(field.substr(0, equals), true), percent_decoded(value, true));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    return fields;
}

std::optional<std::size_t> utf16_units(std::string_view utf8) {
    std::size_t units = 0;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto lead = static_cast<unsigned char>(utf8[i]);
        const auto length = sequence_length(lead);
        if (length == 0 || i + length > utf8.size()) return std::nullopt;
        for (std::size_t k = 1; k < length; ++k)
            if ((static_cast<unsigned char>(utf8[i + k]) & 0xC0) != 0x80) return std::nullopt;
        const auto second = length > 1 ? static_cast<unsigned char>(utf8[i + 1]) : 0U;
        const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
        const bool outside = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
        if (overlong || outside) return std::nullopt;
        units += length == 4 ? 2 : 1;
        i += length;
    }
    return units;
}

std::string iso_time(wall_time when) {
    const auto parts = utc(when);
    const auto fraction = when - std::chrono::floor<std::chrono::seconds>(when);
    std::array<char, 80> text{};
    const int size = std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                                   parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                                   parts.tm_min, parts.tm_sec, static_cast<int>(fraction.count()));
    return std::string(text.data(), static_cast<std::size_t>(size));
}

std::optional<wall_time> parse_iso_time(std::string_view text) {
    std::tm parts{};
    int used = 0;
    const std::string copy(text);
    if (std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d%n", &parts.tm_year, &parts.tm_mon, &parts.tm_mday,
                    &parts.tm_hour, &parts.tm_min, &used) != 5)
        return std::nullopt;
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    std::string rest = copy.substr(static_cast<std::size_t>(used));
    int second = 0;
    int millis = 0;
    if (!rest.empty() && rest[0] == ':') {
        if (std::sscanf(rest.c_str(), ":%2d%n", &second, &used) != 1) return std::nullopt;
        rest.erase(0, static_cast<std::size_t>(used));
    }
    if (!rest.empty() && rest[0] == '.') {
        int scale = 100;
        std::size_t i = 1;
        for (; i < rest.size() && std::isdigit(static_cast<unsigned char>(rest[i])) != 0; ++i, scale /= 10)
            millis += (rest[i] - '0') * scale;
        rest.erase(0, i);
    }
    int offset_minutes = 0;
    if (rest != "Z") {
        int hours = 0;
        int minutes = 0;
        char sign = 0;
        if (std::sscanf(rest.c_str(), "%c%2d:%2d", &sign, &hours, &minutes) != 3 ||
            (sign != '+' && sign != '-'))
            return std::nullopt;
        offset_minutes = (sign == '+' ? 1 : -1) * (hours * 60 + minutes);
    }
    parts.tm_sec = second;
    const auto seconds = timegm(&parts) - offset_minutes * 60;
    return wall_time(std::chrono::seconds(seconds) + milliseconds(millis));
}

std::string http_date(wall_time when) {
    const auto parts = utc(when);
    std::array<char, 40> text{};
    const auto size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return std::string(text.data(), size);
}

bool is_uuid(std::string_view text) noexcept {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : hex_value(text[i]) < 0) return false;
    }
    return true;
}

} // namespace cannedd::sim
