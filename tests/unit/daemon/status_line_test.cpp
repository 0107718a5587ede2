// STATUS= in one line: the queue, or what is wrong first.
#include "service/status_line.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace cannedd;

service_facts well() {
    service_facts facts;
    facts.accounts.resize(3);
    for (std::size_t at = 0; at < 3; ++at)
        facts.accounts.at(at).name = std::string(1, static_cast<char>('a' + at));
    facts.pending = 12;
    facts.sending = 3;
    return facts;
}

} // namespace

BOOST_AUTO_TEST_SUITE(status_line_)

BOOST_AUTO_TEST_CASE(nothing_wrong_is_the_queue) {
    auto facts = well();
    BOOST_TEST(status_line(facts) == "delivering: 12 waiting, 3 on their way");
    facts.in_doubt = 1;
    facts.held = 2;
    facts.unconfirmed = 4;
    BOOST_TEST(status_line(facts) ==
               "delivering: 12 waiting, 3 on their way (1 in doubt), 2 held, 4 unconfirmed");
}

BOOST_AUTO_TEST_CASE(what_is_planned_for_later_does_not_wait) {
    auto facts = well();
    facts.next_at = wall_time(milliseconds(1890000000999));
    BOOST_TEST(status_line(facts) ==
               "delivering: 12 planned, the next at 2029-11-22 00:00:00 UTC, 3 on their way");
}

BOOST_AUTO_TEST_CASE(each_trouble_stands_before_the_queue) {
    const std::string queue = "; 12 waiting, 3 on their way";
    auto facts = well();
    facts.store_trouble = "the disk is full";
    BOOST_TEST(status_line(facts) == "database: the disk is full" + queue);
    facts = well();
    facts.accounts.at(1).paused = true;
    facts.accounts.at(1).paused_reason = "invalid_client: the secret is wrong";
    BOOST_TEST(status_line(facts) == "account b is paused: invalid_client: the secret is wrong" + queue);
    facts = well();
    facts.accounts.at(2).unreachable = true;
    BOOST_TEST(status_line(facts) == "account c cannot reach the API" + queue);
    facts = well();
    facts.refused_reload = "cannedd.yaml:3: no";
    BOOST_TEST(status_line(facts) == "the last reload was refused: cannedd.yaml:3: no" + queue);
    facts = well();
    facts.restart_needed = "a secret has changed";
    BOOST_TEST(status_line(facts) == "a restart is needed: a secret has changed" + queue);
    facts = well();
    facts.metrics_trouble = "Address already in use";
    BOOST_TEST(status_line(facts) == "metrics are not served: Address already in use" + queue);
    facts = well();
    facts.reload_waits = true;
    BOOST_TEST(status_line(facts) == "a new configuration waits for the database" + queue);
    facts = well();
    facts.accounts.at(0).told_to_wait = true;
    BOOST_TEST(status_line(facts) == "account a was told to slow down" + queue);
}

BOOST_AUTO_TEST_CASE(the_worst_of_several_troubles_comes_first) {
    auto facts = well();
    for (auto& one : facts.accounts) {
        one.paused = true;
        one.paused_reason = "by " + one.name;
        one.unreachable = one.told_to_wait = true; // of one that is paused it does not matter
    }
    facts.store_trouble = "locked";
    facts.metrics_trouble = "taken";
    facts.refused_reload = "no";
    BOOST_TEST(status_line(facts) ==
               "database: locked; account a is paused: by a; accounts b, c are paused as well; "
               "the last reload was refused: no; metrics are not served: taken; 12 waiting, 3 on "
               "their way");
}

BOOST_AUTO_TEST_CASE(many_accounts_and_long_reasons_stay_a_line) {
    auto facts = well();
    facts.accounts.resize(20);
    for (auto& one : facts.accounts)
        one.unreachable = true;
    facts.accounts.at(0).name = "a";
    BOOST_TEST(status_line(facts).starts_with("accounts a, b, c and 17 more cannot reach the API; "));
    facts = well();
    for (int i = 0; i < 300; ++i)
        facts.store_trouble += "ü";
    const auto line = status_line(facts);
    BOOST_TEST(line.starts_with("database: üü"));
    BOOST_TEST(line.find("ü...; 12 waiting") != std::string::npos, line);
}

BOOST_AUTO_TEST_CASE(the_last_line_says_what_waits_for_the_next_start) {
    service_facts facts;
    facts.pending = 6;
    BOOST_TEST(stopped_line(facts) == "stopped: 6 waiting");
    facts.sending = 1;
    BOOST_TEST(stopped_line(facts) == "stopped: 6 waiting, 1 in doubt until the next start");
}

BOOST_AUTO_TEST_SUITE_END()
