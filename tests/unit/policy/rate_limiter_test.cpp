#include "policy/rate_limiter.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(rate_limiter_)

namespace {

constexpr steady_time begin = steady_time(std::chrono::hours(1));

rate_settings rate_of(int requests_per_minute, int burst) {
    rate_settings rate;
    rate.requests_per_minute = requests_per_minute;
    rate.burst = burst;
    return rate;
}

void send(rate_limiter& limiter, int requests, steady_time now) {
    for (int i = 0; i < requests; ++i) {
        BOOST_REQUIRE((limiter.next(now) <= now));
        limiter.take(now);
        limiter.answered(now);
    }
}

} // namespace

BOOST_AUTO_TEST_CASE(the_later_moment_of_bucket_and_cap_counts) {
    rate_limiter limiter(rate_of(60, 60), begin);
    send(limiter, 60, begin);
    BOOST_TEST((limiter.next(begin) == begin + sliding_window::length)); // the cap: the bucket says 1 s
    rate_limiter other(rate_of(60, 1), begin);
    send(other, 1, begin);
    BOOST_TEST((other.next(begin) == begin + seconds(1))); // the bucket: the cap has room
}

BOOST_AUTO_TEST_CASE(after_a_429_nothing_leaves_for_as_long_as_the_server_says) {
    rate_limiter limiter(rate_of(300, 20), begin);
    limiter.throttled(seconds(13), begin);
    BOOST_TEST((limiter.next(begin) == begin + seconds(13)));
    BOOST_TEST((limiter.blocked_until(begin) == begin + seconds(13)));
    BOOST_TEST(!limiter.blocked_until(begin + seconds(13)).has_value());
}

BOOST_AUTO_TEST_CASE(a_429_that_says_nothing_blocks_for_the_window) {
    rate_limiter limiter(rate_of(300, 20), begin);
    limiter.throttled(std::nullopt, begin);
    BOOST_TEST((limiter.next(begin) == begin + seconds(60)));
}

BOOST_AUTO_TEST_CASE(a_retry_after_out_of_all_reason_is_bounded) {
    rate_limiter limiter(rate_of(300, 20), begin);
    limiter.throttled(seconds(-5), begin);
    BOOST_TEST((limiter.next(begin) == begin + seconds(1)));
    limiter.throttled(seconds::max(), begin);
    BOOST_TEST((limiter.next(begin) == begin + std::chrono::hours(24)));
}

BOOST_AUTO_TEST_CASE(after_the_pause_half_of_the_rate_and_all_of_it_a_minute_later) {
    rate_limiter limiter(rate_of(60, 1), begin);
    limiter.throttled(seconds(1), begin);
    limiter.throttled(seconds(1), begin); // of the same pause: counts once
    auto now = begin + seconds(1);
    send(limiter, 1, now);
    BOOST_TEST((limiter.next(now) == now + seconds(2)));
    now += seconds(60);
    send(limiter, 1, now);
    BOOST_TEST((limiter.next(now) == now + seconds(1)));
}

BOOST_AUTO_TEST_CASE(a_429_while_the_rate_still_grows_halves_it_again) {
    rate_limiter limiter(rate_of(60, 1), begin);
    limiter.throttled(seconds(1), begin);
    const auto first = begin + seconds(1);
    limiter.throttled(seconds(1), first);
    const auto second = first + seconds(1);
    send(limiter, 1, second);
    BOOST_TEST((limiter.next(second) == second + seconds(4)));
}

BOOST_AUTO_TEST_CASE(a_pause_from_the_file_is_kept) {
    rate_limiter limiter(rate_of(300, 20), begin);
    limiter.block_until(begin + seconds(9));
    BOOST_TEST((limiter.next(begin) == begin + seconds(9)));
}

BOOST_AUTO_TEST_CASE(a_restart_bursts_nothing) {
    rate_limiter before(rate_of(300, 20), begin);
    send(before, 20, begin);
    const auto memory = before.save(begin);
    rate_limiter same_boot(rate_of(300, 20), begin);
    same_boot.restore(memory, seconds(1), begin + seconds(1));
    BOOST_TEST(same_boot.balance(begin + seconds(1)) == 5);
    rate_limiter other_boot(rate_of(300, 20), begin);
    other_boot.restore(memory, seconds(0), begin + seconds(1));
    BOOST_TEST(other_boot.balance(begin + seconds(1)) == 0);
}

BOOST_AUTO_TEST_CASE(what_may_have_left_unlogged_may_arrive_some_time_after_the_restart) {
    rate_limiter before(rate_of(5, 5), begin);
    before.take(begin);
    auto memory = before.save(begin);
    BOOST_TEST(memory.unlogged == 1); // in flight
    memory.unlogged += 4;
    rate_limiter after(rate_of(5, 5), begin);
    const auto now = begin + seconds(30);
    after.restore(memory, seconds(30), now);
    BOOST_TEST((after.next(now) == now + rate_limiter::on_its_way_max + sliding_window::length));
}

BOOST_AUTO_TEST_CASE(answers_of_before_the_restart_keep_their_age_on_the_same_boot_only) {
    rate_limiter before(rate_of(5, 5), begin);
    send(before, 5, begin);
    const auto memory = before.save(begin + seconds(50));
    rate_limiter same_boot(rate_of(5, 5), begin);
    same_boot.restore(memory, seconds(5), begin + seconds(55));
    BOOST_TEST((same_boot.next(begin + seconds(55)) == begin + sliding_window::length));
    rate_limiter other_boot(rate_of(5, 5), begin);
    const auto booted = steady_time(
        seconds(20)); // its clock began anew: the answers are 50 s old, as far as anybody can prove
    other_boot.restore(memory, seconds(0), booted);
    BOOST_TEST((other_boot.next(booted) == booted - seconds(50) + sliding_window::length));
}

BOOST_AUTO_TEST_CASE(a_request_that_did_not_leave_is_given_back) {
    rate_limiter limiter(rate_of(60, 1), begin);
    limiter.take(begin);
    limiter.give_back(begin);
    BOOST_TEST(limiter.in_flight() == 0);
    BOOST_TEST((limiter.next(begin) == begin));
}

BOOST_AUTO_TEST_CASE(what_was_learned_of_the_servers_window_is_saved_and_restored) {
    rate_limiter before(rate_settings(), begin);
    rate_headers seen;
    seen.allowed = 60;
    seen.reset = seconds(6);
    for (const int count : {40, 50}) {
        seen.count = count;
        before.observed(seen, begin + seconds(count - 40));
    }
    const auto memory = before.save(begin + seconds(10));
    BOOST_TEST(memory.window.slides);
    rate_limiter after(rate_settings(), begin + seconds(11));
    after.restore(memory, seconds(1), begin + seconds(11));
    BOOST_TEST((after.window().length == milliseconds(6000)));
    BOOST_TEST(after.window().slides);
}

BOOST_AUTO_TEST_CASE(accounts_that_wait_look_again_at_the_same_moments) {
    for (const auto later : {milliseconds(0), milliseconds(1), milliseconds(49)}) {
        rate_limiter limiter(rate_of(300, 20), begin - later);
        send(limiter, 20, begin - later);
        BOOST_TEST((limiter.next(begin) == begin + milliseconds(200) - later));
        BOOST_TEST((limiter.next_turn(begin) == begin + milliseconds(200)));
    }
    rate_limiter fresh(rate_of(300, 20), begin);
    BOOST_TEST((fresh.next_turn(begin) <= begin)); // whoever has a token waits for nobody
}

BOOST_AUTO_TEST_CASE(no_token_is_lost_to_a_shared_moment) {
    for (const auto& rate : {rate_of(6000, 20), rate_of(300, 1)}) { // it grows faster, or has no room
        rate_limiter limiter(rate, begin + milliseconds(1));
        send(limiter, rate.burst, begin + milliseconds(1));
        BOOST_TEST((limiter.next_turn(begin) == limiter.next(begin)));
    }
}

BOOST_AUTO_TEST_CASE(changed_settings_hold_at_once) {
    rate_limiter limiter(rate_of(300, 20), begin);
    send(limiter, 4, begin);
    limiter.change(rate_of(5, 1), begin);
    BOOST_TEST(limiter.balance(begin) == 1);
    send(limiter, 1, begin);
    BOOST_TEST((limiter.next(begin + seconds(12)) == begin + sliding_window::length));
}

BOOST_AUTO_TEST_SUITE_END()
