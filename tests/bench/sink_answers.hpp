// What the measuring server knows of HTTP and of Genesys: just enough that a client may not tell the
// difference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cannedd::bench {

enum class operation { token, conversation, list, message, other };

struct request_view {
    operation what = operation::other;
    std::string_view conversation_id; // of a conversation or a message
    std::string_view body;
    std::size_t size = 0; // of the whole request, in the buffer it was read from
};

// The first request in the buffer; nothing: it is not whole yet.
std::optional<request_view> first_request(std::string_view buffer);

// Texts are "m17 ..." in all that is measured: the number makes them unique, and finding it costs nothing.
std::optional<std::size_t> text_number(std::string_view body);

std::string token_answer(std::string_view date);
// A messaging conversation with a connected customer and one connected agent, as the API tells it; where the
// id begins with 7 the agent has not answered yet.
std::string conversation_answer(std::string_view conversation_id, std::string_view date);
// The user's own conversations: the first `served` of account 0, as conversation_answer() has them, but a
// participant each instead of communications, and whom it is connected with.
std::string list_answer(std::size_t served, std::string_view date);
// `serial` makes the message's id, which is never given twice.
std::string message_answer(std::string_view conversation_id, std::uint64_t serial, std::string_view date);
std::string not_found_answer(std::string_view date);

} // namespace cannedd::bench
