#include "genesys/conversation.hpp"

#include "genesys/agentless_address.hpp"
#include "genesys/route_traits.hpp"

#include <algorithm>

namespace cannedd {
namespace {

// A communication and the participant it belongs to.
struct voice {
    const participant* who = nullptr;
    const communication* via = nullptr;
};

// The communications that the route can speak through. A gateway (route tutorial) may front either kind.
std::vector<const communication*> communications(const participant& who, route way) {
    std::vector<const communication*> found;
    if (traits_of(way).through_messages)
        for (const auto& one : who.messages)
            found.push_back(&one);
    if (traits_of(way).through_chats)
        for (const auto& one : who.chats)
            found.push_back(&one);
    return found;
}

// Participants come in the order they joined; where times are told they decide.
bool is_later(const voice& one, const voice& other) {
    if (other.via == nullptr || !one.via->connected_at || !other.via->connected_at) return true;
    return *one.via->connected_at >= *other.via->connected_at;
}

template<typename Accept>
voice last_voice(const conversation& in, route way, Accept accept) {
    voice last;
    for (const auto& who : in.participants)
        for (const auto* via : communications(who, way)) {
            const voice one{&who, via};
            if (accept(who, *via) && is_later(one, last)) last = one;
        }
    return last;
}

bool is_wanted(const participant& who, const std::string& agent_id) {
    return is_agent(who) && (agent_id.empty() || who.user_id == agent_id);
}

// What the route sends to is named by its id, which may not be told.
bool can_be_spoken_through(const communication& via, route way) {
    const bool is_named = traits_of(way).send_path.find("{communication}") != std::string_view::npos;
    return is_connected(via) && !(is_named && via.id.empty());
}

// When the row names nobody, an agent who is only being consulted speaks last of all.
voice connected_agent(const conversation& in, route way, const std::string& agent_id) {
    const auto serves = [&](const participant& who, const communication& via) {
        return is_wanted(who, agent_id) && !who.consults && can_be_spoken_through(via, way);
    };
    const auto first_choice = last_voice(in, way, serves);
    if (first_choice.via != nullptr) return first_choice;
    return last_voice(in, way, [&](const participant& who, const communication& via) {
        return is_wanted(who, agent_id) && can_be_spoken_through(via, way);
    });
}

// A messaging thread may be taken up again: the customer then has an old communication and a new one.
bool customer_has_left(const conversation& in, route way) {
    bool any = false;
    for (const auto& who : in.participants) {
        if (!is_customer(who)) continue;
        for (const auto* via : communications(who, way)) {
            if (!via->disconnected) return false;
            any = true;
        }
    }
    return any;
}

std::string subject(const std::string& agent_id) {
    return agent_id.empty() ? std::string("the agent") : "agent " + agent_id;
}

// Why nobody is connected who could speak.
failure why_no_agent(const conversation& in, route way, const std::string& agent_id) {
    bool known = false, was_there = false, ringing = false, parked = false, wrapping_up = false;
    std::string others;
    for (const auto& who : in.participants) {
        if (is_agent(who) && !who.user_id.empty() && who.user_id != agent_id)
            others += (others.empty() ? "" : ", ") + who.user_id;
        if (!is_wanted(who, agent_id)) continue;
        known = true;
        for (const auto* via : communications(who, way)) {
            was_there = true;
            if (!via->disconnected && via->state == "parked")
                parked = true;
            else if (!via->disconnected)
                ringing = true;
            else if (via->wrap_up_pending || who.wrap_up_pending)
                wrapping_up = true;
        }
    }
    const auto not_yet = [&](const char* state) {
        return failure(errc::agent_not_connected,
                       subject(agent_id) + " " + state + " in conversation " + in.id);
    };
    if (parked) return not_yet("has parked the conversation and is not connected");
    if (ringing) return not_yet("is being alerted and has not answered yet");
    if (wrapping_up) return not_yet("has disconnected and has after-call work to finish");
    if (agent_id.empty() && !known) return not_yet("has not joined yet: nobody with purpose agent is");
    if (known && !was_there)
        return failure(errc::agent_not_in_conversation,
                       subject(agent_id) + " has no communication in conversation " + in.id + " that route " +
                           std::string(name_of(way)) + " can speak through; is it of another media type?");
    if (known)
        return failure(errc::agent_not_in_conversation, subject(agent_id) + " has left conversation " +
                                                            in.id +
                                                            "; name the agent who serves it now, or none");
    return failure(
        errc::agent_not_in_conversation,
        subject(agent_id) + " is not a participant of conversation " + in.id +
            (others.empty() ? "; it has no agent yet" : "; name one of its agents, " + others + ", or none"));
}

// The customer's last word on it, else anybody's: the agent's side only follows.
std::string reason_of_the_end(const conversation& in, route way) {
    std::string reason, customers;
    for (const auto& who : in.participants)
        for (const auto* via : communications(who, way))
            if (!via->disconnect_type.empty()) (is_customer(who) ? customers : reason) = via->disconnect_type;
    return customers.empty() ? reason : customers;
}

failure has_ended(const conversation& in, route way, const char* how) {
    const auto reason = reason_of_the_end(in, way);
    return failure(errc::conversation_ended,
                   "conversation " + in.id + " " + how + (reason.empty() ? "" : " (" + reason + ")"));
}

// The customer, by the communication that is open or else simply by purpose.
voice customer_of(const conversation& in, route way) {
    auto found = last_voice(in, way, [](const participant& who, const communication& via) {
        return is_customer(who) && !via.disconnected;
    });
    if (found.who != nullptr) return found;
    for (const auto& who : in.participants)
        if (is_customer(who)) found.who = &who;
    return found;
}

// WhatsApp takes free text for so long after the customer's last word; later a template alone.
std::optional<wall_time> text_window_end(const conversation& in, const std::string& messenger_type) {
    constexpr auto window = std::chrono::hours(24);
    if (messenger_type != "whatsapp") return std::nullopt;
    std::optional<wall_time> last_word;
    for (const auto& who : in.participants)
        for (const auto& via : who.messages)
            for (const auto& said : via.messages)
                if (is_customer(who) && said.time) last_word = std::max(last_word, said.time);
    if (!last_word) return std::nullopt;
    return *last_word + window;
}

} // namespace

bool is_agent(const participant& who) {
    return (who.purpose == "agent" || who.purpose == "user") && !who.listens_only;
}

bool is_customer(const participant& who) {
    return who.purpose == "customer" || who.purpose == "external";
}

bool is_connected(const communication& one) {
    return one.state == "connected" && !one.disconnected;
}

result<target> find_target(const conversation& in, route way, const std::string& agent_id,
                           const std::string& customer_id, const agentless_settings& agentless) {
    if (in.ended) return has_ended(in, way, "has ended");
    if (customer_has_left(in, way)) return has_ended(in, way, "was left by its customer");
    const auto customer = customer_of(in, way);

    target to;
    to.way = way;
    to.conversation_id = in.id;
    to.agent_id = agent_id;
    to.customer_id = customer_id;
    if (customer.who != nullptr) to.customer_attributes = customer.who->attributes;
    if (customer.via != nullptr) to.messenger_type = customer.via->type;
    to.text_until = text_window_end(in, to.messenger_type);
    if (!traits_of(way).needs_agent) {
        auto addressed = agentless_target(in, std::move(to), customer.who, customer.via, agentless);
        if (addressed.has_error() || !agentless.waits_for_bot) return addressed;
        if (auto held = held_by_bot(in)) return std::move(*held);
        return addressed;
    }

    const auto agent = connected_agent(in, way, agent_id);
    if (agent.via == nullptr) return why_no_agent(in, way, agent_id);
    to.agent_id = agent.who->user_id;
    to.communication_id = agent.via->id;
    if (to.messenger_type.empty()) to.messenger_type = agent.via->type;
    if (traits_of(way).names_customer && customer_id.empty()) {
        if (customer.who == nullptr || customer.who->id.empty())
            return failure(errc::customer_not_found,
                           "conversation " + in.id +
                               " has no participant of purpose customer; set customer_id");
        to.customer_id = customer.who->id;
    }
    return to;
}

bool is_over(const conversation& in, route way) {
    return in.ended || customer_has_left(in, way);
}

std::vector<const communication*> spoken_by(const conversation& in, route way,
                                            const std::string& communication_id) {
    std::string agent_id;
    bool known = false;
    for (const auto& who : in.participants)
        for (const auto* via : communications(who, way))
            if (!communication_id.empty() && via->id == communication_id) {
                agent_id = who.user_id;
                known = true;
            }
    std::vector<const communication*> found;
    for (const auto& who : in.participants)
        for (const auto* via : communications(who, way)) {
            const bool by_agent = is_agent(who) && (!known || (!agent_id.empty() && who.user_id == agent_id));
            const bool ours = traits_of(way).read_back_as_api
                                  ? who.purpose == "api"
                                  : by_agent || (known && via->id == communication_id);
            if (ours) found.push_back(via);
        }
    return found;
}

} // namespace cannedd
