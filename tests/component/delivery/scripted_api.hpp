// A conversation_api that does what a test says: answers are scripted, requests pass the account's gate as
// real ones do, and take virtual time.
#pragma once

#include "genesys/conversation_api.hpp"
#include "genesys/request_gate.hpp"
#include "time/time_source.hpp"

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace cannedd::test {

struct delivered_text {
    std::string conversation;
    std::string text;
    steady_time at{};
};

class scripted_api final : public conversation_api {
public:
    scripted_api(time_source& time, request_gate& gate) : time_(time), gate_(gate) {}

    // What the next sends answer, in turn; when empty: 200 with an id. `arrives`: the customer sees the text
    // whatever is answered.
    struct answer {
        request_facts facts;
        bool arrives = false;
        bool with_id = true;
        std::string elsewhere; // the conversation that the answer names
    };
    std::deque<answer> sends;
    std::deque<api_result<target>> resolves; // when empty: resolved, from the cache the second time
    std::map<std::string, setback> broken;   // conversation -> what every look-up of it says
    std::function<std::optional<setback>()> on_read_back; // a setback instead of the conversation
    std::optional<setback> on_render;                     // instead of a response's text
    std::optional<setback> on_statuses;                   // instead of what became of messages
    std::function<std::string(std::string)> keeps;        // the text that reading back shows of it
    milliseconds date_ahead{0};                           // of the clock that stamps messages
    bool lists_nothing = false;
    milliseconds latency{10};
    std::optional<milliseconds> believed_for; // what was resolved; nothing: until the send is refused
    rate_headers told;                        // with every answer
    std::string same_conversation;            // what an agent's look-up finds
    std::string agent_name;                   // of whoever serves every conversation

    std::vector<delivered_text> customer; // what the customers saw
    std::vector<std::string> requests;    // "resolve", "send", "read_back"
    std::map<std::string, std::vector<remote_message>> shown;
    wall_time read_since{}; // of the last reading back

    asio::awaitable<api_result<target>> resolve(resolve_query query) override;
    asio::awaitable<api_result<message_content>> render(render_query query, const target& to) override;
    asio::awaitable<sent_reply> send(const target& to, const message_content& content) override;
    asio::awaitable<api_result<read_back_reply>> read_back(read_back_query query) override;
    asio::awaitable<api_result<std::vector<remote_message>>> statuses(std::string conversation_id,
                                                                      std::vector<std::string> ids) override;
    std::optional<wall_time> server_time() const override;
    void forget(const std::string& conversation_id) override { cached_.erase(conversation_id); }

    static answer replies(int status, std::string code = "", bool arrives = false);
    static answer breaks_off(bool arrives);
    static answer unreachable();

private:
    asio::awaitable<admission> look_up(std::string operation);
    void end(const std::string& operation, const request_facts& facts);

    time_source& time_;
    request_gate& gate_;
    std::map<std::string, bool> cached_;
    int ids_ = 0;
};

} // namespace cannedd::test
