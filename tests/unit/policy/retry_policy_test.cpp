#include "policy/fair_turns.hpp"
#include "policy/look_share.hpp"
#include "policy/retry_policy.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <string>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(retry_policy_)

BOOST_AUTO_TEST_CASE(the_delay_is_chance_times_the_doubled_base_up_to_the_maximum) {
    struct row {
        int tries;
        double chance;
        int expected_ms;
    };
    constexpr double almost_one = 1.0 - 1e-9;
    const row rows[] = {
        {1, 0.5, 500},        {2, 0.5, 1000},
        {3, 0.5, 2000},       {4, 0.25, 2000},
        {9, 0.5, 128'000},    {10, 0.5, 150'000},
        {1000, 0.5, 150'000}, {std::numeric_limits<int>::max(), 0.5, 150'000},
        {1, 0.0, 1},          {1000, 0.0, 1},
        {1, almost_one, 999}, {1000, almost_one, 299'999},
        {0, 0.5, 500},
    };
    for (const auto& row : rows) {
        BOOST_TEST_INFO("tries " << row.tries << ", chance " << row.chance);
        BOOST_TEST(backoff(backoff_settings(), row.tries, row.chance).count() == row.expected_ms);
    }
}

BOOST_AUTO_TEST_CASE(settings_at_the_edge_of_what_a_duration_holds_do_not_overflow) {
    backoff_settings settings;
    settings.base = milliseconds(1);
    settings.max = milliseconds::max() / 4;
    const auto delay = backoff(settings, 1000, 0.5);
    BOOST_TEST((delay > milliseconds(0) && delay <= settings.max));
}

BOOST_AUTO_TEST_CASE(of_four_turns_one_is_the_youngest_lanes_and_one_is_of_those_that_wait_for_somebody) {
    fair_turns turns;
    std::string seen;
    for (int i = 0; i < 12; ++i)
        seen += "oyw"[static_cast<int>(turns.next())];
    BOOST_TEST(seen == "owoyowoyowoy");
}

BOOST_AUTO_TEST_CASE(a_quarter_of_the_rate_may_go_into_looking_again) {
    rate_settings rate;
    rate.requests_per_minute = 300;
    look_share share(rate);
    steady_time now(std::chrono::hours(1));
    int looks = 0;
    for (const auto end = now + std::chrono::minutes(1); now < end; now += milliseconds(10))
        if (share.next() <= now) {
            share.take(now);
            ++looks;
        }
    BOOST_TEST(looks >= 75);
    BOOST_TEST(looks <= 75 + 20 / look_share::parts);
}

BOOST_AUTO_TEST_SUITE_END()
