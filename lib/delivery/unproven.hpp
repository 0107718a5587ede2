// After a restore, or a takeover from a copy: every row of an account that is pending, being sent or
// unconfirmed is looked for in its conversation before any of them may go (proof.hpp decides). Row by row,
// behind the account's gate, for as long as the API takes; what has not had its turn is left as it was.
#pragma once

#include "delivery/account.hpp"
#include "delivery/context.hpp"
#include "delivery/proof.hpp"

#include <memory>
#include <optional>
#include <string>

namespace cannedd {

struct proof_tally {
    std::int64_t found = 0, absent = 0, untold = 0;
    std::int64_t left = 0; // not looked for yet
    std::string why_left;  // once it has ended, where a person must do something first
    std::int64_t done() const { return found + absent + untold; }
};

class unproven {
public:
    unproven(delivery_context& context, account& of);
    asio::awaitable<void> run(); // ends when all are told, when the account cannot ask, or soon after stop()
    void stop();
    const std::string& name() const { return account_.name; }
    const proof_tally& told() const { return told_; }

private:
    enum class finding : std::uint8_t { told, later, never };

    asio::awaitable<std::optional<std::vector<std::int64_t>>> list();
    asio::awaitable<finding> look_for(std::int64_t id);
    asio::awaitable<finding> look_for_it(unproven_message row);
    asio::awaitable<finding> compare(unproven_message row, message_content content, std::string conversation);
    std::optional<wall_time> since_when(const unproven_message& row, const std::string& conversation);
    asio::awaitable<api_result<message_content>> content_of(message row, route way, std::string conversation);
    asio::awaitable<finding> read(const read_back_query& query, const std::string& lane);
    asio::awaitable<finding> unreadable(unproven_message row, setback why);
    asio::awaitable<finding> conclude(unproven_message row, proof what, std::string conversation);
    asio::awaitable<void> pause(int troubles);
    void tell_what_hinders();
    void cut_log();

    delivery_context& context_;
    account& account_;
    std::unique_ptr<alarm> wake_;
    proof_tally told_;
    bool stopping_ = false;
    // The rows of a lane come by age: what was read for the first shows the others too.
    std::string read_for_; // lane, route and speaker
    std::optional<read_back_reply> shown_;
    std::optional<setback> not_shown_;
};

} // namespace cannedd
