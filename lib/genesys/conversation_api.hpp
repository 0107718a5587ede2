// The Genesys Cloud API as the delivery room sees it. Each call ends in facts; nothing throws for the
// network. resolve(), render() and read_back() pass the account's gate for each of their requests themselves;
// send() does not: its caller has passed it before it marked the row. What is handed over by reference
// outlives the call: whoever awaits it has it in a frame of its own.
#pragma once

#include "genesys/route.hpp"
#include "policy/setback.hpp"
#include "time/instant.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cannedd {

namespace asio = boost::asio;

struct resolve_query {
    route way = route::message;
    std::optional<std::string> conversation_id;
    std::optional<std::string> agent_id;
    std::optional<std::string> customer_id;
    bool fresh = false;      // true: not from the cache
    bool wants_names = true; // false: a text goes as it is, with nobody's name or attribute in it
};

// Whom a message goes to: everything a send needs.
struct target {
    route way = route::message;
    std::string conversation_id;                            // lower case
    std::string communication_id;                           // routes message, chat
    std::string agent_id;                                   // who speaks; may be empty on agentless
    std::string customer_id;                                // route tutorial: participant id -> to_id
    std::string from_address;                               // route agentless
    std::string to_address;                                 // route agentless, where no contact is named
    std::string external_contact_id;                        // route agentless: web messaging's customer
    std::string messenger_type;                             // text limits; agentless: toAddressMessengerType
    std::map<std::string, std::string> customer_attributes; // for substitutions of responses
    std::map<std::string, std::string> built_ins;           // likewise: AGENT_NAME and others
    // By the server's clock: free text is not delivered after it. Nothing: no such rule, or nobody tells.
    std::optional<wall_time> text_until;
    // Who holds the conversation is looked at again after it; nothing: the send itself would be refused.
    std::optional<steady_time> believed_until;
    bool from_cache = false;
    bool tells_names = true; // false: attributes and names may be lacking that the conversation itself tells
};

// What a row asks to be said.
struct render_query {
    std::optional<std::string> text;          // literal
    std::optional<std::string> response;      // name as the row has it (for sentences), or genesys:...
    std::optional<std::string> response_text; // its text when it came from the table or the file
    std::string variables = "{}";
};

// What is said: a text, or a template of WhatsApp that reads like it.
struct message_content {
    message_content() = default;
    explicit message_content(std::string text_, std::string template_call_ = {})
        : text(std::move(text_)), template_call(std::move(template_call_)) {}
    std::string text;          // as the customer reads it
    std::string template_call; // what sends it and finds it again, to be kept with the row; empty: a text
};

struct sent_reply {
    request_facts facts;
    std::optional<errc>
        reason; // invalid_client, not_a_user: there was no token, nothing left (facts say so too)
    std::string remote_message_id; // empty: accepted without an id (202)
    std::string remote_status;
    std::string conversation_id; // lower case: where it was accepted; empty: not told
};

// A message of the conversation as reading back shows it.
struct remote_message {
    std::string id;
    std::string text;
    wall_time timestamp{}; // 0: not told
    std::string status;
    std::string failure_reason;
    bool unread = false; // the conversation lists it, its text was not shown
};

struct read_back_query {
    route way = route::message;
    std::string conversation_id;
    std::string communication_id; // of the mark; may be empty
    std::string agent_id;         // who spoke, where the row says so: a chat is read with that agent's token
    message_content sent;         // what is looked for: a template is known by more than its text
    wall_time since{}; // of what was said long before it, by the server's clock, the newest matters
};

struct read_back_reply {
    std::vector<remote_message> outbound; // by time; of the same communication or the `api` participant; the
                                          // newest of them, however old
    std::vector<std::string> listed;      // ids of all that are listed, whoever spoke: reaching back as far
    bool ended = false;                   // the conversation has ended: what is absent now may never be shown
    wall_time read_at{};                  // by the server's clock, which may not be the one that stamps
};

class conversation_api {
public:
    virtual ~conversation_api() = default;
    virtual asio::awaitable<api_result<target>> resolve(resolve_query query) = 0;
    // Exactly what will be sent, within the route's limits; nothing is sent with an unresolved
    // {{name}}.
    virtual asio::awaitable<api_result<message_content>> render(render_query query, const target& to) = 0;
    virtual asio::awaitable<sent_reply> send(const target& to, const message_content& content) = 0;
    virtual asio::awaitable<api_result<read_back_reply>> read_back(read_back_query query) = 0;
    // Messages by id, at most 1,000 of one conversation: for following remote_status.
    virtual asio::awaitable<api_result<std::vector<remote_message>>>
    statuses(std::string conversation_id, std::vector<std::string> ids) = 0;
    // The clock that stamps messages, at the least (server_clock.hpp); nothing: no answer has told it yet.
    virtual std::optional<wall_time> server_time() const = 0;
    // What is cached about this conversation is no longer believed.
    virtual void forget(const std::string& conversation_id) = 0;
};

} // namespace cannedd
