#include "text/gsm_alphabet.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace cannedd {
namespace {

constexpr std::u32string_view basic =
    U"@\u00A3$\u00A5\u00E8\u00E9\u00F9\u00EC\u00F2\u00C7\n\u00D8\u00F8\r\u00C5\u00E5"
    U"\u0394_\u03A6\u0393\u039B\u03A9\u03A0\u03A8\u03A3\u0398\u039E\u00C6\u00E6\u00DF\u00C9"
    U" !\"#\u00A4%&'()*+,-./0123456789:;<=>?"
    U"\u00A1ABCDEFGHIJKLMNOPQRSTUVWXYZ\u00C4\u00D6\u00D1\u00DC\u00A7"
    U"\u00BFabcdefghijklmnopqrstuvwxyz\u00E4\u00F6\u00F1\u00FC\u00E0";
static_assert(basic.size() == 127); // 128 places, less the escape to the extension table

constexpr char32_t euro = U'\u20AC'; // the one that lies far from all others
constexpr std::u32string_view extension = U"\f^{}\\[~]|";

// By character, for each character of each message is looked up.
constexpr auto septets = [] {
    std::array<std::uint8_t, 0x400> all{};
    for (const auto c : basic)
        all.at(c) = 1;
    for (const auto c : extension)
        all.at(c) = 2;
    return all;
}();

} // namespace

std::size_t gsm_septets(char32_t character) {
    if (character < septets.size()) return septets[character];
    return character == euro ? 2 : 0;
}

} // namespace cannedd
