// What a token service's good answer brings. Pure.
#pragma once

#include "log/secret.hpp"
#include "time/instant.hpp"

#include <optional>
#include <string_view>

namespace cannedd {

struct token_reply {
    secret access;
    secret refresh; // empty: the one that was used stays
    seconds lifetime{0};
};

// Nothing: there is no access token in it.
std::optional<token_reply> read_token_reply(std::string_view body);

} // namespace cannedd
