#include "simulator/control.hpp"

#include "simulator/api.hpp"
#include "simulator/encoding.hpp"

#include <stdexcept>

namespace cannedd::sim {
namespace {

struct no_such_call : std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::string query_value(const request& req, const std::string& name) {
    const auto found = req.query.find(name);
    return found == req.query.end() ? std::string() : found->second;
}

} // namespace

// Everything there is to know of a conversation, hidden messages and queued ones included.
json::object control::state_of(const talk& t) const {
    auto out = in_.readers.conversation_json(t);
    out["media"] = t.now.media;
    out["messenger"] = t.now.messenger;
    out["customerAddress"] = t.now.customer_address;
    out["orgAddress"] = t.now.org_address;
    json::array messages;
    for (const auto& m : t.messages)
        messages.push_back(json::object{{"id", m.id},
                                        {"text", m.text},
                                        {"time", iso_time(m.time)},
                                        {"direction", m.outbound ? "outbound" : "inbound"},
                                        {"status", in_.readers.status(m)},
                                        {"participant", m.participant_id},
                                        {"communication", m.communication_id},
                                        {"user_id", m.user_id},
                                        {"operation", m.route}});
    out["messages"] = std::move(messages);
    return out;
}

json::value control::stats(const request& req) const {
    auto out = in_.memory.stats();
    json::object clients;
    const auto asked = query_value(req, "window_ms");
    const auto window = asked.empty() ? in_.set.rate.window : milliseconds(std::stoll(asked));
    for (const auto& [id, rate] : in_.rates)
        clients[id] = json::object{{"arrivals", rate.arrivals()},
                                   {"max_in_window", rate.max_in_any(window)},
                                   {"window_ms", window.count()},
                                   {"limit", in_.set.rate.limit}};
    out["clients"] = std::move(clients);
    out["violations"] = in_.memory.violations().size();
    return out;
}

json::value control::use_budget(const json::value& body) {
    only_keys(body, "use-budget", {"client", "requests"});
    in_.rates[text_or(body, "client")].others(in_.set.rate, number_or(body, "requests", 1),
                                              in_.time.steady());
    return json::object();
}

json::value control::mint(const json::value& body) {
    only_keys(body, "tokens", {"client", "user", "seconds"});
    auto* client = in_.tokens.find_client(text_or(body, "client"));
    if (client == nullptr) throw std::invalid_argument("no such client");
    const auto who = text_or(body, "user");
    return json::object{
        {"access_token", in_.tokens.mint(*client, who, who.empty() ? "client_credentials" : "refresh_token",
                                         number_or(body, "seconds", in_.set.token_seconds))}};
}

json::value control::about_conversation(const request& req, const std::string& rest,
                                        const json::value& body) {
    const auto slash = rest.find('/');
    auto* found = in_.talks.find(rest.substr(0, slash));
    if (found == nullptr) throw no_such_call("no such conversation");
    if (slash == std::string::npos) return state_of(*found);
    const auto action = rest.substr(slash + 1);
    if (req.method != "POST") throw no_such_call("a change is a POST");
    if (action == "say") {
        const auto* who = found->now.customer();
        if (who == nullptr) throw std::invalid_argument("the conversation has no customer");
        message m;
        m.outbound = false;
        m.text = text_or(body, "text");
        m.participant_id = who->id;
        m.communication_id = who->communications.back().id;
        in_.talks.say(*found, std::move(m), milliseconds(number_or(body, "ms_ago", 0)));
        in_.deliver();
    } else {
        in_.talks.change(*found, action, body);
    }
    return state_of(*found);
}

json::value control::performed(const request& req, const json::value& body) {
    const auto call = req.path.substr(std::string_view("/__control/").size());
    const auto verb = req.method + " " + call;
    if (verb == "GET health") return json::object{{"ok", true}};
    if (verb == "POST plan") {
        in_.apply(body);
        return json::object{{"ok", true}};
    }
    if (verb == "POST conversations") return state_of(in_.talks.create(body));
    if (verb == "GET conversations") {
        json::array list;
        for (const auto& one : in_.talks.all())
            list.push_back(state_of(*one));
        return list;
    }
    if (call.starts_with("conversations/")) return about_conversation(req, call.substr(14), body);
    if (verb == "GET transcripts") return in_.memory.transcript(query_value(req, "conversation"));
    if (verb == "GET violations") return in_.memory.violations();
    if (verb == "DELETE violations") {
        in_.memory.forget_violations();
        return json::object();
    }
    if (verb == "GET stats") return stats(req);
    if (verb == "GET faults") return in_.faults.report();
    if (verb == "PUT faults") in_.faults.replace(body);
    if (verb == "POST faults") in_.faults.add(body);
    if (verb == "DELETE faults") in_.faults.replace(json::array());
    if (call == "faults") return in_.faults.report();
    if (verb == "POST use-budget") return use_budget(body);
    if (verb == "POST tokens") return mint(body);
    if (verb == "DELETE tokens") {
        in_.tokens.revoke_all(query_value(req, "client"));
        return json::object();
    }
    if (verb == "POST responses") return in_.responses.add_response(body);
    if (verb == "POST libraries") return in_.responses.add_library(body);
    if (req.method == "DELETE" && call.starts_with("responses/"))
        return json::object{{"removed", in_.responses.remove_response(call.substr(10))}};
    throw no_such_call("no such control call: " + verb);
}

reply control::answer(const request& req) {
    try {
        json::value body = json::object();
        if (!req.body.empty()) body = json::parse(req.body);
        return json_reply(performed(req, body));
    } catch (const no_such_call& problem) {
        return json_reply(json::object{{"error", problem.what()}}, 404);
    } catch (const std::exception& problem) { // the caller's mistake: said in words, nothing changed
        return json_reply(json::object{{"error", problem.what()}}, 400);
    }
}

} // namespace cannedd::sim
