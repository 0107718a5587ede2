// A message in doubt: was it delivered? The conversation is read back until that is known. Its lane stands
// still meanwhile; nothing is resent before reading back has shown it absent.
//   found      sent, verified
//   absent     in every read over the settle time: tried again
//   unproven   unreadable (403, 404, ended), something there that may be it, or a listing that lacks what
//              must be there: unconfirmed, for a person
//   API down, account paused: asked again later, for as long as it takes; the row stays `sending`
#pragma once

#include "delivery/account.hpp"
#include "delivery/context.hpp"
#include "delivery/matching.hpp"
#include "policy/disposition.hpp"

#include <functional>

namespace cannedd {

class verification {
public:
    // left_by: the request's end that left the doubt.
    verification(delivery_context& context, account& of, interrupted_message unsure, request_facts left_by);

    // Ends when it is known, or soon after stop(): then the row is left `sending` for the next start.
    asio::awaitable<void> run();
    void stop();

private:
    enum class finding : std::uint8_t { known, absent, unproven, later };

    asio::awaitable<void> close_attempt();
    asio::awaitable<finding> read_once();
    asio::awaitable<finding> examine(read_back_reply shown);
    bool makes_no_sense_for_long(const request_facts& facts);
    asio::awaitable<finding> unreadable(setback why);
    asio::awaitable<void> give_up(std::string why, request_facts facts);
    asio::awaitable<void> leave_to_a_person();
    asio::awaitable<void> conclude_after_reading(finding last);
    asio::awaitable<void> resolve_absent(bool was_read);
    asio::awaitable<void> claim_for_others(std::vector<remote_claim> others);
    // detail: for the log, where the row's own quotes texts.
    asio::awaitable<void> conclude(verdict told, std::string detail);
    verdict begin_verdict(message_status to) const;
    std::optional<match_question> ask() const; // nothing: the database does not answer now

    delivery_context& context_;
    account& account_;
    interrupted_message unsure_;
    request_facts left_by_;
    std::unique_ptr<alarm> wake_;
    bool stopping_ = false;
    steady_time began_{};
    match_answer last_;                          // that left it open
    int reads_ = 0;                              // that did not show it
    int troubles_ = 0;                           // in a row
    std::optional<steady_time> senseless_since_; // answers of success without content, one after the other
};

} // namespace cannedd
