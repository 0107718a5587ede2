// What tells the four routes apart, a row each: how a message is sent, by whose token, through which
// communications and how it is read back. Nothing else in this room asks which route it
// is. Pure; private to this room.
#pragma once

#include "genesys/conversation_api.hpp"

#include <boost/json.hpp>

#include <string_view>

namespace cannedd {

struct route_traits {
    std::string_view name;
    std::string_view send_path; // {conversation} and {communication} stand for the target's
    boost::json::object (*send_body)(const target& to, std::string_view text);
    bool speaks_as_agent;  // with that agent's token; else with the account's
    bool needs_agent;      // a connected agent; else only the customer's addresses
    bool names_customer;   // the request tells the customer's participant
    bool through_messages; // communications of messaging
    bool through_chats;    // communications of the old web chat
    bool is_chat;          // listed and read back as a chat
    bool listed_whole;     // the list of a user's own conversations tells whom to send to
    bool wraps_message;    // the answer holds the message that reading back shows within `message`
    bool read_back_as_api; // what was said is a participant's of purpose `api`; else the agent's
};

const route_traits& traits_of(route way) noexcept;

// send_path with the target's identifiers in it.
std::string send_path(const target& to);

} // namespace cannedd
