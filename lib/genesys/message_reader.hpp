// Reading back: what was sent into a conversation, as the API shows it now. Answers "is it there?" with
// everything that might be it; whether one of them is a row's message is decided elsewhere.
#pragma once

#include "genesys/api_caller.hpp"
#include "genesys/conversation_finder.hpp"
#include "genesys/replies.hpp"

namespace cannedd {

class message_reader {
public:
    message_reader(api_caller& caller, conversation_finder& finder) : caller_(caller), finder_(finder) {}

    asio::awaitable<api_result<read_back_reply>> read_back(read_back_query query);
    // Full messages by id, those that are outbound, by time; asked for in as many requests as it takes. The
    // conversation is read as well where a delivery failed and the message does not tell why.
    asio::awaitable<api_result<std::vector<remote_message>>> messages(std::string conversation_id,
                                                                      std::vector<std::string> ids);

private:
    asio::awaitable<api_result<std::vector<shown_message>>> shown(std::string conversation_id,
                                                                  std::vector<std::string> ids);
    asio::awaitable<api_result<read_back_reply>> from_messaging(const read_back_query& query);
    asio::awaitable<api_result<read_back_reply>> from_chat(const read_back_query& query);
    wall_time server_time() const;
    wall_time earliest(const read_back_query& query, wall_time newest) const;

    api_caller& caller_;
    conversation_finder& finder_;
};

} // namespace cannedd
