// Real crashes: the daemon is killed as kill -9 does, at random moments and at every named step, and
// restarted. The customers' transcripts show nothing lost, nothing twice, everything in order.
#include "running_daemon.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdlib>
#include <map>
#include <random>

namespace {

using namespace cannedd;
using namespace std::chrono_literals;

constexpr int conversations = 20;

constexpr auto faults = R"json([
 {"match": {"operation": "send", "probability": 0.05}, "do": "process_then_close"},
 {"match": {"operation": "send", "probability": 0.05}, "do": "close_before_processing"},
 {"match": {"operation": "send", "probability": 0.03}, "do": {"process_then_status": 503}},
 {"match": {"operation": "send", "probability": 0.03}, "do": "accept_202"},
 {"match": {"operation": "send", "probability": 0.3}, "do": {"process_then_delay": 15}}])json";

class crash_world {
public:
    crash_world()
        : genesys(unlimited_org())
        , daemon(genesys, fast_delivery, running_daemon::account(genesys, "default", wide_rates)) {
        for (int c = 0; c < conversations; ++c)
            genesys.add_conversation({{"id", uuid('c', c)}, {"agent", uuid('a', c)}});
        genesys.faults(faults);
    }

    void insert(int rows) {
        std::string values;
        for (int n = 0; n < rows; ++n) {
            const int c = inserted_++ % conversations;
            const auto text = "text " + std::to_string(counts_[c]++ / 2); // equal texts follow each other
            expected_[uuid('c', c)] += text + ';';
            values += std::string(values.empty() ? "" : ",") + "('" + uuid('c', c) + "','" + text + "')";
        }
        daemon.sql("INSERT INTO messages (conversation_id, text) VALUES " + values);
    }

    void finish_and_check() {
        daemon.start();
        daemon.wait_for("SELECT count(*) FROM messages WHERE status <> 'sent'", "0");
        daemon.stop();
        std::map<std::string, std::string> seen;
        for (const auto& m : genesys.transcript())
            seen[m.conversation] += m.text + ';';
        for (const auto& [conversation, texts] : expected_)
            BOOST_TEST(seen[conversation] == texts);
        BOOST_TEST(genesys.violations().empty());
        BOOST_TEST(daemon.value("PRAGMA integrity_check") == "ok");
        BOOST_TEST_MESSAGE("rows " << inserted_ << ", verified "
                                   << daemon.value("SELECT sum(verified) FROM messages") << ", attempts "
                                   << daemon.value("SELECT count(*) FROM attempts"));
    }

    simulator genesys;
    running_daemon daemon;

private:
    int inserted_ = 0;
    std::map<int, int> counts_;
    std::map<std::string, std::string> expected_;
};

int kills_wanted() {
    const char* asked = std::getenv("CANNEDD_KILLS");
    return asked != nullptr ? std::atoi(asked) : 200;
}

} // namespace

BOOST_AUTO_TEST_SUITE(daemon_crash_)

BOOST_AUTO_TEST_CASE(random_kills_lose_nothing_and_send_nothing_twice) {
    crash_world world;
    const auto seed = std::random_device()();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::mt19937 chance(seed);
    const int kills = kills_wanted();
    for (int kill = 0; kill < kills; ++kill) {
        world.insert(8);
        world.daemon.start();
        // Any moment is right: the daemon is given a random while to end by itself, which it does not.
        const std::chrono::milliseconds while_alive(chance() % 120);
        BOOST_CHECK_THROW(world.daemon.process().wait(while_alive), std::runtime_error);
        world.daemon.kill();
    }
    world.finish_and_check();
}

BOOST_AUTO_TEST_CASE(a_kill_at_each_named_step_loses_nothing_and_sends_nothing_twice) {
    crash_world world;
    for (const std::string at :
         {"before_mark", "after_mark", "after_answer", "before_record", "after_record"})
        for (int nth = 1; nth <= 5; ++nth) {
            world.insert(12);
            process_options options;
            options.environment["CANNEDD_DEBUG_KILL_AT"] = at + ":" + std::to_string(nth);
            world.daemon.start(options);
            const auto how = world.daemon.process().wait();
            BOOST_TEST(how == (exit_status{{}, SIGKILL}), at << ' ' << nth);
        }
    world.finish_and_check();
}

BOOST_AUTO_TEST_CASE(a_kill_between_the_request_and_its_answer_loses_nothing_and_sends_nothing_twice) {
    crash_world world;
    for (const auto* fate : {R"("never_answer")", R"({"process_then_delay": 60000})"}) {
        for (int nth = 0; nth < 5; ++nth) {
            world.insert(12);
            world.genesys.faults(std::string(R"([{"match": {"operation": "send"}, "do": )") + fate + "}]");
            const auto before = world.genesys.requests("send_agentless");
            world.daemon.start();
            // On the wire and not answered: the simulator has it, the row is `sending`.
            eventually([&] { return world.genesys.requests("send_agentless") >= before + 4; },
                       "requests are on their way");
            BOOST_TEST(world.daemon.value("SELECT count(*) >= 4 FROM messages WHERE status = 'sending'") ==
                       "1");
            world.daemon.kill();
            world.genesys.faults("[]");
        }
    }
    world.finish_and_check();
}

BOOST_AUTO_TEST_SUITE_END()
