// From a canned response to what is said of it: whole, or not at all. Pure.
#pragma once

#include "genesys/replies.hpp"

namespace cannedd {

// not_text, with what it is: more than a text and no template of WhatsApp, or a template where none can go.
// Else filled, not yet checked for length. asked.response is the name for sentences.
result<message_content> content_of(const canned_text& response, const render_query& asked, const target& to);

} // namespace cannedd
