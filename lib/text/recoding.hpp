// What programs between a sender and a reader make of a text: escapes of another language, a wrong or a
// poorer character set, another alphabet, places that are blanked out. Pure.
#pragma once

#include <string>
#include <string_view>

namespace cannedd {

// Escapes of URLs, JSON and quoted-printable undone, wherever they stand: "a%20b", "a\nb", "=C3=BC",
// "\u00fc".
std::string unescaped(std::string_view text);

// What ASCII holds of `sent` stands in `shown` in its order, with something or nothing in place of the rest:
// "für Øl" as "fÃ¼r Ã˜l", "fuer Oel", "fr l". Of a text in another alphabet: it is shown in Latin letters.
bool may_be_recoded(std::string_view sent, std::string_view shown);

// `shown` is `sent` but for places like [REDACTED] or ****.
bool may_be_blanked_out(std::string_view sent, std::string_view shown);

} // namespace cannedd
