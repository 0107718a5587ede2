// The simulated API: takes a request, says what Genesys would say. In two steps, so that the server can wait
// between them: begin() counts the arrival, finds out who asks and whether a fault is planned; finish() does
// the work.
#pragma once

#include "simulator/world.hpp"

#include <optional>
#include <string>

namespace cannedd::sim {

// One request on its way through the simulator.
struct turn {
    matched to;
    std::optional<json::value> body; // where it is JSON
    access_token* token = nullptr;
    oauth_client* client = nullptr;
    std::optional<rate_window::verdict> rate;
    std::optional<fault> planned;
    std::optional<reply> refused; // decided before anything is processed
    std::vector<std::string> violations;
    std::string operation() const { return to.what == nullptr ? "unknown" : to.what->name; }
    std::string parameter(const std::string& name) const;
};

class api {
public:
    explicit api(world& in) : in_(in) {}
    turn begin(const request& req);
    // The answer as it would be without damage to the connection; planned.end says what becomes of it.
    reply finish(const request& req, turn& t);

private:
    std::optional<reply> authenticate(const request& req, turn& t);
    std::optional<reply> limit(turn& t);
    std::optional<reply> permit(const turn& t) const;
    std::optional<reply> permit_division(const turn& t) const;
    std::string conversation_of(const turn& t) const;
    void spoil_tokens(turn& t);
    reply processed(const request& req, turn& t);
    reply damaged(const request& req, const turn& t, reply real) const;
    void finish_headers(const turn& t, reply& answer);
    void record(const request& req, const turn& t, const reply& answer);

    world& in_;
};

// An ErrorBody.
reply error_reply(world& in, int status, const std::string& code, const std::string& message,
                  json::object more = json::object());
reply json_reply(const json::value& body, int status = 200);

} // namespace cannedd::sim
