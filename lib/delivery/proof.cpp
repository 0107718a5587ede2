#include "delivery/proof.hpp"

#include <algorithm>

namespace cannedd {
namespace {

bool is_owned(const match_question& asked, const remote_message& shown) {
    return std::ranges::find(asked.owned, shown.id) != asked.owned.end();
}

// Since the row is there: of the same speaker, and of no row.
bool shows_what_no_row_owns(const match_question& asked) {
    return std::ranges::any_of(asked.outbound, [&](const auto& shown) {
        const bool before = shown.timestamp != wall_time() && shown.timestamp < asked.since - minutes(1);
        return !before && !is_owned(asked, shown);
    });
}

} // namespace

proof prove(const proof_question& question) {
    proof told;
    told.found = match(question.asked);
    if (told.found.mine) {
        told.to = message_status::sent;
        return told;
    }
    if (told.found.why != match_doubt::none)
        told.why = sentence_of(told.found.why);
    else if (question.conversation_ended)
        told.why = "the conversation has ended and does not show the message";
    else if (!question.text_is_known && shows_what_no_row_owns(question.asked))
        told.why = "the conversation shows messages that no row owns, and what its response said at the time "
                   "is not known";
    else
        told.to = message_status::pending;
    return told;
}

} // namespace cannedd
