// Which message of the conversation is ours? Pure: decides over what reading back showed.
// Genesys takes no idempotency key, so a message is known by who spoke (reading back has filtered that), what
// was said and when. Equal texts are counted: those that were accepted without an id claim theirs first, by
// the time of their attempts. Residual: a message that becomes readable later than we look for it is taken
// for absent.
#pragma once

#include "genesys/conversation_api.hpp"
#include "queue/change.hpp"
#include "queue/message_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cannedd {

struct match_question {
    std::string text;
    wall_time since{};                    // begin of the earliest attempt in doubt, by the server's clock
    std::vector<remote_message> outbound; // of the speaker
    std::vector<std::string> owned;       // ids that rows own already
    std::vector<unnamed_message> unnamed; // rows accepted without an id, of the same conversation
};

struct match_answer {
    std::optional<remote_message> mine;
    bool perhaps = false; // not found, but one may be ours: it tells no text, or the text and no time
    std::vector<remote_claim> others; // what the unnamed rows claim
};

match_answer match(const match_question& question);

// Since when messages must be read back to answer it: unshown, an earlier message that was accepted without
// an id could only claim ours.
wall_time earliest_of_interest(const match_question& question);

// Equal to the reader: Unicode NFC, line ends, runs of blanks and blanks at the ends do not count.
std::string normalised(const std::string& text);

} // namespace cannedd
