// A simulator, a client with a token, and the calls that the simulator's own tests make again and again.
#pragma once

#include "integration/simulator/https_client.hpp"
#include "support/simulator.hpp"

#include <boost/json.hpp>

#include <string>

namespace cannedd {

constexpr auto agent = "22222222-2222-4222-8222-222222222222";
constexpr auto other_agent = "33333333-3333-4333-8333-333333333333";
constexpr auto org_address = "0a5b8c1e-0000-4000-8000-00000000bbbb";

inline simulator_options with_plan(std::string plan) {
    simulator_options options;
    options.plan = std::move(plan);
    options.arguments = {"--check-replies"};
    return options;
}

// A customer and an agent who talk.
struct conversation_of_two {
    std::string id, agent_participant, agent_communication, customer_participant, customer_address, contact;
    std::string send_path() const {
        return "/api/v2/conversations/messages/" + id + "/communications/" + agent_communication +
               "/messages";
    }
    std::string path() const { return "/api/v2/conversations/" + id; }
};

class org {
public:
    explicit org(const std::string& plan = "");

    conversation_of_two talk(boost::json::object details = {});
    // Reads its ids again: the last agent participant of the agent.
    conversation_of_two seen(const std::string& id);

    http_answer ask(const std::string& method, const std::string& target, const std::string& body = {});
    http_answer ask_as(const std::string& token, const std::string& method, const std::string& target,
                       const std::string& body = {});
    boost::json::value ask_json(const std::string& method, const std::string& target,
                                const std::string& body = {});
    http_answer form(const std::string& fields, const std::string& authorization = {});
    http_answer send(const conversation_of_two& to, const std::string& text); // route message, as the agent
    http_answer send_agentless(const conversation_of_two& to, const std::string& text, bool existing = true);
    boost::json::array hits(const std::string& conversation_filters, const std::string& segment_filters);
    boost::json::array open_conversations_of(const std::string& agent_id);
    std::string token_for(const std::string& user = {}, int seconds = 3600);

    simulator world;
    https_client client;
    std::string token;      // the client's
    std::string user_token; // the agent's
};

std::string quoted(const std::string& text); // as JSON
std::string text_at(const boost::json::value& value, const char* key);
std::string code_of(const http_answer& answer); // ErrorBody.code

} // namespace cannedd
