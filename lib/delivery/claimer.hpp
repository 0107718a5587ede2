// Chooses which messages of one account go next and keeps their attempts going: claims due heads of lanes
// while the account's gate is open, one message at a time per lane, as many lanes at once as the account has
// connections. Claims are in memory only: a row changes when it is marked. A round fills all free
// connections, so that their marks share a commit; its cost grows neither with other accounts nor with lanes
// that rest.
#pragma once

#include "delivery/account.hpp"
#include "delivery/attempt.hpp"
#include "delivery/context.hpp"
#include "delivery/task_group.hpp"
#include "delivery/verification.hpp"
#include "policy/fair_turns.hpp"
#include "policy/look_share.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cannedd {

class claimer {
public:
    // tasks: where attempts and verifications run.
    claimer(delivery_context& context, account& of, const rate_settings& rate, task_group& tasks);
    ~claimer();

    asio::awaitable<void> run(); // until stop()
    void stop();                 // claims nothing more, and lets verifications end
    void wake();                 // the queue or the gate may have changed

    // The account is gone from the configuration (or has come back): what is in flight ends, nothing follows.
    void retire(bool gone);
    void change(const rate_settings& rate) { share_ = look_share(rate); }

    // What a former run left `sending`. Nothing happens when it is being looked after already.
    void recover(const interrupted_message& unsure);
    bool attends(const std::string& lane) const { return claimed_.contains(lane); }
    std::size_t in_flight() const { return claimed_.size(); } // attempts and verifications
    std::size_t in_doubt() const { return verifications_.size(); }

private:
    struct offer; // the lanes that are due, by whose turn it is

    steady_time round();
    bool claim(std::size_t wanted, steady_time now, wall_time wall);
    std::optional<due_lane> next_lane(offer& due, steady_time now);
    std::optional<due_lane> take(offer& due, turn whose, steady_time now);
    std::vector<due_lane> ask(turn whose, const offer& due);
    bool begin(const due_lane& chosen);
    steady_time next_moment(steady_time now, wall_time wall);

    asio::awaitable<attempt_end> try_once(message row, connection_hold hold);
    asio::awaitable<void> attend(message row, connection_hold hold);
    asio::awaitable<void> rest(std::string lane, milliseconds span);
    asio::awaitable<void> verify(interrupted_message unsure, request_facts left_by,
                                 std::optional<conversation_seat> seat);
    asio::awaitable<void> attend_recovered(interrupted_message unsure, std::optional<conversation_seat> seat);

    delivery_context& context_;
    account& account_;
    task_group& tasks_;
    std::unique_ptr<alarm> wake_;
    fair_turns turns_;
    look_share share_;
    std::set<std::string> claimed_; // lanes with an attempt or a verification of ours
    std::set<verification*> verifications_;
    bool stopping_ = false;
    bool retired_ = false;
    bool idle_ = false; // nothing is claimed, and nothing will be due
};

} // namespace cannedd
