#include "genesys/text_limits.hpp"

#include "genesys/route_traits.hpp"
#include "text/gsm_alphabet.hpp"
#include "text/utf8.hpp"

namespace cannedd {
namespace {

// Of a channel that nobody documents: what Genesys' SDKs say of all of them.
constexpr std::size_t undocumented_units = 2000;

// Spaces of every kind, so that a text that shows nothing counts as none.
bool is_blank(char32_t c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xA0 || (c >= 0x2000 && c <= 0x200D) ||
           c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x2060 || c == 0x3000 ||
           c == 0xFEFF;
}

bool is_allowed_control(char32_t c) {
    return c == '\n' || c == '\t' || c == '\r';
}

std::string code_point_name(char32_t c) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string digits;
    for (auto rest = static_cast<std::uint32_t>(c); rest != 0 || digits.size() < 4; rest >>= 4U)
        digits.insert(digits.begin(), hex[rest & 15U]);
    return "U+" + digits;
}

// What a text is, as far as lengths depend on it.
struct measures {
    bool blank = true;
    std::size_t utf16_units = 0;
    std::size_t septets = 0;
    char32_t outside = 0; // its first character outside the alphabet of SMS; 0: none
    std::size_t outside_at = 0;
    std::size_t characters = 0;

    void add(char32_t c) {
        ++characters;
        blank = blank && is_blank(c);
        utf16_units += c > 0xFFFF ? 2 : 1;
        const auto in_sms = gsm_septets(c);
        septets += in_sms;
        if (in_sms != 0 || outside != 0) return;
        outside = c;
        outside_at = characters;
    }
};

result<measures> measure(std::string_view text) {
    measures of;
    for (std::size_t at = 0; at < text.size();) {
        if (is_printable_ascii(text[at])) {
            of.add(static_cast<char32_t>(text[at++]));
            continue;
        }
        const auto next = decode_utf8(text.substr(at));
        if (!next)
            return failure(errc::bad_text, "the text is not UTF-8 (byte " + std::to_string(at + 1) + " of " +
                                               std::to_string(text.size()) +
                                               "); convert it before it is inserted");
        if (is_control(next->code_point) && !is_allowed_control(next->code_point))
            return failure(errc::bad_text,
                           "the text holds the control character " + code_point_name(next->code_point) +
                               " at byte " + std::to_string(at + 1) + ", which chats do not take; remove it");
        of.add(next->code_point);
        at += next->bytes;
    }
    return of;
}

// Which line of the table counts. A gateway (route tutorial) that tells no type fronts a chat.
std::string_view channel_of(route way, std::string_view messenger_type) {
    const auto& traits = traits_of(way);
    if (traits.is_chat || (traits.through_chats && messenger_type.empty())) return "chat";
    return messenger_type;
}

std::size_t most(const text_limits& limits, std::string_view channel) {
    const auto found = limits.most.find(channel);
    return found == limits.most.end() ? undocumented_units : found->second;
}

failure too_long(const std::string& what, std::size_t limit, const std::string& of_what) {
    return failure(errc::text_too_long, what + ", " + std::to_string(limit) + " are the most that " +
                                            of_what + " takes; shorten it or split it into rows");
}

std::optional<failure> too_long_for_sms(const measures& of, const text_limits& limits) {
    if (of.outside == 0) {
        const auto limit = most(limits, "sms");
        if (of.septets <= limit) return std::nullopt;
        return too_long("the text counts " + std::to_string(of.septets) + " characters of the SMS alphabet",
                        limit, "an SMS");
    }
    const auto limit = most(limits, "sms_unicode");
    if (of.utf16_units <= limit) return std::nullopt;
    return too_long("the text has " + std::to_string(of.utf16_units) +
                        " characters (UTF-16 units) and one, " + code_point_name(of.outside) + " at " +
                        std::to_string(of.outside_at) + ", is outside the SMS alphabet",
                    limit, "such an SMS");
}

} // namespace

std::string describe_limit(const text_limits& limits, route way, std::string_view messenger_type) {
    const auto channel = channel_of(way, messenger_type);
    if (channel != "sms") return std::to_string(most(limits, channel)) + " characters (UTF-16 units)";
    return std::to_string(most(limits, "sms")) + " characters of the SMS alphabet, " +
           std::to_string(most(limits, "sms_unicode")) + " with any other";
}

result<std::string> check_text(std::string text, route way, std::string_view messenger_type,
                               const text_limits& limits) {
    const auto of = measure(text);
    if (of.has_error()) return of.error();
    if (of->blank)
        return failure(
            errc::missing_text,
            "there is nothing to send: the text is empty or only white space; give the response a text "
            "and replay the row, or insert another row");
    const auto channel = channel_of(way, messenger_type);
    if (channel == "sms") {
        if (auto why = too_long_for_sms(*of, limits)) return std::move(*why);
        return text;
    }
    const auto limit = most(limits, channel);
    if (of->utf16_units > limit)
        return too_long("the text has " + std::to_string(of->utf16_units) + " characters (UTF-16 units)",
                        limit, channel.empty() ? "route " + std::string(name_of(way)) : std::string(channel));
    return text;
}

} // namespace cannedd
