#include "policy/closed_loop.hpp"
#include "shared_budget.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(closed_loop_)

namespace {

constexpr steady_time begin = steady_time(std::chrono::hours(1));

loop_settings settings_of(double reserve, int burst) {
    loop_settings settings;
    settings.reserve = reserve;
    settings.requests_per_minute = 600;
    settings.burst = burst;
    return settings;
}

rate_headers told(int allowed, int count, int reset) {
    rate_headers seen;
    seen.allowed = allowed;
    seen.count = count;
    seen.reset = seconds(reset);
    return seen;
}

void answer(closed_loop& loop, const rate_headers& seen, steady_time now) {
    loop.answered();
    loop.observed(seen, 0, 0, now);
}

// One that has seen a window of 6 s turn. What `reset` is rounded to is not known: the window's end is taken
// a second later.
closed_loop grown(const loop_settings& settings) {
    closed_loop loop(settings);
    answer(loop, told(60, 1, 6), begin - seconds(20));
    return loop;
}
constexpr steady_time end = begin + seconds(7);

} // namespace

BOOST_AUTO_TEST_CASE(headers_that_never_came_have_no_effect) {
    closed_loop loop(settings_of(0, 20));
    for (int i = 0; i < 1000; ++i)
        answer(loop, rate_headers(), begin);
    rate_headers without_end = told(60, 60, 6);
    without_end.reset.reset();
    answer(loop, without_end, begin);
    answer(loop, told(0, 0, 6), begin);
    answer(loop, told(60, -1, 6), begin);
    answer(loop, told(60, 60, 1'000'000), begin);
    BOOST_TEST((loop.next(7, begin) == begin));
}

BOOST_AUTO_TEST_CASE(with_nothing_left_the_next_leaves_when_the_window_turns) {
    auto loop = grown(settings_of(0, 20));
    answer(loop, told(60, 60, 6), begin);
    BOOST_TEST((loop.next(0, begin) == end));
    BOOST_TEST((loop.next(0, end) == end));
}

BOOST_AUTO_TEST_CASE(what_is_left_lasts_to_the_end_of_the_window) {
    auto loop = grown(settings_of(0, 1));
    answer(loop, told(61, 31, 6), begin); // half is left (one of head start): half of the window must be over
    BOOST_TEST((loop.next(0, begin) == end - seconds(3)));
    BOOST_TEST(
        (loop.next(1, begin) == end - seconds(3) + milliseconds(100))); // in flight: may not be counted yet
}

BOOST_AUTO_TEST_CASE(a_head_start_may_go_at_once) {
    auto loop = grown(settings_of(0, 20));
    answer(loop, told(80, 10, 6), begin);
    BOOST_TEST((loop.next(0, begin) == begin));
    answer(loop, told(80, 11, 6), begin);
    BOOST_TEST((loop.next(0, begin) > begin));
}

BOOST_AUTO_TEST_CASE(the_reserve_is_left_to_others) {
    auto loop = grown(settings_of(0.5, 20));
    answer(loop, told(60, 30, 6), begin);
    BOOST_TEST((loop.next(0, begin) == end));
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_late_takes_nothing_back) {
    auto loop = grown(settings_of(0, 20));
    answer(loop, told(60, 60, 6), begin);
    answer(loop, told(60, 12, 6), begin + milliseconds(100));
    BOOST_TEST((loop.next(0, begin) == end));
}

BOOST_AUTO_TEST_CASE(an_answer_of_the_window_before_is_no_news) {
    auto loop = grown(settings_of(0, 20));
    answer(loop, told(60, 30, 6), begin);
    answer(loop, told(60, 1, 6), end);
    const auto before = loop.next(0, end);
    answer(loop, told(60, 60, 1), end + milliseconds(10));
    BOOST_TEST((loop.next(0, end) == before));
}

BOOST_AUTO_TEST_CASE(requests_that_ended_without_an_answer_count_until_the_window_turns) {
    auto loop = grown(settings_of(0, 20));
    answer(loop, told(60, 50, 6), begin);
    for (int i = 0; i < 10; ++i)
        loop.answered();
    BOOST_TEST((loop.next(0, begin) == end));
    BOOST_TEST((loop.next(0, end) == end));
}

BOOST_AUTO_TEST_CASE(a_server_that_rounds_up_is_found_out_when_its_window_turns_early) {
    auto loop = grown(settings_of(0, 20));
    answer(loop, told(60, 30, 6), begin);
    const auto early = begin + seconds(6) + milliseconds(50); // the end was not at 7 s
    answer(loop, told(60, 1, 6), early);
    answer(loop, told(60, 60, 6), early);
    BOOST_TEST((loop.next(0, begin + seconds(7)) == early + seconds(6)));
}

BOOST_AUTO_TEST_CASE(a_restart_asks_with_one_request_first) {
    closed_loop loop(settings_of(0, 20));
    loop.restarted(server_window());
    BOOST_TEST((loop.next(0, begin) == begin));
    BOOST_TEST((loop.next(1, begin) == steady_time::max()));
    answer(loop, rate_headers(), begin);
    BOOST_TEST((loop.next(1, begin) == begin));
}

BOOST_AUTO_TEST_CASE(alone_with_limits_within_the_budget_the_own_limits_do) {
    auto settings = settings_of(0, 20);
    settings.requests_per_minute = 300;
    closed_loop loop(settings);
    answer(loop, told(300, 1, 60), begin);
    answer(loop, told(300, 2, 60), begin);
    BOOST_TEST((loop.next(200, begin) == begin));
    answer(loop, told(300, 200, 60), begin); // somebody else is there
    BOOST_TEST((loop.next(50, begin) > begin));
}

BOOST_AUTO_TEST_CASE(a_sliding_window_frees_its_places_evenly) {
    closed_loop loop(settings_of(0, 20));
    answer(loop, told(60, 40, 6), begin);
    const auto now = begin + seconds(4);
    loop.answered();
    loop.observed(told(60, 60, 6), 0, 60, now); // its end moved on and its count did not fall: it slides
    BOOST_TEST((loop.next(0, now) == now + milliseconds(100)));
}

BOOST_AUTO_TEST_CASE(in_a_sliding_window_an_eighth_of_what_strangers_have_there_is_left_free) {
    closed_loop loop(settings_of(0, 20));
    const auto now = begin + seconds(4);
    answer(loop, told(60, 40, 6), begin);
    loop.answered();
    loop.observed(told(60, 55, 6), 0, 23, now); // 32 are of others
    BOOST_TEST((loop.next(0, now) == now));
    BOOST_TEST((loop.next(1, now) > now));
}

BOOST_AUTO_TEST_CASE(that_a_window_has_turned_is_believed_when_one_answer_tells) {
    auto loop = grown(settings_of(0, 20));
    answer(loop, told(60, 60, 6), begin);
    loop.took(end);
    BOOST_TEST((loop.next(1, end) == steady_time::max()));
    answer(loop, told(60, 1, 6), end);
    BOOST_TEST((loop.next(1, end) == end));
}

BOOST_AUTO_TEST_CASE(one_that_asks_of_the_new_window_and_does_not_leave_holds_nobody_up) {
    auto loop = grown(settings_of(0, 20));
    answer(loop, told(60, 60, 6), begin);
    loop.took(end); // and was given back
    BOOST_TEST((loop.next(0, end) == end));
}

BOOST_AUTO_TEST_CASE(what_was_learned_of_the_window_survives_a_restart) {
    closed_loop before(settings_of(0, 20));
    BOOST_TEST(before.learned().length.count() == 0);
    answer(before, told(60, 40, 6), begin);
    answer(before, told(60, 50, 6), begin + seconds(4));
    const auto learned = before.learned();
    BOOST_TEST(learned.length.count() == 6000);
    BOOST_TEST(learned.slides);
    closed_loop after(settings_of(0, 20));
    after.restarted(learned);
    const auto now = begin + seconds(8);
    after.answered();
    after.observed(told(60, 60, 1), 0, 60, now);
    // Not at the end of the second that `reset` tells, but when the first of 60 in 6 s leaves the window.
    BOOST_TEST((after.next(0, now) == now + milliseconds(100)));
}

namespace {

double share_of(window_kind kind, neighbour other) {
    const bool fixed = kind == window_kind::fixed;
    if (other == neighbour::even) return fixed ? 0.90 : 0.78;
    if (other == neighbour::random) return fixed ? 0.90 : 0.68;
    return fixed ? 0.80 : 0.45;
}

// Ours in ten windows.
double refusals_of(window_kind kind, neighbour other, int restarts) {
    if (kind == window_kind::fixed) return other == neighbour::in_bursts ? 4.0 : 2.0;
    return other == neighbour::in_bursts ? 5.0 + 2.0 * restarts : 2.0 + 1.0 * restarts;
}

} // namespace

BOOST_DATA_TEST_CASE(half_of_60_in_6_s_is_spent_and_rarely_more,
                     boost::unit_test::data::make({window_kind::fixed, window_kind::slides_to_the_oldest,
                                                   window_kind::slides_as_a_whole}) *
                         boost::unit_test::data::make({neighbour::even, neighbour::random,
                                                       neighbour::in_bursts}) *
                         boost::unit_test::data::make({false, true}) * boost::unit_test::data::make({0, 2}),
                     kind, other, rounds_down, restarts) {
    shared_budget_settings settings;
    settings.kind = kind;
    settings.other = other;
    settings.rounds_down = rounds_down;
    settings.restarts = restarts;
    constexpr unsigned seeds = 20;
    double used = 0;
    double refused = 0;
    double others = 0;
    for (unsigned seed = 0; seed < seeds; ++seed) {
        shared_budget world(settings, seed);
        world.run();
        used += world.used() / seeds;
        refused += static_cast<double>(world.refused()) / seeds;
        others += static_cast<double>(world.others()) / seeds;
    }
    BOOST_TEST_MESSAGE("used " << used << " of what the other left, refused " << refused
                               << " in ten windows");
    BOOST_TEST(used >= share_of(kind, other));
    BOOST_TEST(refused <= refusals_of(kind, other, restarts));
    BOOST_TEST(others >= 260); // of 300: it is not starved
}

BOOST_DATA_TEST_CASE(alone_on_the_token_the_servers_count_costs_nothing,
                     boost::unit_test::data::make({window_kind::fixed, window_kind::slides_to_the_oldest,
                                                   window_kind::slides_as_a_whole}),
                     kind) {
    shared_budget_settings settings;
    settings.kind = kind;
    settings.other = neighbour::none;
    settings.restarts = 0;
    settings.allowed = 300;
    settings.length = seconds(60);
    settings.windows = 22;
    settings.requests_per_minute = 300;
    shared_budget world(settings, 1);
    world.run();
    BOOST_TEST_MESSAGE("used " << world.used() << " of the budget");
    BOOST_TEST(world.used() >= 0.985);
    BOOST_TEST(world.refused() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
