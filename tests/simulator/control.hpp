// The judges' way in: /__control/. Exempt from tokens, rates and faults. main.cpp documents every call.
#pragma once

#include "simulator/world.hpp"

namespace cannedd::sim {

class control {
public:
    explicit control(world& in) : in_(in) {}
    static bool concerns(const request& req) { return req.path.starts_with("/__control/"); }
    reply answer(const request& req);

private:
    json::value performed(const request& req, const json::value& body);
    json::value about_conversation(const request& req, const std::string& rest, const json::value& body);
    json::value stats(const request& req) const;
    json::value use_budget(const json::value& body);
    json::value mint(const json::value& body);
    json::object state_of(const talk& t) const;

    world& in_;
};

} // namespace cannedd::sim
