// The sentence that an operator reads in messages.error_detail: what happened, what the other side said, what
// to do now, and the correlation id to quote to Genesys. Pure; never a message's text, a token or a secret.
#pragma once

#include "error/errc.hpp"
#include "policy/facts.hpp"

#include <string>
#include <string_view>

namespace cannedd {

// "<detail>. <advice> (HTTP 404, correlation id x)"; every part but the advice may be absent.
std::string explain(errc code, std::string_view detail, const request_facts& facts);

// The same for a 403 that concerns one conversation alone.
std::string explain_barred(const request_facts& facts);

// The same for a 403 that concerns one response of the library alone.
std::string explain_barred_response(const request_facts& facts);

// The same for a 500 after which nothing is tried any more, though nobody has read the conversation back.
std::string explain_last_500(const request_facts& facts);

// The same for a sentence that says itself what to do (the reason of a look-up): no advice is added.
std::string refer(std::string sentence, const request_facts& facts);

} // namespace cannedd
