#include "policy/token_bucket.hpp"

#include <boost/test/unit_test.hpp>

#include <random>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(token_bucket_)

namespace {
constexpr steady_time begin = steady_time(std::chrono::hours(1));
} // namespace

BOOST_AUTO_TEST_CASE(a_new_bucket_lets_its_burst_out_at_once_and_then_one_an_interval) {
    token_bucket bucket(300, 3, begin);
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST((bucket.next(begin) == begin));
        bucket.take(begin);
    }
    BOOST_TEST((bucket.next(begin) == begin + milliseconds(200)));
}

BOOST_AUTO_TEST_CASE(the_fraction_that_has_accrued_shortens_the_wait) {
    token_bucket bucket(60, 1, begin);
    bucket.take(begin);
    BOOST_TEST((bucket.next(begin + milliseconds(750)) == begin + seconds(1)));
}

BOOST_AUTO_TEST_CASE(next_is_the_first_nanosecond_at_which_take_may_be_called) {
    std::mt19937 random(1);
    for (const int per_minute : {1, 7, 59, 60, 300, 6000, 99'999, 100'000}) {
        token_bucket bucket(per_minute, 1, begin);
        auto now = begin;
        for (int i = 0; i < 200; ++i) {
            now = bucket.next(now);
            BOOST_REQUIRE((bucket.next(now) == now));
            if (i > 0) BOOST_REQUIRE((bucket.next(now - steady_duration(1)) == now));
            bucket.take(now);
            now += steady_duration(random() % 1000);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_rate_that_no_nanosecond_divides_does_not_drift) {
    token_bucket bucket(7, 1, begin);
    auto now = begin;
    for (int i = 0; i < 7'000; ++i) {
        now = bucket.next(now);
        bucket.take(now);
    }
    // 7,000 at 7 a minute: the 7,001st exactly 1,000 minutes after the first, whatever was rounded up in
    // between.
    BOOST_TEST((bucket.next(now) - begin <= minutes(1000) + steady_duration(7'000)));
    BOOST_TEST((bucket.next(now) - begin >= minutes(1000)));
}

BOOST_AUTO_TEST_CASE(idle_years_fill_the_bucket_and_no_more) {
    token_bucket bucket(100'000, 100'000, begin);
    bucket.take(begin);
    const auto later = begin + std::chrono::hours(24 * 365 * 100);
    BOOST_TEST(bucket.balance(later) == 100'000);
}

BOOST_AUTO_TEST_CASE(a_moment_before_the_last_one_credits_nothing) {
    token_bucket bucket(60, 1, begin);
    bucket.take(begin + seconds(5));
    BOOST_TEST((bucket.next(begin) == begin + seconds(6)));
    BOOST_TEST(bucket.balance(begin) == 0);
}

BOOST_AUTO_TEST_CASE(what_is_given_back_may_leave_again) {
    token_bucket bucket(60, 2, begin);
    bucket.take(begin);
    bucket.give_back(begin);
    bucket.give_back(begin);
    BOOST_TEST(bucket.balance(begin) == 2);
}

BOOST_AUTO_TEST_CASE(a_smaller_burst_takes_hold_at_once_and_a_larger_one_fills_at_the_rate) {
    token_bucket bucket(60, 10, begin);
    bucket.change(60, 2, begin);
    BOOST_TEST(bucket.balance(begin) == 2);
    bucket.change(60, 10, begin);
    BOOST_TEST(bucket.balance(begin + seconds(1)) == 3);
}

BOOST_AUTO_TEST_CASE(spending_more_than_there_is_empties_it_and_leaves_no_debt) {
    token_bucket bucket(60, 10, begin);
    bucket.spend(100'000, begin);
    BOOST_TEST(bucket.balance(begin) == 0);
    BOOST_TEST((bucket.next(begin) == begin + seconds(1)));
}

BOOST_AUTO_TEST_CASE(a_balance_from_outside_is_clamped) {
    token_bucket bucket(60, 10, begin);
    bucket.set_balance(-3, begin);
    BOOST_TEST(bucket.balance(begin) == 0);
    bucket.set_balance(1e300, begin);
    BOOST_TEST(bucket.balance(begin) == 10);
}

BOOST_AUTO_TEST_SUITE_END()
