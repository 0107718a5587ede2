#include "simulator/reading.hpp"

#include "simulator/encoding.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace cannedd::sim {
namespace {

json::object address_json(const std::string& address) {
    return {{"addressNormalized", address}, {"addressRaw", address}, {"name", address}};
}

void put_time(json::object& to, const char* key, const std::optional<wall_time>& when) {
    if (when) to[key] = iso_time(*when);
}

void put_text(json::object& to, const char* key, const std::string& text) {
    if (!text.empty()) to[key] = text;
}

json::object attributes_json(const participant& p) {
    json::object values;
    for (const auto& [key, value] : p.attributes)
        values[key] = value;
    return values;
}

std::string role_of(const participant& p) {
    if (p.purpose == "agent" || p.purpose == "user") return "AGENT";
    return p.purpose == "customer" || p.purpose == "external" ? "CUSTOMER" : "WORKFLOW";
}

json::object segment(const char* type, wall_time start, const std::optional<wall_time>& end) {
    json::object s{{"segmentType", type}, {"segmentStart", iso_time(start)}, {"conference", false}};
    put_time(s, "segmentEnd", end);
    return s;
}

// What analytics makes of one communication: rung, spoken, parked, wrapped up, each with its own begin and
// end.
json::array segments_json(const communication& c) {
    json::array list;
    const auto rung_until = c.connected ? c.connected : c.disconnected;
    list.push_back(segment("alert", c.alerted, rung_until));
    if (c.connected) list.push_back(segment("interact", *c.connected, c.parked ? c.parked : c.disconnected));
    if (c.parked) list.push_back(segment("parked", *c.parked, c.disconnected));
    if (!c.after_call_work.empty() && c.disconnected)
        list.push_back(segment("wrapup", *c.disconnected, c.work_done));
    return list;
}

json::object after_call_work_json(const communication& c) {
    json::object work{{"state", c.after_call_work}};
    put_time(work, "startTime", c.disconnected);
    put_time(work, "endTime", c.work_done);
    return work;
}

// Whom a participant of a messaging conversation is connected with: the customer with who speaks to him now,
// everybody else with the customer.
std::string peer_of(const conversation& in, const participant& p) {
    const communication* peer = nullptr;
    for (const auto& other : in.participants) {
        const bool is_across = (role_of(other) == "CUSTOMER") != (role_of(p) == "CUSTOMER");
        if (is_across && other.monitored_id.empty() && other.communications.back().state == "connected")
            peer = &other.communications.back();
    }
    return peer == nullptr ? std::string() : peer->id;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

bool blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void show_template(json::object& normal, const json::object& sent, const std::string& how) {
    normal["type"] = "Structured";
    json::object content{{"contentType", "Notification"}};
    if (how == "parameters") content["template"] = sent;
    normal["content"] = json::array{std::move(content)};
    if (how != "text") normal.erase("text");
}

std::string collapsed(const std::string& text) {
    std::string out;
    for (const char c : text) {
        const bool again = c == ' ' && !out.empty() && out.back() == ' ';
        if (!again) out += c;
    }
    return out;
}

} // namespace

std::string normalised(std::string text, const std::set<std::string>& how) {
    if (how.contains("crlf")) {
        replace_all(text, "\r\n", "\n");
        replace_all(text, "\r", "\n");
    }
    if (how.contains("trim")) {
        while (!text.empty() && blank(text.back()))
            text.pop_back();
        const auto first = std::find_if_not(text.begin(), text.end(), blank);
        text.erase(text.begin(), first);
    }
    if (how.contains("collapse")) text = collapsed(text);
    if (how.contains("nfc")) {
        static const std::array<std::pair<const char*, const char*>, 16> composed{{
            {"a\u0300", "\u00e0"},
            {"a\u0301", "\u00e1"},
            {"a\u0302", "\u00e2"},
            {"a\u0308", "\u00e4"},
            {"c\u0327", "\u00e7"},
            {"e\u0300", "\u00e8"},
            {"e\u0301", "\u00e9"},
            {"e\u0302", "\u00ea"},
            {"e\u0308", "\u00eb"},
            {"i\u0301", "\u00ed"},
            {"n\u0303", "\u00f1"},
            {"o\u0301", "\u00f3"},
            {"o\u0308", "\u00f6"},
            {"u\u0301", "\u00fa"},
            {"u\u0308", "\u00fc"},
            {"A\u0308", "\u00c4"},
        }};
        for (const auto& [from, to] : composed)
            replace_all(text, from, to);
    }
    return text;
}

bool reading::visible(const message& m) const {
    if (m.held && set_.read_back.hold) return false;
    return time_.steady() >= m.accepted + set_.read_back.lag;
}

std::string reading::status(const message& m) const {
    if (!m.outbound) return "received";
    if (!m.released) return "queued";
    const auto age = time_.steady() - *m.released;
    if (age < set_.delivery.sent_after) return "queued";
    if (age < set_.delivery.final_after) return "sent";
    return m.failure_code.empty() ? "delivery-success" : "delivery-failed";
}

std::string reading::text_read_back(const message& m) const {
    auto how = set_.read_back.normalise;
    how.insert(m.normalise.begin(), m.normalise.end());
    return how.empty() ? m.text : normalised(m.text, how);
}

json::array reading::details_json(const talk& t, const communication& c) const {
    json::array list;
    for (const auto& m : t.messages) {
        if (m.communication_id != c.id || !visible(m)) continue;
        json::object detail{
            {"messageId", m.id},
            {"messageURI", "/api/v2/conversations/messages/" + t.now.id + "/messages/" + m.id},
            {"messageTime", iso_time(m.time)},
            {"messageStatus", status(m)},
            {"messageSegmentCount", 1}};
        if (detail["messageStatus"] == "delivery-failed")
            detail["errorInfo"] = json::object{{"code", m.failure_code}, {"message", m.failure_message}};
        list.push_back(std::move(detail));
    }
    return list;
}

json::object reading::communication_json(const talk& t, const participant& p, const communication& c) const {
    json::object out{{"id", c.id}, {"state", c.state}, {"held", false}, {"segments", json::array()}};
    out["initialState"] = p.purpose == "customer" ? "connected" : "alerting";
    out["direction"] = p.purpose == "api" ? "outbound" : "inbound";
    out["provider"] = t.now.media == "chat" ? "PureCloud Webchat v2" : "PureCloud Messaging";
    out["startAlertingTime"] = iso_time(c.alerted);
    put_time(out, "connectedTime", c.connected);
    put_time(out, "disconnectedTime", c.disconnected);
    put_text(out, "disconnectType", c.disconnect_type);
    out["afterCallWorkRequired"] = p.wrapup_required;
    if (!c.after_call_work.empty()) out["afterCallWork"] = after_call_work_json(c);
    if (t.now.media == "chat") {
        out["roomId"] = t.now.id + "@conference.simulated";
        return out;
    }
    put_time(out, "parkTime", c.parked);
    out["type"] = t.now.messenger;
    out["recipientType"] = "mobile";
    out["fromAddress"] = address_json(p.purpose == "api" ? t.now.org_address : t.now.customer_address);
    out["toAddress"] = address_json(p.purpose == "api" ? t.now.customer_address : t.now.org_address);
    out["messages"] = details_json(t, c);
    return out;
}

json::object reading::participant_json(const talk& t, const participant& p) const {
    json::object out{
        {"id", p.id}, {"purpose", p.purpose}, {"name", p.name}, {"startTime", iso_time(p.started)}};
    out["participantType"] = p.purpose == "customer" ? "External" : "Internal";
    put_time(out, "endTime", p.ended);
    put_text(out, "userId", p.user_id);
    put_text(out, "externalContactId", p.external_contact_id);
    if (!p.user_id.empty()) out["userUri"] = "/api/v2/users/" + p.user_id;
    put_text(out, "monitoredParticipantId", p.monitored_id);
    put_text(out, "coachedParticipantId", p.coached_id);
    put_text(out, "consultParticipantId", p.consult_id);
    put_text(out, "bargedParticipantId", p.barged_id);
    out["wrapupRequired"] = p.wrapup_required;
    out["attributes"] = attributes_json(p);
    json::array list;
    for (const auto& c : p.communications)
        list.push_back(communication_json(t, p, c));
    const bool chat = t.now.media == "chat";
    out["messages"] = chat ? json::array() : list;
    out["chats"] = chat ? list : json::array();
    return out;
}

json::object reading::conversation_json(const talk& t) const {
    json::object out{{"id", t.now.id}, {"startTime", iso_time(t.now.started)}};
    put_time(out, "endTime", t.now.ended);
    json::array people;
    for (const auto& p : t.now.participants)
        people.push_back(participant_json(t, p));
    out["participants"] = std::move(people);
    out["recordingState"] = "NONE";
    out["selfUri"] = "/api/v2/conversations/" + t.now.id;
    return out;
}

json::object reading::media_participant_json(const talk& t, const participant& p) const {
    const auto& c = p.communications.back();
    json::object out{
        {"id", p.id}, {"purpose", p.purpose}, {"name", p.name}, {"state", c.state}, {"held", false}};
    out["startTime"] = iso_time(p.started);
    put_time(out, "endTime", p.ended);
    put_time(out, "connectedTime", c.connected);
    if (!p.user_id.empty())
        out["user"] = json::object{{"id", p.user_id}, {"selfUri", "/api/v2/users/" + p.user_id}};
    put_text(out, "disconnectType", c.disconnect_type);
    out["wrapupRequired"] = p.wrapup_required;
    out["attributes"] = attributes_json(p);
    if (t.now.media == "chat") return out;
    put_text(out, "monitoredParticipantId", p.monitored_id);
    if (set_.own_list.peer) put_text(out, "peer", peer_of(t.now, p));
    put_time(out, "parkTime", c.parked);
    out["type"] = t.now.messenger;
    out["fromAddress"] = address_json(t.now.customer_address);
    out["toAddress"] = address_json(t.now.org_address);
    out["messages"] = details_json(t, c);
    return out;
}

json::object reading::media_conversation_json(const talk& t) const {
    json::array people;
    for (const auto& p : t.now.participants)
        people.push_back(media_participant_json(t, p));
    return {{"id", t.now.id},
            {"participants", std::move(people)},
            {"otherMediaUris", json::array()},
            {"selfUri", "/api/v2/conversations/" + t.now.media + "s/" + t.now.id}};
}

json::object reading::message_json(const talk& t, const message& m, bool read_back) const {
    const auto text = read_back ? text_read_back(m) : m.text;
    const auto state = read_back ? status(m) : "queued";
    json::object normal{{"id", m.id}, {"type", "Text"}, {"text", text}};
    normal["direction"] = m.outbound ? "Outbound" : "Inbound";
    if (state == "delivery-failed") {
        normal["status"] = "Failed";
        normal["reasons"] =
            json::array{json::object{{"code", m.failure_code}, {"message", m.failure_message}}};
    }
    json::object out{{"id", m.id}, {"conversationId", t.now.id}, {"status", state}};
    if (set_.legacy_text_body && !m.by_template) out["textBody"] = text;
    out["direction"] = m.outbound ? "outbound" : "inbound";
    out["timestamp"] = iso_time(m.time);
    out["messengerType"] = t.now.messenger;
    out["fromAddress"] = m.outbound ? t.now.org_address : t.now.customer_address;
    out["toAddress"] = m.outbound ? t.now.customer_address : t.now.org_address;
    if (!m.user_id.empty())
        out["createdBy"] =
            json::object{{"id", m.user_id}, {"version", 1}, {"selfUri", "/api/v2/users/" + m.user_id}};
    if (m.by_template) show_template(normal, *m.by_template, set_.template_shown);
    out["normalizedMessage"] = std::move(normal);
    out["selfUri"] = "/api/v2/conversations/messages/" + t.now.id + "/messages/" + m.id;
    return out;
}

json::object reading::chat_message_json(const talk& t, const message& m, bool read_back) const {
    const auto* who = t.now.find_participant(m.participant_id);
    json::object sender{{"id", m.participant_id}, {"role", who == nullptr ? "WORKFLOW" : role_of(*who)}};
    return {{"id", m.id},
            {"conversation", json::object{{"id", t.now.id}}},
            {"sender", std::move(sender)},
            {"body", read_back ? text_read_back(m) : m.text},
            {"bodyType", "standard"},
            {"timestamp", iso_time(m.time)},
            {"selfUri", "/api/v2/conversations/chats/" + t.now.id + "/messages/" + m.id}};
}

json::object reading::analytics_json(const conversation& c) const {
    json::array people;
    for (const auto& p : c.participants) {
        json::array sessions;
        for (const auto& comm : p.communications) {
            json::object s{{"sessionId", comm.id}, {"mediaType", c.media}, {"segments", segments_json(comm)}};
            s["direction"] = p.purpose == "api" ? "outbound" : "inbound";
            if (c.media == "message") s["messageType"] = c.messenger;
            s["addressFrom"] = c.customer_address;
            s["addressTo"] = c.org_address;
            put_text(s, "monitoredParticipantId", p.monitored_id);
            put_text(s, "coachedParticipantId", p.coached_id);
            sessions.push_back(std::move(s));
        }
        json::object person{{"participantId", p.id}, {"purpose", p.purpose}, {"participantName", p.name}};
        put_text(person, "userId", p.user_id);
        person["sessions"] = std::move(sessions);
        people.push_back(std::move(person));
    }
    json::object out{{"conversationId", c.id}, {"conversationStart", iso_time(c.started)}};
    put_time(out, "conversationEnd", c.ended);
    out["originatingDirection"] = "inbound";
    out["participants"] = std::move(people);
    return out;
}

} // namespace cannedd::sim
