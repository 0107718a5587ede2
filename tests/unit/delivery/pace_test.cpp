#include "policy/conversation_pace.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(conversation_pace_)

BOOST_AUTO_TEST_CASE(a_burst_may_go_at_once_and_then_one_an_interval) {
    using namespace cannedd;
    using namespace std::chrono_literals;
    conversation_pace pace(pace_settings{60, 5});
    const steady_time start(1h);
    for (int i = 0; i < 5; ++i) {
        BOOST_TEST((pace.next() <= start));
        pace.take(start);
    }
    BOOST_TEST((pace.next() == start + 1s));
    pace.take(start + 1s);
    BOOST_TEST((pace.next() == start + 2s));
    BOOST_TEST(!pace.idle(start + 5s));
    BOOST_TEST(pace.idle(start + 6s));
}

BOOST_AUTO_TEST_SUITE_END()
