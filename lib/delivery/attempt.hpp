// One try of one message, from its row to its record. The order of its steps is the product's promise: the
// mark is durable before the first byte leaves, and what became of the try is durable before the lane goes
// on.
#pragma once

#include "delivery/account.hpp"
#include "delivery/context.hpp"
#include "policy/disposition.hpp"

#include <optional>
#include <string>
#include <vector>

namespace cannedd {

// What the claimer does with the lane afterwards.
struct attempt_end {
    std::optional<interrupted_message> in_doubt; // stays `sending`: to be verified
    std::optional<conversation_seat> seat;       // of what is in doubt
    request_facts facts;                         // what left the doubt
    milliseconds rest{0};                        // the lane is not claimed again before this
};

class attempt {
public:
    attempt(delivery_context& context, account& of, message row, connection_hold hold);

    asio::awaitable<void> run();
    attempt_end& end() { return end_; } // once it has run

private:
    enum class passage : std::uint8_t { done, once_more };

    resolve_query whom(std::optional<std::string> conversation, bool fresh) const;
    asio::awaitable<std::optional<target>> resolve(bool fresh);
    asio::awaitable<std::optional<message_content>> render(const target& to);
    asio::awaitable<passage> deliver(target& to, const message_content& content);
    asio::awaitable<bool> limit();
    asio::awaitable<bool> look_before_leaving(target& to);
    asio::awaitable<bool> mark_row(const target& to, const message_content& content);
    asio::awaitable<sent_reply> send(const target& to, const message_content& content);
    asio::awaitable<passage> follow(disposition next, outcome what, const sent_reply& reply,
                                    const target& to);
    asio::awaitable<passage> look_again(disposition next, outcome what, const sent_reply& reply,
                                        const target& to);

    // about: what was refused, when something is.
    enum class subject : std::uint8_t { conversation, response };
    asio::awaitable<void> set_back(const setback& why, subject about = subject::conversation);
    asio::awaitable<void> conclude(disposition next, outcome what, const request_facts& facts,
                                   std::string detail, const sent_reply* reply);
    asio::awaitable<void> end_lane(const std::string& detail);
    asio::awaitable<void> hold_lane(const std::string& detail);
    std::vector<log_field> end_fields(const disposition& next, outcome what, const verdict& told) const;
    void log_end(const disposition& next, std::vector<log_field> fields, bool applied);
    asio::awaitable<void> conclude_elsewhere(const sent_reply& reply, const target& to);
    void doubt_it(const target& to, const message_content& content, const request_facts& facts);

    bool enter(const std::string& conversation);
    try_history history(const request_facts& of) const;
    int answers_so_far(int http_status, const request_facts& of) const;
    try_history history_of(outcome what, const request_facts& of);
    attempt_report report(outcome what, const request_facts& facts, std::optional<errc> error) const;

    delivery_context& context_;
    account& account_;
    std::shared_ptr<conversation_api> api_; // the attempt keeps the one that it began with
    message row_;
    connection_hold hold_;
    route way_ = route::message;
    std::string conversation_; // that is addressed; empty: not known yet
    wall_time started_at_{};
    bool marked_ = false;
    bool token_renewed_ = false;
    bool looked_again_ = false;
    std::optional<target> again_; // whom look_again() found
    std::optional<conversation_seat> seat_;
    attempt_end end_;
};

} // namespace cannedd
