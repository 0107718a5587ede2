// Conversations as the API writes them, built from as few words as a test needs.
#pragma once

#include <string>
#include <vector>

namespace cannedd::testing {

inline const std::string conversation_a = "aaaaaaaa-0000-4000-8000-000000000001";
inline const std::string conversation_b = "bbbbbbbb-0000-4000-8000-000000000002";
inline const std::string agent_a = "0a000000-0000-4000-8000-00000000000a";
inline const std::string agent_b = "0b000000-0000-4000-8000-00000000000b";
inline const std::string customer_a = "0c000000-0000-4000-8000-00000000000c";
inline const std::string communication_a = "ca000000-0000-4000-8000-0000000000ca";
inline const std::string communication_b = "cb000000-0000-4000-8000-0000000000cb";

inline std::string get_conversation(const std::string& id) {
    return "GET /api/v2/conversations/" + id;
}

// extra: more members, beginning with a comma.
inline std::string agent_json(const std::string& user = agent_a,
                              const std::string& communication = communication_a,
                              const std::string& state = "connected", const std::string& extra = "",
                              const std::string& communication_extra = "") {
    return R"({"id":"p-)" + user + R"(","purpose":"agent","userId":")" + user + R"(","messages":[{"id":")" +
           communication + R"(","state":")" + state + R"(","type":"webmessaging")" + communication_extra +
           "}]" + extra + "}";
}

inline const std::string contact_a = "ec000000-0000-4000-8000-0000000000ec";

// extra: more members, beginning with a comma.
inline std::string stranger_json(const std::string& state = "connected", const std::string& extra = "",
                                 const std::string& type = "webmessaging") {
    return R"({"id":")" + customer_a + R"(","purpose":"customer","messages":[{"id":"cc-1","state":")" +
           state + R"(","type":")" + type +
           R"(","fromAddress":{"addressNormalized":"guest-1"},"toAddress":{"addressNormalized":"shop-1"}}])" +
           extra + "}";
}

// The same, whom Genesys knows as an external contact.
inline std::string customer_json(const std::string& state = "connected", const std::string& extra = "",
                                 const std::string& type = "webmessaging") {
    return stranger_json(state, R"(,"externalContactId":")" + contact_a + '"' + extra, type);
}

// A bot, a flow or the queue.
inline std::string holder_json(const std::string& purpose, const std::string& state = "connected") {
    return R"({"id":"h-1","purpose":")" + purpose + R"(","messages":[{"id":"hc-1","state":")" + state +
           R"(","type":"webmessaging"}]})";
}

inline std::string conversation_of(const std::string& id, const std::vector<std::string>& participants,
                                   const std::string& extra = "") {
    std::string list;
    for (const auto& one : participants)
        list += (list.empty() ? "" : ",") + one;
    return R"({"id":")" + id + R"(","startTime":"2024-05-17T08:00:00.000Z","participants":[)" + list + "]" +
           extra + "}";
}

inline std::string conversation_json(const std::string& id) {
    return conversation_of(id, {customer_json(), agent_json()});
}

} // namespace cannedd::testing
