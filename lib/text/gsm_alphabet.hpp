// The alphabet of SMS (GSM 03.38, that is 3GPP TS 23.038, 6.2.1): whether a text can go in it, and what its
// characters count. Pure.
#pragma once

#include <cstddef>

namespace cannedd {

// How many septets the character takes: 1, of the extension table 2; 0: it is not in the alphabet, and one
// such character makes the whole SMS a Unicode one.
std::size_t gsm_septets(char32_t character);

} // namespace cannedd
