// Is this text that one, as a server kept it? Pure. Servers escape, fold blanks and quotes, drop what is not
// seen, cut ends and rewrite links; a reader still says "the same text".
//   same       equal after folding: entities, blanks, invisible characters, NFKC, quotes, case
//   near       cut off, in parts, something put before or after it, links rewritten, single words or
//              characters masked, without its tags, in another encoding or alphabet (near_words.hpp,
//              recoding.hpp); several of these at once or a small part rewritten (shared_letters.hpp); or
//              what stands where any text was (placeholder.hpp)
//   different  what another has said
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cannedd {

enum class likeness : std::uint8_t { same, near, different };

// As it is compared. What is not UTF-8 is compared byte by byte.
std::string folded(std::string_view text);

// Of what is shown the first 32 KiB count.
likeness likeness_of(const std::string& sent, const std::string& shown);

} // namespace cannedd
