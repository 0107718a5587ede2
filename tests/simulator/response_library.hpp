// Response Management: libraries and the canned responses in them.
#pragma once

#include "simulator/clock.hpp"
#include "simulator/json_reading.hpp"

#include <map>
#include <string>
#include <vector>

namespace cannedd::sim {

class response_library {
public:
    response_library(const clock& time, dice& chance) : time_(time), chance_(chance) {}

    // {id?, name} and {id?, name, library (name or id), text | html | texts, substitutions: [{id,
    // defaultValue}], schema (substitutionsSchema), type (responseType), assets, whatsapp (a template's
    // definition)}; one with the id of an old one replaces it and has a new
    // version. Throw std::invalid_argument with a sentence.
    json::object add_library(const json::value& description);
    json::object add_response(const json::value& description);
    bool remove_response(const std::string& id) { return responses_.erase(id) > 0; }

    const json::object* find_library(const std::string& id) const;
    const json::object* find_response(const std::string& id) const;
    json::array libraries() const;
    json::array of_library(const std::string& library_id) const;
    // ResponseQueryRequest; throws std::invalid_argument for a filter that the simulator does not know.
    json::array query(const json::value& request) const;

private:
    const clock& time_;
    dice& chance_;
    std::map<std::string, json::object> libraries_;
    std::map<std::string, json::object> responses_;
};

} // namespace cannedd::sim
