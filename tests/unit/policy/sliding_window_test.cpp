#include "policy/sliding_window.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(sliding_window_)

namespace {
constexpr steady_time begin = steady_time(std::chrono::hours(1));
} // namespace

BOOST_AUTO_TEST_CASE(with_all_of_the_limit_in_flight_nothing_leaves_before_an_answer) {
    sliding_window window(2);
    window.take();
    BOOST_TEST((window.next(begin) == begin));
    window.take();
    BOOST_TEST((window.next(begin) == steady_time::max()));
}

BOOST_AUTO_TEST_CASE(an_answer_counts_for_a_minute_after_it_not_after_its_request) {
    sliding_window window(1);
    window.take();
    window.answered(begin + seconds(7));
    const auto free = begin + seconds(7) + sliding_window::length;
    BOOST_TEST((window.next(begin + seconds(7)) == free));
    BOOST_TEST((window.next(free - steady_duration(1)) == free));
    BOOST_TEST((window.next(free) == free));
}

BOOST_AUTO_TEST_CASE(an_answer_within_a_slice_is_dated_to_its_end) {
    sliding_window window(1);
    window.take();
    window.answered(begin + milliseconds(1));
    BOOST_TEST((window.next(begin + milliseconds(1)) == begin + milliseconds(10) + sliding_window::length));
}

BOOST_AUTO_TEST_CASE(what_is_given_back_does_not_count) {
    sliding_window window(1);
    window.take();
    window.give_back();
    BOOST_TEST((window.next(begin) == begin));
}

BOOST_AUTO_TEST_CASE(a_smaller_limit_waits_for_as_many_answers_to_grow_old) {
    sliding_window window(3);
    for (int i = 0; i < 3; ++i)
        window.take();
    for (int i = 0; i < 3; ++i)
        window.answered(begin + seconds(i));
    window.change(2);
    BOOST_TEST((window.next(begin + seconds(3)) == begin + seconds(1) + sliding_window::length));
}

BOOST_AUTO_TEST_CASE(memory_is_bounded_by_the_slices_of_a_minute) {
    sliding_window window(100'000);
    auto now = begin;
    for (int i = 0; i < 200'000; ++i) {
        window.take();
        window.answered(now);
        now += std::chrono::microseconds(600);
    }
    BOOST_TEST(window.slices(now).size() <= 6'008U);
}

BOOST_AUTO_TEST_CASE(what_is_remembered_from_before_falls_in_its_place) {
    sliding_window window(3);
    window.remember(begin, 1, begin + seconds(50));
    window.remember(begin - seconds(10), 1, begin + seconds(50)); // just at its end
    window.remember(begin - seconds(20), 9, begin + seconds(50)); // too old to count
    window.remember(begin + seconds(40), 2, begin + seconds(50));
    BOOST_TEST(window.slices(begin + seconds(50)).size() == 3U);
    BOOST_TEST((window.next(begin + seconds(50)) == begin + sliding_window::length));
}

BOOST_AUTO_TEST_CASE(what_was_answered_since_a_moment_is_counted) {
    sliding_window window(10);
    for (int i = 0; i < 5; ++i) {
        window.take();
        window.answered(begin + i * seconds(10));
    }
    BOOST_TEST(window.answered_since(begin) == 5);
    BOOST_TEST(window.answered_since(begin + seconds(15)) == 3);
    BOOST_TEST(window.answered_since(begin + seconds(41)) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
