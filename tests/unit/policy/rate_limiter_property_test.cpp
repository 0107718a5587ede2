// What must hold whatever the seed: the two invariants of the limiter, and that it wastes nothing.
#include "rate_world.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(rate_limiter_property_)

namespace {

rate_settings rate_of(int requests_per_minute, int burst) {
    rate_settings rate;
    rate.requests_per_minute = requests_per_minute;
    rate.burst = burst;
    return rate;
}

struct setting {
    int requests_per_minute;
    int burst;
    unsigned seeds;
};

std::ostream& operator<<(std::ostream& out, const setting& s) {
    return out << s.requests_per_minute << " a minute, burst " << s.burst << ", " << s.seeds << " seeds";
}

void hold_both_rules(const rate_world_settings& settings, unsigned seeds) {
    const auto& rate = settings.rate;
    for (unsigned seed = 0; seed < seeds; ++seed) {
        rate_world world(settings, seed);
        world.run();
        BOOST_REQUIRE_MESSAGE(world.in_one_minute() <= rate.requests_per_minute,
                              world.in_one_minute() << " arrivals in a minute, seed " << seed);
        BOOST_REQUIRE_MESSAGE(world.over_bucket() <= rate.burst + 1e-6,
                              world.over_bucket() << " left at once, seed " << seed);
        BOOST_REQUIRE_MESSAGE(!world.left().empty(), "nothing left, seed " << seed);
    }
}

const setting settings[] = {{5, 1, 1000}, {5, 5, 1000},  {60, 1, 100},  {60, 20, 200}, {60, 60, 100},
                            {300, 1, 5},  {300, 20, 20}, {300, 300, 5}, {6000, 20, 1}, {6000, 6000, 1}};

} // namespace

BOOST_DATA_TEST_CASE(never_more_than_the_limit_arrives_in_any_minute_and_never_more_than_the_burst_at_once,
                     settings) {
    rate_world_settings world;
    world.rate = rate_of(sample.requests_per_minute, sample.burst);
    world.connections = sample.requests_per_minute > 1000 ? 32 : 8;
    world.late = 0.03;
    hold_both_rules(world, sample.seeds);
}

BOOST_DATA_TEST_CASE(both_rules_hold_over_crashes_that_forget_the_last_requests, settings) {
    rate_world_settings world;
    world.rate = rate_of(sample.requests_per_minute, sample.burst);
    world.connections = sample.requests_per_minute > 1000 ? 32 : 8;
    world.late = 0.03;
    world.crashes = sample.requests_per_minute > 1000 ? 0.001 : 0.02;
    hold_both_rules(world, sample.seeds);
}

BOOST_DATA_TEST_CASE(a_backlog_uses_all_but_a_hundredth_of_the_budget, settings) {
    rate_world_settings world;
    world.rate = rate_of(sample.requests_per_minute, sample.burst);
    world.connections = sample.requests_per_minute > 1000 ? 32 : 8; // 100 a second * 0.3 s
    world.length = minutes(20);
    for (unsigned seed = 0; seed < (sample.requests_per_minute > 60 ? 1U : 5U); ++seed) {
        rate_world clients(world, seed);
        clients.run();
        const auto used = static_cast<double>(clients.left().size()) / (20.0 * sample.requests_per_minute);
        BOOST_TEST_MESSAGE(sample << ": " << used << " of the budget");
        BOOST_TEST(used >= 0.99);
    }
}

BOOST_AUTO_TEST_SUITE_END()
