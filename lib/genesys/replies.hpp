// What the API's answers say, as plain values. Pure, and tolerant: a field that is absent or of another type
// reads as empty, an answer that is not even a JSON object as nothing.
#pragma once

#include "genesys/conversation.hpp"
#include "genesys/substitution_schema.hpp"
#include "genesys/whatsapp_template.hpp"
#include "text/json_answer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cannedd {

// What an answer to a send says about the message.
struct sent_message {
    std::string id;
    std::string status;
    std::string conversation_id; // lower case; empty: not told
};

// A page of things that are asked for by id afterwards.
struct listed_conversations {
    std::vector<std::string> ids; // lower case, each once; none that is known to have ended
    std::int64_t total = 0;       // of all pages
};

// A message of the old web chat.
struct shown_message {
    remote_message message;
    std::string text_body;                          // the other place of the text, which may differ
    bool outbound = true;                           // what does not tell may be ours
    std::optional<shown_template> sent_by_template; // as far as it is told
};

struct chat_line {
    remote_message message;
    std::string sender_id;
    bool by_agent = false; // and said by a person: no notice, no joining
};

struct canned_text {
    std::string id;
    std::string name;
    std::vector<std::string> library_ids;
    std::string text;                            // plain, whatever it was in the library
    std::string not_text;                        // what it is, or holds, that no text is; empty: nothing
    std::optional<whatsapp_template> whatsapp;   // then the text is its body
    std::map<std::string, std::string> defaults; // substitution id -> defaultValue
    substitution_schema schema;
};

struct library_name {
    std::string id;
    std::string name;
};

template<typename T>
struct listing {
    std::vector<T> entities;
    int pages = 1;
};

// Whose an access token is, as the API tells; empty: it does not.
struct token_owner {
    std::string org;
    std::string client;
    std::string grant; // CLIENT-CREDENTIALS, CODE, SAML2-BEARER, TOKEN, PASSWORD

    bool is_users() const { return !grant.empty() && grant != "CLIENT-CREDENTIALS"; }
    bool is_clients() const { return grant == "CLIENT-CREDENTIALS"; }
};

std::optional<conversation> read_conversation(const json_answer& body);
// The answer of the analytics query, and of the list of a user's own conversations.
std::optional<listed_conversations> read_found_conversations(const json_answer& body);
std::optional<listed_conversations> read_own_conversations(const json_answer& body);
sent_message read_sent_message(route way, const json_answer& body);
std::optional<std::vector<shown_message>> read_messages(const json_answer& body);
std::optional<std::vector<chat_line>> read_chat(const json_answer& body);
std::optional<canned_text> read_response(const json_answer& body);
std::optional<listing<canned_text>> read_response_results(const json_answer& body);
std::optional<listing<library_name>> read_libraries(const json_answer& body);

std::optional<token_owner> read_token_owner(const json_answer& body);
// The org's limits of one namespace, by key.
std::optional<std::map<std::string, std::int64_t>> read_limits(const json_answer& body);

} // namespace cannedd
