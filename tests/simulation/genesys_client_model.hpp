// The daemon's side of the modelled API: passes the account's gate, caches, asks the server, and tells what
// it learned as the real client does. It lives and dies with its daemon.
#pragma once

#include "genesys/conversation_api.hpp"
#include "genesys/request_gate.hpp"
#include "genesys/server_clock.hpp"
#include "genesys_server.hpp"
#include "machine.hpp"
#include "policy/listing_worth.hpp"
#include "time/flight.hpp"
#include "witness.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace cannedd::simulation {

class genesys_client_model final : public conversation_api {
public:
    genesys_client_model(std::string account, genesys_server& server, request_gate& gate, time_source& time,
                         std::shared_ptr<process> daemon, witness& sees, dice chance);

    asio::awaitable<api_result<target>> resolve(resolve_query query) override;
    asio::awaitable<api_result<message_content>> render(render_query query, const target& to) override;
    asio::awaitable<sent_reply> send(const target& to, const message_content& content) override;
    asio::awaitable<api_result<read_back_reply>> read_back(read_back_query query) override;
    asio::awaitable<api_result<std::vector<remote_message>>> statuses(std::string conversation_id,
                                                                      std::vector<std::string> ids) override;
    std::optional<wall_time> server_time() const override { return clock_.at(time_.uptime()); }
    void forget(const std::string& conversation_id) override;

    // For mutations.
    bool names_agents_rooms_otherwise = false; // so that nobody sees that it is the same conversation
    bool unread_is_dropped = false;
    bool kept_is_taken_literally = false; // a text that a reader would not tell from ours is another
    bool nearly_is_dropped = false;       // ... or one that is nearly ours
    bool stamps_are_taken_literally = false;
    bool listing_is_believed = false;

private:
    // One GET, gate included, a second one after a 401. A setback when there is nothing to read.
    asio::awaitable<api_result<bool>> look_up(std::string operation);
    asio::awaitable<void> until_answered(std::shared_ptr<exchange> it, std::string operation);
    asio::awaitable<void> never();
    asio::awaitable<api_result<target>> by_conversation(resolve_query query);
    asio::awaitable<api_result<target>> by_agent(resolve_query query);
    api_result<target> target_in(conversation_room* room, const resolve_query& query) const;
    std::optional<target> believed(const resolve_query& query);
    asio::awaitable<void> by_list(resolve_query query);
    void learn(const resolve_query& query);
    wall_time earliest_read(const conversation_room& room, wall_time since) const;
    std::vector<remote_message> readable(conversation_room& room, wall_time earliest);
    std::string shown_text(const conversation_room& room, const heard_message& said) const;
    std::vector<std::string> listed(const conversation_room& room) const;

    struct known {
        target to;
        steady_time until{};
    };

    std::string account_;
    genesys_server& server_;
    request_gate& gate_;
    time_source& time_;
    std::shared_ptr<process> daemon_;
    witness& witness_;
    dice dice_;
    std::map<std::string, known> cache_;
    listing_worth worth_; // as the real client uses it
    std::shared_ptr<flight> list_under_way_;
    server_clock clock_;
    std::shared_ptr<exchange> last_;
};

} // namespace cannedd::simulation
