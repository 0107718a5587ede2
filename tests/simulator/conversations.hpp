// The conversations of the simulated org and what may happen to them: they begin, agents are rung, connect,
// park, leave, hand over and come back, customers speak and leave, conversations end and are taken up again.
// Each accepted message is kept here. What a reader may see of it all (lags, JSON) is decided by others.
#pragma once

#include "simulator/clock.hpp"
#include "simulator/json_reading.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cannedd::sim {

struct message {
    std::string id;
    std::string text;
    wall_time time{};
    steady_time accepted{};
    bool outbound = true;
    std::string participant_id;
    std::string communication_id;
    std::string user_id;                 // who spoke; empty: the customer, or a client's grant
    std::string route;                   // send_message, ...; empty: the customer
    std::optional<steady_time> released; // handed on towards the customer; nothing: still queued
    bool held = false;                   // accepted while read-back was on hold: invisible until that ends
    std::string failure_code;            // delivery fails for this reason
    std::string failure_message;
    std::set<std::string> normalise;         // how its text changes before it is read back
    std::optional<json::object> by_template; // ConversationContentNotificationTemplate
};

// A communication: participants[].messages[] or participants[].chats[] of the API.
struct communication {
    std::string id;
    std::string state = "connected"; // alerting, connected, parked, disconnected
    std::string disconnect_type;
    std::string after_call_work; // empty, pending, complete
    wall_time alerted{};
    std::optional<wall_time> connected;
    std::optional<wall_time> parked;
    std::optional<wall_time> disconnected;
    std::optional<wall_time> work_done;
};

struct participant {
    std::string id;
    std::string purpose;
    std::string name;
    std::string user_id;
    std::string external_contact_id; // of a customer
    wall_time started{};
    std::optional<wall_time> ended;
    bool wrapup_required = false;
    std::string monitored_id, coached_id, consult_id, barged_id;
    std::map<std::string, std::string> attributes;
    std::vector<communication> communications;
};

struct conversation {
    std::string id;
    std::string media = "message"; // message, chat
    std::string messenger = "webmessaging";
    std::string customer_address;
    std::string org_address;
    wall_time started{};
    std::optional<wall_time> ended;
    std::vector<participant> participants;

    bool active() const noexcept { return !ended; }
    const participant* customer() const;
    const participant* find_participant(const std::string& id) const;
    std::pair<const participant*, const communication*> find_communication(const std::string& id) const;
};

// A conversation with its past: the pictures of it that slow readers still see, and its messages.
struct talk {
    conversation now;
    std::vector<std::pair<steady_time, std::shared_ptr<const conversation>>>
        past; // each state since its moment
    std::vector<message> messages;
    // The analytics view of one of those pictures, kept because it is asked for far more often than it
    // changes.
    std::shared_ptr<const conversation> analysed;
    json::value analysis;
    const message* find_message(const std::string& id) const;
};

// Whom an agentless send names: a customer by contact or address, and the org's side.
struct addressee {
    std::string messenger, org, address, contact;
};

class conversations {
public:
    conversations(clock& time, dice& chance) : time_(time), chance_(chance) {}

    // As a plan or a control call describes it; throws std::invalid_argument with a sentence.
    talk& create(const json::value& description);
    // action: connect alert park disconnect complete_wrapup end customer_leave transfer reconnect join reopen
    // attributes. Whom it concerns: "participant" (id) or "agent" (user id), else the last agent. Throws
    // std::invalid_argument.
    void change(talk& which, const std::string& action, const json::value& details);
    // The conversation that an agentless send opens, or speaks into: its `api` participant, connected.
    talk& open_outbound(const addressee& to);
    const participant& api_participant(talk& which);
    void set_attributes(talk& which, const std::string& participant_id,
                        const std::map<std::string, std::string>& values);
    void end(talk& which);

    message& say(talk& which, message spoken, milliseconds ago = {}); // gives id and times
    // Messages that were said since the last call, in their order: (talk, index into its messages).
    std::vector<std::pair<talk*, std::size_t>> take_undelivered() { return std::exchange(undelivered_, {}); }
    talk* find(const std::string& id);
    talk* active_with(const addressee& wanted);
    bool knows_org_address(const std::string& messenger, const std::string& address) const;
    // The conversation as it was that long ago; nothing: it did not exist.
    std::shared_ptr<const conversation> seen_after(const talk& which, milliseconds lag) const;
    const std::vector<std::unique_ptr<talk>>& all() const { return list_; }

private:
    participant& add_participant(conversation& to, const json::value& description);
    void begin_to_speak(talk& which);
    void describe_agents(conversation& to, const json::value& description);
    participant& concerned(conversation& in, const json::value& details);
    void set_state(communication& which, const std::string& state);
    void leave(participant& who, const std::string& type, bool wrapup);
    void changed(talk& which);
    talk& add(conversation fresh);

    clock& time_;
    dice& chance_;
    std::vector<std::unique_ptr<talk>> list_;
    std::map<std::string, talk*, std::less<>> by_id_;
    std::map<std::string, std::vector<talk*>, std::less<>> by_customer_; // by address and by contact
    std::set<std::pair<std::string, std::string>> org_addresses_;        // messenger, address
    std::vector<std::pair<talk*, std::size_t>> undelivered_;
};

} // namespace cannedd::sim
