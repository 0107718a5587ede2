// Was a row of a restored file sent after the copy was made? Pure: decides over what reading back showed
// (matching.hpp) since the row was created.
//   sent         the conversation shows it
//   pending      it does not, and would
//   unconfirmed  nobody can tell
#pragma once

#include "delivery/matching.hpp"
#include "queue/message.hpp"

#include <string>

namespace cannedd {

struct proof_question {
    match_question asked;
    // What was said is known: frozen in the row, or literal. Else a response was rendered again, with what
    // its text, the agent and the customer are now.
    bool text_is_known = true;
    bool conversation_ended = false;
};

struct proof {
    message_status to = message_status::unconfirmed;
    match_answer found; // mine: for sent
    std::string why;    // for unconfirmed: a sentence
};

proof prove(const proof_question& question);

} // namespace cannedd
