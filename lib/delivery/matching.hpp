// Which message of the conversation is ours? Pure: decides over what reading back showed.
// Genesys takes no idempotency key, so a message is known by who spoke (reading back has filtered that), what
// was said and when. Equal texts are counted: rows that were accepted without an id take theirs first, by the
// time of their attempts. Of rows in doubt that say the same, it does not matter which one has it.
//   ours      no row owns it, the text is the same to a reader, not before the attempt by the server's clock
//   unproven  one is nearly ours, or is too old, or tells no text or no time; or the listing lacks messages
//             whose ids we were given, or everything: it may lack ours
//   absent    the rest is of others
// The server's clock may be ahead of the one that stamps messages: by how much, the messages tell that rows
// own, and that none is stamped after it is read. What may be ours by that is in doubt. Residual: a person's
// same words in the minute before the attempt are taken for ours.
#pragma once

#include "genesys/conversation_api.hpp"
#include "queue/change.hpp"
#include "queue/message_store.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cannedd {

struct match_question {
    std::string text;
    wall_time since{};                    // begin of the earliest attempt in doubt, by the server's clock
    std::vector<remote_message> outbound; // of the speaker
    std::vector<std::string> listed;      // ids of all that the conversation lists, whoever spoke
    std::vector<std::string> owned;       // ids that rows own already
    std::vector<spoken_message> spoken;   // rows of the same conversation
    wall_time read_at{};                  // by the server's clock; 0: not told
};

enum class match_doubt : std::uint8_t {
    none,
    tells_too_little, // a message without its text, or ours without its time
    may_be_anothers,  // that of a row without an id, which may also be one that tells too little
    too_old,
    nearly,
    lists_too_little,
    lists_nothing,
};

// To ask which of them rows own already.
std::vector<std::string> ids_of(const std::vector<remote_message>& messages);

// For the person who must tell; empty for none.
std::string_view sentence_of(match_doubt why);

struct match_answer {
    std::optional<remote_message> mine;
    match_doubt why = match_doubt::none; // nothing is ours for certain, and absent it is not either
    std::string nearly_text;             // as it is shown
    std::vector<remote_claim> others;    // what the rows without an id claim
};

match_answer match(const match_question& question);

// Since when messages must be read back to answer it: unshown, an earlier message that was accepted without
// an id could only claim ours.
wall_time earliest_of_interest(const match_question& question);

// Since when rows with an id are asked for: their stamps tell how far the clocks are apart.
inline constexpr milliseconds spoken_within = std::chrono::hours(6);

// Rows with an id that began this long before the attempt must be listed, else the listing proves nothing.
inline constexpr milliseconds listed_within = minutes(15);

} // namespace cannedd
