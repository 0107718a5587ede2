#include "policy/gathering.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(gathering_)

BOOST_AUTO_TEST_CASE(nobody_waits_for_a_few_answers_or_before_it_is_known_what_a_commit_takes) {
    gathering fresh;
    BOOST_TEST((fresh.patience(32) == 0ns));
    for (int n = 0; n < 40; ++n)
        fresh.took(4ms);
    for (const std::size_t out : {0u, 1u, 3u})
        BOOST_TEST((fresh.patience(out) == 0ns));
}

BOOST_AUTO_TEST_CASE(many_answers_are_worth_half_a_commit_and_never_more_than_five_milliseconds) {
    gathering usual;
    for (int n = 0; n < 40; ++n)
        usual.took(4ms);
    BOOST_TEST((usual.patience(4) > 1900us && usual.patience(4) <= 2ms));
    BOOST_TEST((usual.patience(500) == usual.patience(4)));
    usual.took(400ms); // one that waited for a lock
    BOOST_TEST((usual.patience(4) == 5ms));
    for (int n = 0; n < 40; ++n)
        usual.took(0ms);
    BOOST_TEST((usual.patience(4) < 10us));
}

BOOST_AUTO_TEST_SUITE_END()
