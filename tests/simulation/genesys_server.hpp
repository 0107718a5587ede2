// Genesys Cloud as the simulation has it: conversations that begin, move and end, customers who see what
// arrives, and a network in which each request fares as the dice say. It outlives every daemon: a request
// that has left arrives (or does not) whatever becomes of who sent it. It is fair in what the product's
// promise needs, and in nothing else: what it refuses it has not processed; a message can be read back less
// than `settle` after it arrived; it arrives less than `settle` after it left.
#pragma once

#include "agenda.hpp"
#include "genesys/conversation_api.hpp"
#include "journal.hpp"
#include "plan.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cannedd::simulation {

struct heard_message {
    std::string id;
    std::string text;          // as the customer reads it
    std::string kept;          // ... and reading back shows it
    wall_time timestamp{};     // the server's clock
    steady_time readable_at{}; // by reading back
    bool by_us = true;
};

struct conversation_room {
    explicit conversation_room(const planned_conversation& plan_) : plan(&plan_) {}
    const planned_conversation* plan;
    std::vector<heard_message> heard; // in order of arrival
    bool could_not_tell = false;      // a reading was refused, or it had ended: doubt may stay
};

// One request under way.
struct exchange {
    steady_time answered_at{};
    request_facts facts;
    rate_headers rate;
    steady_duration took{};
    bool arrives = false;
    bool processed = false;
    std::string remote_id; // of the message, when it is told
    wall_time server_time{};
};

enum class fate : std::uint8_t;

class genesys_server {
public:
    genesys_server(const plan& chosen, time_source& time, agenda& later, journal& notes);

    // Neither awaits: the caller sleeps until answered_at and then reads the rest.
    std::shared_ptr<exchange> look_up(const std::string& account);
    std::shared_ptr<exchange> send(const std::string& account, const target& to, const std::string& text);

    // What a look-up that arrived at `when` shows.
    conversation_room* find(const std::string& id);
    std::vector<conversation_room*> served_by(const std::string& agent_id);
    bool ended(const conversation_room& room) const;
    bool ringing(const conversation_room& room) const;
    bool unreadable(const conversation_room& room) const;
    std::string communication_of(const conversation_room& room) const;
    bool lists(const std::string& account) const;
    // What the list of the account's user shows: rooms, and the communication in each, which may be of old.
    std::vector<std::pair<conversation_room*, std::string>> listed(const std::string& account);
    wall_time clock() const; // the server's own: never stepped
    // A text is shown so that a reader notices, or at a time at which it was not sent.
    bool distorts(const conversation_room& room, const heard_message& said) const;

    void calm() { calm_ = true; } // nothing goes wrong any more
    void outage(steady_time until) { down_until_ = until; }
    void client_died(); // what has left may be lost yet

    const std::map<std::string, std::vector<steady_time>>& arrivals() const { return arrivals_; }
    const std::map<std::string, int>& sends_arrived() const { return sends_arrived_; } // by text
    std::vector<conversation_room>& rooms() { return rooms_; }
    int lists_told() const { return lists_told_; }
    int found_by_list() const { return found_by_list_; }
    void was_found_by_list() { ++found_by_list_; }

private:
    using receiver = std::function<void(exchange&)>; // what its arrival does

    fate throw_fate(bool is_send);
    std::shared_ptr<exchange> begin(const std::string& account, fate how, receiver receive);
    void arrive(exchange& it, const std::string& account, const receiver& receive);
    void receive(exchange& it, const target& to, const std::string& text, fate how);
    void hear(conversation_room& room, const std::string& text, exchange& it);
    bool reached(const std::optional<milliseconds>& since_begin) const;
    std::ptrdiff_t moves_made(const conversation_room& room) const;
    rate_headers rate_told(const std::string& account) const;
    void speak_before();

    const plan& plan_;
    time_source& time_;
    agenda& later_;
    journal& notes_;
    dice dice_;
    steady_time began_;
    wall_time clock_began_;
    std::vector<conversation_room> rooms_;
    std::map<std::string, std::vector<steady_time>> arrivals_;
    std::map<std::string, int> sends_arrived_;
    std::vector<std::weak_ptr<exchange>> under_way_;
    steady_time down_until_{};
    bool calm_ = false;
    int ids_ = 0;
    int lists_told_ = 0;
    int found_by_list_ = 0; // messages' addressees
};

} // namespace cannedd::simulation
