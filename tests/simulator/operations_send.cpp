#include "simulator/operations.hpp"
#include "simulator/templates.hpp"

namespace cannedd::sim {
namespace {

reply refused(world& in, const refusal& how, const std::string& message) {
    return error_reply(in, how.status, how.code, message);
}

reply not_a_user(world& in) {
    return error_reply(in, 400, "not.a.user",
                       "This request requires a user context. Client credentials cannot be used.");
}

// Why nobody may speak over this communication now; nothing: they may.
std::optional<reply> speech_refusal(world& in, const turn& t, const conversation& c, const participant* who,
                                    const communication* line) {
    if (line == nullptr) return not_found(in, "communication");
    if (!c.active()) return refused(in, in.set.ended, "The conversation has ended.");
    if (line->state == "disconnected")
        return refused(in, in.set.disconnected, "The communication is disconnected.");
    if (line->state != "connected")
        return refused(in, in.set.not_connected, "The communication is " + line->state + ".");
    if (!t.token->user_id.empty() && who->user_id != t.token->user_id)
        return refused(in, in.set.not_owner, "The communication belongs to another user.");
    return std::nullopt;
}

struct speech {
    talk* where = nullptr;
    const participant* who = nullptr;
    const communication* line = nullptr;
};

// The communication named by the path, if it may be spoken over; else the answer that says why not.
std::optional<reply> find_speech(world& in, const turn& t, const char* media, speech& found) {
    if (t.token->user_id.empty() && !in.set.client_may_speak) return not_a_user(in);
    found.where = in.talks.find(t.parameter("conversationId"));
    if (found.where == nullptr || found.where->now.media != media) return conversation_not_found(in);
    std::tie(found.who, found.line) = found.where->now.find_communication(t.parameter("communicationId"));
    return speech_refusal(in, t, found.where->now, found.who, found.line);
}

// WhatsApp takes free text until 24 h after the customer's last word.
bool outside_window(world& in, const talk& to) {
    if (to.now.messenger != "whatsapp") return false;
    std::optional<wall_time> last;
    for (const auto& m : to.messages)
        if (!m.outbound && (!last || *last < m.time)) last = m.time;
    return last && in.time.wall() - *last > std::chrono::hours(24);
}

} // namespace

const message& accept(world& in, talk& to, const turn& t, const participant& who,
                      const std::string& communication, const std::string& text) {
    message m;
    m.text = text;
    if (auto sent = template_of(in, t)) {
        m.text = sent->text;
        m.by_template = sent->shown;
    }
    m.participant_id = who.id;
    m.communication_id = communication;
    m.user_id = t.token->user_id;
    m.route = t.operation();
    m.held = in.set.read_back.hold;
    if (t.planned) {
        m.failure_code = t.planned->failure_code;
        m.failure_message = t.planned->failure_message;
        m.normalise = t.planned->normalise;
    }
    if (m.failure_code.empty() && !m.by_template && outside_window(in, to)) {
        m.failure_code = "131047";
        m.failure_message = "Re-engagement message: more than 24 hours have passed since the customer wrote.";
    }
    in.memory.count("accepted");
    return in.talks.say(to, std::move(m));
}

reply send_message(world& in, turn& t) {
    speech s;
    if (auto refusal = find_speech(in, t, "message", s)) return *refusal;
    const auto& m = accept(in, *s.where, t, *s.who, s.line->id, text_or(*t.body, "textBody"));
    return json_reply(in.readers.message_json(*s.where, m, false));
}

reply send_chat(world& in, turn& t) {
    if (!in.set.legacy_chat)
        return error_reply(in, in.set.legacy_chat_status,
                           in.set.legacy_chat_status == 410 ? "gone" : "not.found",
                           "The web chat API has been removed.");
    speech s;
    if (auto refusal = find_speech(in, t, "chat", s)) return *refusal;
    const auto& m = accept(in, *s.where, t, *s.who, s.line->id, text_or(*t.body, "body"));
    return json_reply(in.readers.chat_message_json(*s.where, m, false));
}

reply send_tutorial(world& in, turn& t) {
    if (!in.set.tutorial) return error_reply(in, 404, "not.found", "HTTP 404 Not Found");
    auto* where = in.talks.find(t.parameter("conversationId"));
    if (where == nullptr) return conversation_not_found(in);
    const auto from = text_or(*t.body, "from_id");
    const participant* who = nullptr;
    for (const auto& p : where->now.participants)
        if (p.user_id == from && !from.empty() && p.monitored_id.empty() && p.coached_id.empty()) who = &p;
    const auto* customer = where->now.find_participant(text_or(*t.body, "to_id"));
    if (who == nullptr || customer == nullptr ||
        (customer->purpose != "customer" && customer->purpose != "external"))
        return not_found(in, "participant");
    if (auto refusal = speech_refusal(in, t, where->now, who, &who->communications.back())) return *refusal;
    const auto& m = accept(in, *where, t, *who, who->communications.back().id, text_or(*t.body, "text"));
    return json_reply(json::object{{"id", m.id}});
}

std::optional<spoken_text> spoken_text_of(world& in, const turn& t) {
    const auto name = t.operation();
    if (!t.to.what->is_send || find(*t.body, "messagingTemplate") != nullptr) return std::nullopt;
    if (name == "send_chat") return spoken_text{text_or(*t.body, "body"), "chat"};
    if (name == "send_agentless") {
        return spoken_text{text_or(*t.body, "textBody"), text_or(*t.body, "toAddressMessengerType")};
    }
    if (name != "send_message" && name != "send_tutorial") return std::nullopt;
    const auto* where = in.talks.find(t.parameter("conversationId"));
    const bool chat = where != nullptr && where->now.media == "chat";
    const auto channel = where == nullptr ? std::string() : chat ? std::string("chat") : where->now.messenger;
    return spoken_text{text_or(*t.body, name == "send_message" ? "textBody" : "text"), channel};
}

} // namespace cannedd::sim
