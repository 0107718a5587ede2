// The machine that delivers: everything between "the settings are read" and "the process ends". Daemon,
// simulation and component tests construct this class and no other, so that start, reload, giving up and
// shutdown are proven like delivery itself.
//   start        builds all accounts; then registers them, restores what their gates remember, looks after
//   what
//                a former run left in doubt, and delivers. A database that is busy is waited for.
//   reconfigure  builds and checks beside what runs, then swaps as a whole; when the database is busy, as
//   soon
//                as it is not. What did not change is not touched; what was replaced ends with its last user.
//   prove        after a restore: looks for what the file takes for unsent, sends nothing, ends.
//   drain        ends by itself when nothing is left to do, or when what is left waits for a person.
//   stop         claims nothing more, lets what is in flight end, records; has ended when its time is over,
//                whatever a neighbour's lock does.
// A database that fails for 10 s ends it (store_health.hpp). Teardown: the engine's parts live as long as the
// last of its coroutine frames, so that engine and loop may go in any order, whatever was in flight.
#pragma once

#include "delivery/account_gate.hpp"
#include "delivery/account_plan.hpp"
#include "delivery/observer.hpp"
#include "delivery/settings.hpp"
#include "delivery/step.hpp"
#include "delivery/unproven.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cannedd {

struct store_health_report {
    bool ok = true;
    std::string trouble; // in words, while it is not
};

class engine {
public:
    // All but the store outlives the loop's last frame.
    struct surroundings {
        std::unique_ptr<message_store> store;
        asio::any_io_executor executor;
        time_source& time;
        logger& log;
        delivery_observer& observer;
        std::function<double()> chance; // uniform in [0, 1)
        attempt_hook at_step;           // empty in production
    };

    struct ending {
        enum class kind : std::uint8_t { stopped, waits_for_a_person, gave_up } how = kind::stopped;
        std::string why;       // but for stopped
        bool all_ended = true; // false: a coroutine waits yet
        bool in_doubt = false; // rows stay `sending`, and are verified at the next start
    };

    engine(surroundings around, delivery_options options);
    ~engine();

    // Throws std::runtime_error when an account's API cannot be made: then nothing has begun.
    void start(std::vector<account_plan> accounts);
    // Instead of start(): nothing is sent, but what is unproven is looked for (unproven.hpp), then it ends.
    void prove(std::vector<account_plan> accounts);
    // Throws std::runtime_error likewise: then nothing changes. `applied` is called when the swap is done.
    void reconfigure(delivery_options options, std::vector<account_plan> accounts,
                     std::function<void()> applied);
    // horizon: rows that their producers planned for later than this are left.
    void drain(milliseconds horizon);
    void stop(milliseconds patience);
    asio::awaitable<ending> ended();

    // The file may have been changed by a neighbour.
    void hint();
    // Once: accounts are registered, what was in doubt is being looked after.
    void on_delivering(std::function<void()> notify);

    // --- what it is doing, for metrics and status pages
    struct account_state {
        const std::string& name;
        const account_gate& gate;
        std::size_t in_flight; // attempts
        std::size_t in_doubt;  // verifications
    };
    void for_each_account(const std::function<void(const account_state&)>& visit) const;
    std::size_t in_flight() const; // attempts and verifications of all accounts
    proof_tally proved() const;    // of all accounts
    store_health_report health() const;
    std::int64_t wal_bytes() const;
    message_store& store();

private:
    struct parts;
    std::shared_ptr<parts> parts_;
};

} // namespace cannedd
