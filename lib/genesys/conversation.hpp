// A conversation as the API shows it, and the decisions about it: who speaks, to whom, and whether now is the
// time. Pure: no clock, no request. Every field may be empty, for the API leaves out what it likes.
//   ended        the conversation has an end, or every communication of the customer has
//   connected    the agent's communication; of several the last, for a reconnect makes a new participant
//   not yet      ringing (alerting), parked, or after-call work to be done: tried again later
// Supervisors who monitor or coach are agents by purpose but nobody hears them: they never speak.
#pragma once

#include "error/result.hpp"
#include "genesys/client_settings.hpp"
#include "genesys/conversation_api.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cannedd {

// A message as its participant's communication lists it; its text is asked for by id.
struct message_reference {
    std::string id;
    std::optional<wall_time> time;
    std::string status;
    std::string failure_reason;
};

struct communication {
    std::string id;
    std::string state;           // alerting, connected, parked, disconnected, ...
    bool disconnected = false;   // by its state or by its disconnectedTime
    std::string disconnect_type; // why: inactivity, session.expired, timeout, ...
    std::optional<wall_time> connected_at;
    std::string type; // webmessaging, open, sms, whatsapp, apple, ...
    std::string from_address;
    std::string to_address;
    bool wrap_up_pending = false; // afterCallWork.state is pending
    std::vector<message_reference> messages;
};

struct participant {
    std::string id;
    std::string purpose;
    std::string name;
    std::string user_id;       // lower case
    bool listens_only = false; // monitors or coaches another participant
    bool consults = false;     // was asked by another agent, does not serve the customer
    bool wrap_up_pending = false;
    std::string external_contact_id;
    std::map<std::string, std::string> attributes;
    std::vector<communication> messages; // communications of kind message
    std::vector<communication> chats;
};

struct conversation {
    std::string id;     // lower case
    bool ended = false; // has an endTime
    std::vector<participant> participants;
};

// One who may speak to the customer.
bool is_agent(const participant& who);
bool is_customer(const participant& who);
bool is_connected(const communication& one);

// Whom the message goes to, or the reason why it cannot go now. agent_id: who is to speak; empty: whoever is
// connected.
result<target> find_target(const conversation& in, route way, const std::string& agent_id,
                           const std::string& customer_id,
                           const agentless_settings& agentless = agentless_settings());

// Whether it has ended, by its endTime or because its customer has left.
bool is_over(const conversation& in, route way);

// The communications in which a message of ours may be found again. Route agentless: those of purpose `api`.
// Else the one with this id and, as it changes with every transfer back and reconnect, all others of the same
// agent; when the id is unknown, those of every agent.
std::vector<const communication*> spoken_by(const conversation& in, route way,
                                            const std::string& communication_id);

} // namespace cannedd
