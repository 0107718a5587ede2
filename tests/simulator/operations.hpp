// What each operation of the API does once its request is known to be well-formed and permitted.
#pragma once

#include "simulator/api.hpp"

namespace cannedd::sim {

// operations_send.cpp
reply send_message(world& in, turn& t);
reply send_agentless(world& in, turn& t);
reply send_chat(world& in, turn& t);
reply send_tutorial(world& in, turn& t);

// operations_read.cpp; nothing: not one of them
std::optional<reply> read(world& in, const request& req, turn& t);
// operations_library.cpp, likewise
std::optional<reply> read_library(world& in, const request& req, turn& t);

// The send's text and the length that its route allows, in UTF-16 units; nothing: no text is sent by this
// operation.
struct length_limit {
    std::string text;
    std::size_t utf16_units_max = 0;
};
std::optional<length_limit> length_limit_of(world& in, const turn& t);

reply not_found(world& in, const std::string& what);
reply conversation_not_found(world& in);

} // namespace cannedd::sim
