// What each operation of the API does once its request is known to be well-formed and permitted.
#pragma once

#include "simulator/api.hpp"

namespace cannedd::sim {

// operations_send.cpp
reply send_message(world& in, turn& t);
reply send_chat(world& in, turn& t);
reply send_tutorial(world& in, turn& t);
// Takes the message in; what the planned fault says about it holds from now on.
const message& accept(world& in, talk& to, const turn& t, const participant& who,
                      const std::string& communication, const std::string& text);

// operations_agentless.cpp
reply send_agentless(world& in, turn& t);
// The conversation that an agentless request speaks into; nullptr: there is none yet.
talk* addressed_talk(world& in, const json::value& body);

// operations_read.cpp; nothing: not one of them
std::optional<reply> read(world& in, const request& req, turn& t);
// operations_library.cpp, likewise
std::optional<reply> read_library(world& in, const request& req, turn& t);

// The send's text and the channel that limits its length; nothing: no text is sent by this operation.
struct spoken_text {
    std::string text;
    std::string channel;
};
std::optional<spoken_text> spoken_text_of(world& in, const turn& t);

reply not_found(world& in, const std::string& what);
reply conversation_not_found(world& in);

} // namespace cannedd::sim
