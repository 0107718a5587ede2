#include "simulator/conversations.hpp"

#include "simulator/encoding.hpp"

#include <boost/algorithm/string/case_conv.hpp>

#include <algorithm>
#include <stdexcept>

namespace cannedd::sim {
namespace {

[[noreturn]] void refuse(const std::string& sentence) {
    throw std::invalid_argument(sentence);
}

std::map<std::string, std::string> string_map(const json::value* from) {
    std::map<std::string, std::string> values;
    if (from == nullptr) return values;
    if (!from->is_object()) refuse("attributes must be an object of texts");
    for (const auto& member : from->get_object()) {
        if (!member.value().is_string()) refuse("attributes must be an object of texts");
        values[std::string(member.key())] = std::string(member.value().get_string());
    }
    return values;
}

bool is_agent(const participant& who) {
    return who.purpose == "agent" || who.purpose == "user";
}

bool is_customer(const participant& who) {
    return who.purpose == "customer" || who.purpose == "external";
}

std::string default_org_address(const std::string& messenger) {
    return messenger == "sms" ? "+498912345678" : "0a5b8c1e-0000-4000-8000-00000000bbbb";
}

bool open(const participant& who) {
    return std::any_of(who.communications.begin(), who.communications.end(),
                       [](const communication& c) { return c.state != "disconnected"; });
}

json::value agent_description(const json::value& agent) {
    if (agent.is_object()) return agent;
    if (!agent.is_string()) refuse("an agent is a user's id or an object");
    return json::object{{"user_id", agent}};
}

} // namespace

const participant* conversation::customer() const {
    for (auto p = participants.rbegin(); p != participants.rend(); ++p)
        if (is_customer(*p)) return &*p;
    return nullptr;
}

const participant* conversation::find_participant(const std::string& wanted) const {
    for (const auto& p : participants)
        if (p.id == wanted) return &p;
    return nullptr;
}

std::pair<const participant*, const communication*>
conversation::find_communication(const std::string& wanted) const {
    for (const auto& p : participants)
        for (const auto& c : p.communications)
            if (c.id == wanted) return {&p, &c};
    return {nullptr, nullptr};
}

const message* talk::find_message(const std::string& id) const {
    for (const auto& m : messages)
        if (m.id == id) return &m;
    return nullptr;
}

talk& conversations::add(conversation fresh) {
    if (by_id_.contains(fresh.id)) refuse("the conversation " + fresh.id + " exists already");
    auto& added = *list_.emplace_back(std::make_unique<talk>());
    added.now = std::move(fresh);
    by_id_[added.now.id] = &added;
    by_customer_[added.now.customer_address].push_back(&added);
    for (const auto& p : added.now.participants)
        if (!p.external_contact_id.empty()) by_customer_[p.external_contact_id].push_back(&added);
    org_addresses_.emplace(added.now.messenger, added.now.org_address);
    changed(added);
    return added;
}

void conversations::changed(talk& which) {
    which.past.emplace_back(time_.steady(), std::make_shared<const conversation>(which.now));
}

participant& conversations::add_participant(conversation& to, const json::value& from) {
    only_keys(from, "participant",
              {"id", "purpose", "name", "user_id", "state", "attributes", "communication_id",
               "wrapup_required", "monitored_participant_id", "coached_participant_id",
               "consult_participant_id", "barged_participant_id", "external_contact_id"});
    participant who;
    who.id = text_or(from, "id", chance_.uuid());
    who.user_id = text_or(from, "user_id");
    who.purpose = text_or(from, "purpose", who.user_id.empty() ? "customer" : "agent");
    who.name = text_or(from, "name", who.purpose);
    if (is_customer(who)) who.external_contact_id = text_or(from, "external_contact_id", chance_.uuid());
    who.started = time_.wall();
    who.wrapup_required = flag_or(from, "wrapup_required", false);
    who.monitored_id = text_or(from, "monitored_participant_id");
    who.coached_id = text_or(from, "coached_participant_id");
    who.consult_id = text_or(from, "consult_participant_id");
    who.barged_id = text_or(from, "barged_participant_id");
    who.attributes = string_map(sim::find(from, "attributes"));
    communication first;
    first.id = text_or(from, "communication_id", chance_.uuid());
    first.alerted = time_.wall();
    set_state(first, text_or(from, "state", "connected"));
    who.communications.push_back(std::move(first));
    if (!open(who)) who.ended = time_.wall();
    to.participants.push_back(std::move(who));
    return to.participants.back();
}

void conversations::describe_agents(conversation& to, const json::value& from) {
    if (const auto* one = sim::find(from, "agent")) add_participant(to, agent_description(*one));
    if (const auto* many = sim::find(from, "agents")) {
        if (!many->is_array()) refuse("'agents' must be a list");
        for (const auto& agent : many->get_array())
            add_participant(to, agent_description(agent));
    }
    if (const auto* many = sim::find(from, "participants")) {
        if (!many->is_array()) refuse("'participants' must be a list");
        for (const auto& one : many->get_array())
            add_participant(to, one);
    }
}

talk& conversations::create(const json::value& from) {
    only_keys(from, "conversation",
              {"id", "media", "messenger", "customer", "customer_address", "org_address", "agent", "agents",
               "participants", "started_ms_ago", "ended", "silent"});
    conversation fresh;
    fresh.id = boost::algorithm::to_lower_copy(text_or(from, "id", chance_.uuid()));
    if (!is_uuid(fresh.id)) refuse("a conversation's id must be a UUID");
    fresh.media = text_or(from, "media", "message");
    if (fresh.media != "message" && fresh.media != "chat") refuse("'media' must be message or chat");
    fresh.messenger = text_or(from, "messenger", "webmessaging");
    fresh.customer_address = text_or(from, "customer_address", chance_.uuid());
    fresh.org_address = text_or(from, "org_address", default_org_address(fresh.messenger));
    fresh.started = time_.wall() - milliseconds(number_or(from, "started_ms_ago", 0));
    const auto* customer = sim::find(from, "customer");
    if (customer != nullptr || sim::find(from, "participants") == nullptr)
        add_participant(fresh, customer == nullptr ? json::value(json::object()) : *customer);
    describe_agents(fresh, from);
    for (auto& p : fresh.participants)
        p.started = fresh.started;
    auto& added = add(std::move(fresh));
    if (!flag_or(from, "silent", false)) begin_to_speak(added);
    if (flag_or(from, "ended", false)) end(added);
    return added;
}

// Customers begin conversations, and not without a word; it was read before.
void conversations::begin_to_speak(talk& which) {
    const auto* who = which.now.customer();
    if (who == nullptr) return;
    message first;
    first.id = chance_.uuid();
    first.text = "Is anybody there?";
    first.time = which.now.started;
    first.outbound = false;
    first.participant_id = who->id;
    first.communication_id = who->communications.front().id;
    first.released = time_.steady();
    which.messages.push_back(std::move(first));
}

void conversations::set_state(communication& which, const std::string& state) {
    const auto now = time_.wall();
    if (state == "alerting") {
        which.alerted = now;
    } else if (state == "connected") {
        if (!which.connected) which.connected = now;
        which.parked.reset();
    } else if (state == "parked") {
        if (!which.connected) which.connected = now;
        which.parked = now;
    } else if (state == "disconnected") {
        which.disconnected = now;
    } else {
        refuse("'" + state + "' is no state of a communication");
    }
    which.state = state;
}

void conversations::leave(participant& who, const std::string& type, bool wrapup) {
    for (auto& c : who.communications) {
        if (c.state == "disconnected") continue;
        set_state(c, "disconnected");
        c.disconnect_type = type;
        if (wrapup) c.after_call_work = "pending";
    }
    who.wrapup_required = who.wrapup_required || wrapup;
    who.ended = time_.wall();
}

void conversations::end(talk& which) {
    for (auto& p : which.now.participants)
        if (open(p)) leave(p, p.purpose == "customer" ? "peer" : "client", false);
    which.now.ended = time_.wall();
    changed(which);
}

participant& conversations::concerned(conversation& in, const json::value& details) {
    const auto id = text_or(details, "participant");
    const auto agent = text_or(details, "agent");
    for (auto p = in.participants.rbegin(); p != in.participants.rend(); ++p) {
        const bool named = !id.empty() ? p->id == id : !agent.empty() ? p->user_id == agent : is_agent(*p);
        if (named) return *p;
    }
    refuse("the conversation has no such participant");
}

void conversations::change(talk& which, const std::string& action, const json::value& details) {
    auto& in = which.now;
    static const std::map<std::string, std::string> states{
        {"connect", "connected"}, {"alert", "alerting"}, {"park", "parked"}};
    if (const auto state = states.find(action); state != states.end()) {
        set_state(concerned(in, details).communications.back(), state->second);
    } else if (action == "disconnect") {
        leave(concerned(in, details), text_or(details, "type", "client"), flag_or(details, "wrapup", false));
    } else if (action == "complete_wrapup") {
        auto& who = concerned(in, details);
        who.wrapup_required = false;
        who.communications.back().after_call_work = "complete";
        who.communications.back().work_done = time_.wall();
    } else if (action == "end") {
        return end(which);
    } else if (action == "customer_leave") {
        for (auto& p : in.participants)
            if (is_customer(p)) leave(p, "peer", false);
    } else if (action == "transfer") {
        leave(concerned(in, details), "transfer", flag_or(details, "wrapup", false));
        add_participant(in, json::object{{"user_id", text_or(details, "to")},
                                         {"state", text_or(details, "state", "connected")}});
    } else if (action == "reconnect") {
        auto& who = concerned(in, details);
        const auto user = who.user_id;
        leave(who, "client", false);
        add_participant(in,
                        json::object{{"user_id", user}, {"state", text_or(details, "state", "connected")}});
    } else if (action == "join") {
        add_participant(in, details);
    } else if (action == "reopen") {
        in.ended.reset();
        const auto contact = in.customer() == nullptr ? std::string() : in.customer()->external_contact_id;
        add_participant(in, json::object{{"purpose", "customer"}, {"external_contact_id", contact}});
        describe_agents(in, details);
    } else if (action == "attributes") {
        const auto& who = concerned(in, details);
        return set_attributes(which, who.id, string_map(sim::find(details, "attributes")));
    } else {
        refuse("'" + action + "' is no change of a conversation");
    }
    changed(which);
}

void conversations::set_attributes(talk& which, const std::string& participant_id,
                                   const std::map<std::string, std::string>& values) {
    for (auto& p : which.now.participants)
        if (p.id == participant_id)
            for (const auto& [key, value] : values)
                p.attributes[key] = value;
    changed(which);
}

talk& conversations::open_outbound(const addressee& to) {
    conversation fresh;
    fresh.id = chance_.uuid();
    fresh.messenger = to.messenger;
    fresh.customer_address = to.address.empty() ? chance_.uuid() : to.address;
    fresh.org_address = to.org;
    fresh.started = time_.wall();
    add_participant(fresh, json::object{{"purpose", "customer"}, {"external_contact_id", to.contact}});
    return add(std::move(fresh));
}

const participant& conversations::api_participant(talk& which) {
    for (const auto& p : which.now.participants)
        if (p.purpose == "api" && open(p)) return p;
    add_participant(which.now, json::object{{"purpose", "api"}});
    changed(which);
    return which.now.participants.back();
}

message& conversations::say(talk& which, message spoken, milliseconds ago) {
    spoken.id = chance_.uuid();
    spoken.time = time_.wall() - ago;
    spoken.accepted = time_.steady();
    undelivered_.emplace_back(&which, which.messages.size());
    return which.messages.emplace_back(std::move(spoken));
}

talk* conversations::find(const std::string& id) {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
}

talk* conversations::active_with(const addressee& wanted) {
    const auto found = by_customer_.find(wanted.contact.empty() ? wanted.address : wanted.contact);
    if (found == by_customer_.end()) return nullptr;
    for (auto t = found->second.rbegin(); t != found->second.rend(); ++t) {
        const auto& c = (*t)->now;
        const auto* who = c.customer();
        const bool there = who != nullptr && open(*who);
        if (c.active() && there && c.org_address == wanted.org && c.messenger == wanted.messenger) return *t;
    }
    return nullptr;
}

bool conversations::knows_org_address(const std::string& messenger, const std::string& address) const {
    return org_addresses_.contains({messenger, address});
}

std::shared_ptr<const conversation> conversations::seen_after(const talk& which, milliseconds lag) const {
    const auto moment = time_.steady() - lag;
    for (auto p = which.past.rbegin(); p != which.past.rend(); ++p)
        if (p->first <= moment) return p->second;
    return nullptr;
}

} // namespace cannedd::sim
