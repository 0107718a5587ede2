// What a token service's good answer brings. Pure.
#pragma once

#include "log/secret.hpp"
#include "text/json_answer.hpp"
#include "time/instant.hpp"

#include <optional>

namespace cannedd {

struct token_reply {
    secret access;
    secret refresh; // empty: the one that was used stays
    seconds lifetime{0};
};

// Nothing: there is no access token in it.
std::optional<token_reply> read_token_reply(const json_answer& body);

} // namespace cannedd
