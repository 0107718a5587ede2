// The wall clock is set by hours, forward and back, and the machine sleeps: the queue does not freeze, and
// nothing bursts past the rate. The daemon's and the producers' wall clock is libfaketime's; time's passing
// is real.
#include "service.hpp"

#include <csignal>
#include <fstream>

namespace {

using namespace cannedd;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

class clock_world {
public:
    explicit clock_world(const std::string& more, const std::string& rates = wide_rates)
        : one(genesys, 0, more, rates) {
        set_clock(0h);
        one.preload(SHIFTED_CLOCK);
        one.set("CANNEDD_CLOCK_FILE", clock_file().string());
    }
    fs::path clock_file() { return one.files().directory() / "clock"; }
    void set_clock(std::chrono::seconds ahead) {
        one.files().directory().write("clock.new", std::to_string(ahead.count()));
        fs::rename(one.files().directory() / "clock.new", clock_file()); // never half written
    }
    // A producer whose clock is the daemon's.
    void produce(int rows) {
        std::vector<std::string> texts;
        process_options how;
        how.arguments = {"-batch",
                         "-bail",
                         "-cmd",
                         ".timeout 120000",
                         one.database().string(),
                         one.insert_words(rows, texts)};
        how.environment = {{"LD_PRELOAD", SHIFTED_CLOCK}, {"CANNEDD_CLOCK_FILE", clock_file().string()}};
        const auto done = run_process("/usr/bin/sqlite3", std::move(how));
        BOOST_TEST(done.output + done.errors == "");
    }
    // Rows whose first try failed: their next is due some seconds ahead, by the clock of now.
    void let_some_wait_for_their_retry(int rows) {
        genesys.faults(R"json([{"match": {"operation": "send"}, "do": {"status": 503}}])json");
        produce(rows);
        one.wait_for("SELECT count(*) FROM messages WHERE status = 'pending' AND attempts > 0",
                     std::to_string(rows));
    }

    simulator genesys;
    service one;
};

constexpr auto retries =
    "delivery: {settle: 60ms, attempts: 100, backoff: {base: 1s, max: 2s}, breaker: {failures: 10000}}\n";

} // namespace

BOOST_AUTO_TEST_SUITE(neighbours_clock_)

BOOST_AUTO_TEST_CASE(a_clock_set_back_by_hours_freezes_no_row) {
    clock_world world(retries);
    auto& one = world.one;
    one.start();
    world.let_some_wait_for_their_retry(8);
    world.produce(8); // these were made before the step
    world.set_clock(-3h);
    world.genesys.faults("[]");
    one.wait_until_seen();
    world.produce(8); // made after it
    one.wait_until_seen();
    BOOST_TEST(one.stop() == (exit_status{0, {}}));
    one.check_all_sent_once();
}

BOOST_AUTO_TEST_CASE(a_clock_set_back_while_the_daemon_is_down_freezes_no_row) {
    clock_world world(retries);
    auto& one = world.one;
    one.start();
    world.let_some_wait_for_their_retry(8);
    BOOST_TEST(one.stop() == (exit_status{0, {}}));
    world.produce(8);
    world.set_clock(-3h);
    world.genesys.faults("[]");
    one.start();
    one.wait_until_seen();
    BOOST_TEST(one.stop() == (exit_status{0, {}}));
    one.check_all_sent_once();
}

BOOST_AUTO_TEST_CASE(a_row_with_a_time_of_its_own_waits_for_it_whatever_the_clock_did_before) {
    clock_world world(retries);
    auto& one = world.one;
    one.start();
    one.files().sql("INSERT INTO messages (conversation_id, text, not_before, expires_at) SELECT '" +
                    uuid('c', 1000) +
                    "', 'in an hour', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER) + 3600000, "
                    "4000000000000");
    BOOST_TEST(one.files().value("SELECT typeof(not_before) FROM messages") == "integer");
    world.set_clock(-3h);
    one.process().wait_for_error_line("the clock was set back");
    world.produce(4);
    one.wait_until_seen();
    BOOST_TEST(one.files().value("SELECT status FROM messages WHERE text = 'in an hour'") == "pending");
    world.genesys.add_conversation({{"id", uuid('c', 1000)}, {"agent", uuid('a', 1000)}});
    world.set_clock(2h);
    one.wait_for("SELECT status FROM messages WHERE text = 'in an hour'", "sent");
    BOOST_TEST(one.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_CASE(no_step_of_the_clock_and_no_suspend_bursts_past_the_rate) {
    // One a second after a burst of 6: at most 10 in 4 s. Requests that the machine holds up arrive closer
    // together than they left, 3 s of it are forgiven; a bucket that a step fills again gives 16.
    clock_world world(retries, "    rate: {requests_per_minute: 60, burst: 6}\n    expire_after: 30d\n"
                               "    conversation_rate: {messages_per_minute: 60000, burst: 1000}\n");
    auto& one = world.one;
    one.start();
    world.produce(60);
    const auto sent_at_least = [&](std::int64_t requests) {
        const auto sent = [&] {
            return world.genesys.requests("get_conversation") + world.genesys.requests("send_agentless");
        };
        eventually([&] { return sent() >= requests; }, std::to_string(requests) + " requests");
    };
    sent_at_least(6); // the burst is over
    const auto longest = [&] { return world.genesys.max_in_window(4s); };
    world.set_clock(3h);
    sent_at_least(8);
    world.set_clock(-3h);
    sent_at_least(10); // it goes on after the step back
    one.process().send_signal(SIGSTOP);
    const auto asleep_since = std::chrono::steady_clock::now();
    eventually([&] { return std::chrono::steady_clock::now() - asleep_since > 3s; }, "a suspend of 3 s");
    world.set_clock(5h);
    one.process().send_signal(SIGCONT);
    sent_at_least(16);
    BOOST_TEST(longest() <= 6 + 4 * 1 + 3, longest() << " requests in some 4 s");
    BOOST_TEST_MESSAGE("most in any 4 s: " << longest());
    BOOST_TEST(one.stop() == (exit_status{0, {}}));
}

BOOST_AUTO_TEST_SUITE_END()
