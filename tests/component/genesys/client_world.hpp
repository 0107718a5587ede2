// The world of world.hpp with a client in it.
#pragma once

#include "component/genesys/shapes.hpp"
#include "component/genesys/world.hpp"

namespace cannedd::testing {

inline const std::string send_call = "POST /api/v2/conversations/messages/" + conversation_a +
                                     "/communications/" + communication_a + "/messages";
inline const std::string analytics_call = "POST /api/v2/analytics/conversations/details/query";
inline const std::string bulk_call =
    "POST /api/v2/conversations/messages/" + conversation_a + "/messages/bulk";
inline const std::string chat_call = "GET /api/v2/conversations/chats/" + conversation_a + "/messages";

struct client_world : world {
    client_world() { client = make_genesys_client(api, tokens, gate, time, log, settings); }

    static resolve_query query(route way, const std::string& conversation = conversation_a,
                               const std::string& agent = "") {
        resolve_query asked;
        asked.way = way;
        asked.wants_names = false;
        if (!conversation.empty()) asked.conversation_id = conversation;
        if (!agent.empty()) asked.agent_id = agent;
        return asked;
    }
    api_result<target> resolve(const resolve_query& asked) { return run(client->resolve(asked)); }

    target addressee(route way) {
        api.on(get_conversation(conversation_a), 200, conversation_json(conversation_a));
        return resolve(query(way)).value();
    }

    static api_result<std::string> text_of(api_result<message_content> rendered) {
        if (rendered.has_error()) return rendered.error();
        return rendered->text;
    }
    api_result<std::string> render(const std::string& text, const std::string& variables = "{}") {
        render_query asked;
        asked.response = "greeting";
        asked.response_text = text;
        asked.variables = variables;
        target to;
        to.customer_attributes["city"] = "Ulm";
        return text_of(run(client->render(asked, to)));
    }

    static std::string reason(const auto& outcome) {
        if (outcome.has_value()) return "ok";
        return outcome.error().reason ? std::string(name_of(*outcome.error().reason)) : "no reason";
    }
    static std::string authorization(const http_request& request) {
        for (const auto& header : request.headers)
            if (header.name == "Authorization") return header.value;
        return {};
    }

    genesys_client_settings settings;
    std::unique_ptr<conversation_api> client;
};

} // namespace cannedd::testing
