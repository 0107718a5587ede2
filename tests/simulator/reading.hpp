// What a reader of the API sees of conversations: their JSON, with message statuses that move on by
// themselves, texts as they are read back, and nothing that is not visible yet.
#pragma once

#include "simulator/conversations.hpp"
#include "simulator/settings.hpp"

#include <set>
#include <string>

namespace cannedd::sim {

class reading {
public:
    reading(const clock& time, const settings& set) : time_(time), set_(set) {}

    bool visible(const message& m) const;
    std::string status(const message& m) const;
    std::string text_read_back(const message& m) const;

    json::object conversation_json(const talk& t) const;       // Conversation
    json::object media_conversation_json(const talk& t) const; // MessageConversation, ChatConversation
    json::object message_json(const talk& t, const message& m, bool read_back) const;      // MessageData
    json::object chat_message_json(const talk& t, const message& m, bool read_back) const; // WebChatMessage
    json::object analytics_json(const conversation& c) const; // AnalyticsConversationWithoutAttributes

private:
    json::object participant_json(const talk& t, const participant& p) const;
    json::object communication_json(const talk& t, const participant& p, const communication& c) const;
    json::object media_participant_json(const talk& t, const participant& p) const;
    json::array details_json(const talk& t, const communication& c) const;

    const clock& time_;
    const settings& set_;
};

// The text after the named changes: trim, crlf (line ends become \n), collapse (runs of blanks become one),
// nfc (combining accents on Latin letters are composed).
std::string normalised(std::string text, const std::set<std::string>& how);

} // namespace cannedd::sim
