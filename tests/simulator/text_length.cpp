#include "simulator/text_length.hpp"

#include "simulator/encoding.hpp"

namespace cannedd::sim {
namespace {

constexpr std::string_view sms_once = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
                                      "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
constexpr std::string_view sms_twice = "\f^{}\\[~]|€";

// The bytes of the first character, of a text that is UTF-8.
std::string_view first_of(std::string_view utf8) {
    std::size_t bytes = 1;
    while (bytes < utf8.size() && (static_cast<unsigned char>(utf8[bytes]) & 0xC0U) == 0x80U)
        ++bytes;
    return utf8.substr(0, bytes);
}

// What it counts in the alphabet of SMS; nothing: it has another character.
std::optional<std::size_t> sms_count(std::string_view utf8) {
    std::size_t count = 0;
    while (!utf8.empty()) {
        const auto c = first_of(utf8);
        if (sms_once.find(c) != std::string_view::npos)
            count += 1;
        else if (sms_twice.find(c) != std::string_view::npos)
            count += 2;
        else
            return std::nullopt;
        utf8.remove_prefix(c.size());
    }
    return count;
}

std::optional<std::string> too_long(std::size_t count, std::string_view channel, const text_lengths& most) {
    const auto found = most.find(channel);
    const std::size_t limit = found == most.end() ? 2000 : found->second;
    if (count <= limit) return std::nullopt;
    return "the text is longer than the " + std::to_string(limit) + " of " + std::string(channel);
}

} // namespace

text_lengths published_text_lengths() {
    return {{"webmessaging", 4000}, {"whatsapp", 4000}, {"open", 4000}, {"facebook", 2000},  {"apple", 2000},
            {"instagram", 1000},    {"chat", 4000},     {"sms", 765},   {"sms_unicode", 335}};
}

std::optional<std::string> length_fault(std::string_view utf8, std::string_view channel,
                                        const text_lengths& most) {
    const auto units = utf16_units(utf8);
    if (!units) return "the text is not UTF-8";
    if (*units == 0) return "the text is empty";
    if (channel != "sms") return too_long(*units, channel, most);
    if (const auto count = sms_count(utf8)) return too_long(*count, "sms", most);
    return too_long(*units, "sms_unicode", most);
}

} // namespace cannedd::sim
