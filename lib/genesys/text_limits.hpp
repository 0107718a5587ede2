// How long a text may be, by the channel that carries it. Pure: what is too long fails before it is sent, for
// the channels cut or refuse it after they have accepted it.
#pragma once

#include "error/result.hpp"
#include "genesys/route.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace cannedd {

// Of each messenger type the most UTF-16 units of a text (help pages of 2026). An SMS counts by its alphabet:
// in GSM 03.38 a character of the extension table twice (sms, 5 parts of 153); with one other character it is
// Unicode (sms_unicode, 5 parts of 67 UTF-16 units). chat: the old web chat, whatever its type.
struct text_limits {
    std::map<std::string, std::size_t, std::less<>> most{
        {"webmessaging", 4000}, {"whatsapp", 4000}, {"open", 4000}, {"facebook", 2000},  {"apple", 2000},
        {"instagram", 1000},    {"chat", 4000},     {"sms", 765},   {"sms_unicode", 335}};
    bool operator==(const text_limits&) const = default;
};

// What a text may have at most over this channel and how it is counted, for people. messenger_type: empty
// where it is not told.
std::string describe_limit(const text_limits& limits, route way, std::string_view messenger_type);

// The text itself when it may be sent: not blank (missing_text), UTF-8 without control characters except line
// feed, carriage return and tab (bad_text), not longer than the channel allows (text_too_long).
result<std::string> check_text(std::string text, route way, std::string_view messenger_type,
                               const text_limits& limits = text_limits());

} // namespace cannedd
