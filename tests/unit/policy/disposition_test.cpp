#include "policy/disposition.hpp"
#include "policy/refusal_streak.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

namespace {

using namespace cannedd;
using namespace std::chrono_literals;

try_history tried(int attempts) {
    try_history past;
    past.attempts = attempts;
    past.chance = 0.5;
    return past;
}

std::string told(const disposition& d) {
    return std::string(name_of(d.what)) + (d.counts ? " counted" : "") + " " +
           std::to_string(d.delay.count());
}

} // namespace

BOOST_AUTO_TEST_SUITE(disposition_)

BOOST_AUTO_TEST_CASE(each_outcome_of_a_send_has_one_disposition) {
    const decision_limits limits;
    const auto of = [&](outcome what) { return told(decide(what, errc::bad_reply, tried(1), limits)); };
    BOOST_TEST(of(outcome::accepted) == "record_sent 0");
    BOOST_TEST(of(outcome::refused) == "fail counted 0");
    BOOST_TEST(of(outcome::stale) == "look_again 0");
    BOOST_TEST(of(outcome::throttled) == "retry 0");
    BOOST_TEST(of(outcome::unavailable) == "retry 500");
    BOOST_TEST(of(outcome::unauthorized) == "renew_token 0");
    BOOST_TEST(of(outcome::account_fault) == "pause_account 0");
    BOOST_TEST(of(outcome::indeterminate) == "verify 0");
    BOOST_TEST(of(outcome::barred) == "hold_lane 0");
}

BOOST_AUTO_TEST_CASE(a_barred_conversation_is_its_own_trouble_until_several_in_a_row_are) {
    auto past = tried(1);
    past.barred_often = true;
    BOOST_TEST(told(decide(outcome::barred, errc::forbidden, past, {})) == "pause_account 0");
    past.agents_own = true;
    BOOST_TEST(told(decide(outcome::barred, errc::forbidden, past, {})) == "hold 0");
    past.barred_often = false;
    BOOST_TEST(told(decide(outcome::barred, errc::forbidden, past, {})) == "hold 0");
}

BOOST_AUTO_TEST_CASE(several_are_three_different_ones_with_nothing_accepted_in_between) {
    refusal_streak streak;
    for (const auto* same : {"a", "b", "a", "b"})
        BOOST_TEST(!streak.refused(same));
    streak.accepted();
    BOOST_TEST(!streak.refused("c"));
    BOOST_TEST(!streak.refused("d"));
    BOOST_TEST(streak.refused("e"));
    BOOST_TEST(!streak.refused("f")); // it was said: from the beginning
}

BOOST_AUTO_TEST_CASE(a_409_is_tried_three_times_in_all_and_what_else_is_stale_once) {
    const auto refused = [](int times, int others = 0) {
        auto past = tried(times + others);
        past.answers_409 = times;
        return past;
    };
    BOOST_TEST(told(decide_stale(errc::conflict, refused(1), {})) == "retry counted 500");
    BOOST_TEST(told(decide_stale(errc::conflict, refused(2), {})) == "retry counted 1000");
    BOOST_TEST(told(decide_stale(errc::conflict, refused(2, 2), {})) == "retry counted 4000");
    BOOST_TEST(told(decide_stale(errc::conflict, refused(3), {})) == "fail counted 0");
    for (const auto code : {errc::not_found, errc::bad_request, errc::conversation_not_found})
        BOOST_TEST(told(decide_stale(code, tried(1), {})) == "fail counted 0");
    decision_limits once;
    once.attempts_max = 1;
    const auto last = decide_stale(errc::conflict, refused(1), once);
    BOOST_TEST(told(last) == "fail counted 0");
    BOOST_TEST(name_of(last.error) == "conflict");
}

BOOST_AUTO_TEST_CASE(a_500_is_tried_twice_unless_everything_is_down) {
    const auto answered = [](int times, int others = 0) {
        auto past = tried(times + others);
        past.answers_500 = times;
        return past;
    };
    BOOST_TEST(told(decide_absent(errc::unconfirmed, answered(1), {})) == "retry counted 500");
    const auto last = decide_absent(errc::unconfirmed, answered(2), {});
    BOOST_TEST(told(last) == "fail counted 0");
    BOOST_TEST(name_of(last.error) == "server_error");
    BOOST_TEST(told(decide_absent(errc::unconfirmed, answered(0, 2), {})) == "retry counted 1000");
    BOOST_TEST(told(decide_absent(errc::unconfirmed, answered(1, 1), {})) == "retry counted 1000");
    auto down = answered(2);
    down.breaker_open = true;
    BOOST_TEST(!decide_absent(errc::unconfirmed, down, {}).counts);
    decision_limits resend;
    resend.doubt = doubt_policy::resend;
    BOOST_TEST(told(decide(outcome::indeterminate, errc::server_error, answered(2), resend)) ==
               "fail counted 0");
}

BOOST_AUTO_TEST_CASE(a_second_401_pauses_the_account) {
    auto past = tried(1);
    past.token_renewed = true;
    BOOST_TEST(told(decide(outcome::unauthorized, errc::unauthorized, past, {})) == "pause_account 0");
}

BOOST_AUTO_TEST_CASE(an_agents_own_token_that_fails_holds_that_agents_rows_and_pauses_nobody) {
    auto past = tried(1);
    past.agents_own = true;
    for (const auto code : {errc::invalid_client, errc::unauthorized, errc::forbidden, errc::not_a_user})
        BOOST_TEST(told(decide_setback(code, past, {})) == "hold 0", name_of(code));
    BOOST_TEST(told(decide(outcome::account_fault, errc::forbidden, past, {})) == "hold 0");
    BOOST_TEST(told(decide(outcome::unauthorized, errc::unauthorized, past, {})) == "renew_token 0");
    past.token_renewed = true;
    BOOST_TEST(told(decide(outcome::unauthorized, errc::unauthorized, past, {})) == "hold 0");
}

BOOST_AUTO_TEST_CASE(throttling_and_an_outage_cost_no_attempt) {
    const auto past = tried(100);
    BOOST_TEST(!decide(outcome::throttled, errc::throttled, past, {}).counts);
    BOOST_TEST(!decide(outcome::unavailable, errc::connect, past, {}).counts);
    BOOST_TEST(name_of(decide(outcome::unavailable, errc::connect, past, {}).what) == "retry");
}

BOOST_AUTO_TEST_CASE(what_does_not_count_backs_off_by_its_own_number) {
    auto past = tried(1);
    past.deferrals = 4;
    BOOST_TEST(decide(outcome::unavailable, errc::connect, past, {}).delay.count() == 8000);
}

BOOST_AUTO_TEST_CASE(who_is_told_to_wait_waits_at_least_so_long) {
    auto past = tried(1);
    past.told_to_wait = std::chrono::seconds(30);
    BOOST_TEST(decide(outcome::unavailable, errc::unavailable, past, {}).delay.count() == 30000);
}

BOOST_AUTO_TEST_CASE(a_doubt_is_verified_held_or_resent_as_the_policy_says) {
    decision_limits limits;
    limits.doubt = doubt_policy::hold;
    BOOST_TEST(told(decide(outcome::indeterminate, errc::timeout, tried(1), limits)) ==
               "unconfirmed counted 0");
    limits.doubt = doubt_policy::resend;
    BOOST_TEST(told(decide(outcome::indeterminate, errc::timeout, tried(2), limits)) == "retry counted 1000");
}

BOOST_AUTO_TEST_CASE(absent_is_tried_again_until_the_attempts_are_exhausted) {
    BOOST_TEST(told(decide_absent(errc::unconfirmed, tried(7), {})) == "retry counted 32000");
    const auto last = decide_absent(errc::unconfirmed, tried(8), {});
    BOOST_TEST(told(last) == "fail counted 0");
    BOOST_TEST(name_of(last.error) == "attempts_exhausted");
}

BOOST_AUTO_TEST_CASE(absent_during_an_outage_costs_no_attempt) {
    auto past = tried(8);
    past.breaker_open = true;
    BOOST_TEST(!decide_absent(errc::unconfirmed, past, {}).counts);
}

BOOST_AUTO_TEST_CASE(reasons_of_the_look_ups) {
    const auto of = [](errc code) { return std::string(name_of(decide_setback(code, tried(1), {}).what)); };
    BOOST_TEST(of(errc::conversation_ended) == "fail_lane");
    BOOST_TEST(of(errc::no_active_conversation) == "retry");
    BOOST_TEST(of(errc::agent_not_connected) == "retry");
    BOOST_TEST(of(errc::unknown_account) == "hold");
    BOOST_TEST(of(errc::not_a_user) == "hold");
    for (const auto code : {errc::forbidden, errc::invalid_client, errc::unauthorized})
        BOOST_TEST(of(code) == "pause_account");
    for (const auto code :
         {errc::missing_text, errc::unknown_response, errc::missing_variable, errc::bad_variables,
          errc::text_too_long, errc::bad_text, errc::ambiguous_conversation, errc::customer_not_found,
          errc::conversation_not_found, errc::agent_not_in_conversation, errc::outside_window, errc::not_text,
          errc::no_contact})
        BOOST_TEST(of(code) == "fail");
}

BOOST_AUTO_TEST_CASE(an_agent_who_is_ringing_is_waited_for_without_end_but_a_missing_conversation_is_not) {
    for (const auto code : {errc::agent_not_connected, errc::bot_in_conversation})
        BOOST_TEST(told(decide_setback(code, tried(100), {})) == "retry 500");
    const auto last = decide_setback(errc::no_active_conversation, tried(8), {});
    BOOST_TEST(told(last) == "fail counted 0");
    BOOST_TEST(name_of(last.error) == "no_active_conversation");
}

BOOST_AUTO_TEST_CASE(who_waits_for_somebody_looks_every_half_minute_at_least) {
    decision_limits limits;
    for (const auto code : {errc::agent_not_connected, errc::bot_in_conversation}) {
        auto past = tried(1);
        past.chance = 0.999;
        for (past.deferrals = 0; past.deferrals < 100; ++past.deferrals)
            BOOST_TEST(decide_setback(code, past, limits).delay.count() < waiting_max.count());
        limits.backoff.base = limits.backoff.max = std::chrono::minutes(2); // the operator's word is the last
        BOOST_TEST(decide_setback(code, past, limits).delay.count() > waiting_max.count());
        limits = {};
    }
}

BOOST_AUTO_TEST_CASE(an_ended_conversation_is_waited_for_where_the_account_says_so) {
    auto past = tried(100);
    past.waits_for_ended = true;
    BOOST_TEST(told(decide_setback(errc::conversation_ended, past, {})) == "retry 500");
}

BOOST_AUTO_TEST_SUITE_END()
