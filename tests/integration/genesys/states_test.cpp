// What conversations go through, and who may speak meanwhile: route message, for it alone depends on it.
#include "integration/genesys/credentials.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cannedd;

const auto agent = uuid('a', 1);
const auto other = uuid('a', 2);

// Agents 1 and 2 have tokens of their own.
struct floor_of_agents {
    floor_of_agents()
        : genesys(files.org())
        , daemon(genesys, brisk,
                 files.account(genesys,
                               files.by_secret_with_users(agent + ": " + files.by_refresh_token(1) + ", " +
                                                          other + ": " + files.by_refresh_token(2)),
                               "    route: message\n")) {}

    void add(const std::string& text, const std::string& who = {}) {
        daemon.sql(insert("conversation_id, agent_id, text",
                          quoted(talk) + "," + (who.empty() ? "NULL" : quoted(who)) + "," + quoted(text)));
    }
    void wait_for(const std::string& text, const std::string& what) {
        daemon.wait_for("SELECT status||coalesce(' '||error, '') FROM messages WHERE text = " + quoted(text),
                        what);
    }
    void send(const std::string& text) {
        add(text);
        wait_for(text, "sent");
    }
    std::string detail() {
        return daemon.value("SELECT error_detail FROM messages ORDER BY id DESC LIMIT 1");
    }
    seen_message last_heard() {
        eventually([&] { return !genesys.transcript(talk).empty(); }, "the customer reads it");
        return genesys.transcript(talk).back();
    }

    credentials files;
    simulator genesys;
    running_daemon daemon;
};

// Until the agent is connected again the row waits, and says why; then it goes.
void check_waits(const boost::json::value& agents, const std::function<void(simulator&)>& leave,
                 const std::function<void(simulator&)>& come, const std::string& why) {
    floor_of_agents on;
    on.genesys.add_conversation({{"id", talk}, {"agents", agents}});
    leave(on.genesys);
    on.daemon.start();
    on.add("hello", agent);
    on.wait_for("hello", "pending agent_not_connected");
    BOOST_TEST(on.detail().find(why) != std::string::npos, on.detail());
    // Tried more often than delivery.attempts allows, for waiting is no fault of the row.
    eventually([&] { return on.genesys.requests("get_conversation") > 9; }, "it is tried again");
    come(on.genesys);
    on.wait_for("hello", "sent");
    BOOST_TEST(on.genesys.answers("send_message", "400") == 0);
    BOOST_TEST(on.last_heard().user_id == agent);
}

} // namespace

BOOST_AUTO_TEST_SUITE(genesys_states_)

BOOST_AUTO_TEST_CASE(an_agent_who_is_rung_is_waited_for) {
    check_waits(
        {{{"user_id", agent}, {"state", "alerting"}}}, [](simulator&) {},
        [](simulator& genesys) { genesys.change(talk, "connect"); }, "alerted");
}

BOOST_AUTO_TEST_CASE(a_parked_conversation_is_waited_for) {
    check_waits(
        {agent}, [](simulator& genesys) { genesys.change(talk, "park"); },
        [](simulator& genesys) { genesys.change(talk, "connect"); }, "parked");
}

BOOST_AUTO_TEST_CASE(after_call_work_is_waited_for) {
    check_waits(
        {agent},
        [](simulator& genesys) {
            genesys.change(talk, "disconnect", {{"wrapup", true}});
        },
        [](simulator& genesys) {
            genesys.change(talk, "join", {{"user_id", agent}});
        },
        "after-call work");
}

BOOST_AUTO_TEST_CASE(a_transfer_makes_the_remembered_communication_stale_and_it_is_looked_up_once) {
    floor_of_agents on;
    on.genesys.add_conversation({{"id", talk}, {"agent", agent}});
    on.daemon.start();
    on.send("by the first");
    on.genesys.change(talk, "transfer", {{"to", other}});
    on.send("by the second");
    BOOST_TEST(on.last_heard().user_id == other);
    BOOST_TEST(on.genesys.answers("send_message", "404") == 1);
    BOOST_TEST(on.genesys.requests("get_conversation") == 2);
    BOOST_TEST(on.genesys.texts_seen(talk) == (std::vector<std::string>{"by the first", "by the second"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_row_for_the_agent_who_has_left_fails_and_names_no_one_elses_voice) {
    floor_of_agents on;
    on.genesys.add_conversation({{"id", talk}, {"agent", agent}});
    on.genesys.change(talk, "transfer", {{"to", other}});
    on.daemon.start();
    on.add("too late", agent);
    on.wait_for("too late", "failed agent_not_in_conversation");
    BOOST_TEST(on.detail().find("has left") != std::string::npos, on.detail());
}

BOOST_AUTO_TEST_CASE(after_a_reconnect_the_last_connected_participant_speaks) {
    floor_of_agents on;
    on.genesys.add_conversation({{"id", talk}, {"agents", {{{"user_id", agent}, {"id", uuid('e', 1)}}}}});
    on.daemon.start();
    on.send("before");
    on.genesys.change(talk, "reconnect");
    on.send("after");
    BOOST_TEST(on.last_heard().participant != uuid('e', 1));
    BOOST_TEST(on.last_heard().user_id == agent);
    on.genesys.change(talk, "join", {{"user_id", agent}, {"id", uuid('e', 3)}});
    on.daemon.stop();
    on.daemon.start();
    on.send("by the newest of two that are connected");
    BOOST_TEST(on.last_heard().participant == uuid('e', 3));
}

BOOST_AUTO_TEST_CASE(those_who_monitor_coach_or_are_consulted_are_passed_over) {
    for (const std::string listens :
         {"monitored_participant_id", "coached_participant_id", "consult_participant_id"}) {
        floor_of_agents on;
        on.genesys.add_conversation(
            {{"id", talk},
             {"agents",
              {{{"user_id", agent}, {"id", uuid('e', 1)}}, {{"user_id", other}, {listens, uuid('e', 1)}}}}});
        on.daemon.start();
        on.send("hello");
        BOOST_TEST(on.last_heard().user_id == agent, listens);
    }
}

BOOST_AUTO_TEST_CASE(an_agents_one_active_conversation_is_found_and_two_are_ambiguous) {
    floor_of_agents on;
    on.genesys.plan({{"analytics", {{"duplicate", true}}}}); // the look-up may list one twice
    on.genesys.add_conversation({{"id", talk}, {"agent", agent}});
    on.genesys.add_conversation({{"id", uuid('c', 2)}, {"agent", agent}, {"ended", true}});
    on.daemon.start();
    on.daemon.sql(insert("agent_id, text", quoted(agent) + ",'found'"));
    on.wait_for("found", "sent");
    BOOST_TEST(on.last_heard().user_id == agent);
    on.daemon.stop(); // what it remembered is gone
    on.genesys.add_conversation({{"id", uuid('c', 3)}, {"agent", agent}});
    on.daemon.start();
    on.daemon.sql(insert("agent_id, text", quoted(agent) + ",'which'"));
    on.wait_for("which", "failed ambiguous_conversation");
    BOOST_TEST(on.detail().find(uuid('c', 3)) != std::string::npos, on.detail());
    BOOST_TEST(on.genesys.violations().empty());
}

BOOST_AUTO_TEST_CASE(a_clients_token_finds_an_agents_conversation_by_analytics_and_waits_for_its_lag) {
    const credentials files;
    simulator genesys(files.org("analytics: {lag_ms: 3600000, duplicate: true}\n"));
    constexpr auto patient = "delivery: {attempts: 100, backoff: {base: 50ms, max: 200ms}}\n";
    running_daemon daemon(genesys, patient, files.account(genesys, files.by_secret()));
    daemon.start();
    genesys.add_conversation({{"id", talk}, {"agent", agent}});
    daemon.sql(insert("agent_id, text", quoted(agent) + ",'hello'"));
    eventually([&] { return genesys.requests("analytics_query") > 1; },
               "it is not listed, and asked for again");
    genesys.plan({{"analytics", {{"lag_ms", 0}}}});
    daemon.wait_for("SELECT status FROM messages", "sent");
    BOOST_TEST(genesys.texts_seen(talk) == (std::vector<std::string>{"hello"}),
               boost::test_tools::per_element());
    BOOST_TEST(genesys.violations().empty());
}

BOOST_AUTO_TEST_CASE(when_the_customer_has_left_all_rows_end_at_the_price_of_one_request) {
    floor_of_agents on;
    on.genesys.add_conversation({{"id", talk}, {"agent", agent}});
    on.genesys.change(talk, "customer_leave");
    for (int n = 0; n < 5; ++n)
        on.add("row " + std::to_string(n));
    on.daemon.start();
    on.daemon.wait_for("SELECT count(*) FROM messages WHERE status = 'failed' AND error = "
                       "'conversation_ended'",
                       "5");
    BOOST_TEST(on.genesys.requests("get_conversation") == 1);
    BOOST_TEST(on.genesys.requests("send_message") == 0);
}

BOOST_AUTO_TEST_CASE(a_thread_that_is_taken_up_again_takes_messages_again) {
    floor_of_agents on;
    on.genesys.add_conversation({{"id", talk}, {"agent", agent}});
    on.genesys.change(talk, "end");
    on.genesys.change(talk, "reopen", {{"agent", other}});
    on.daemon.start();
    on.send("again");
    BOOST_TEST(on.last_heard().user_id == other);
}

BOOST_AUTO_TEST_SUITE_END()
