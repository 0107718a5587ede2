#include "policy/rate_saving.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(rate_saving_)

BOOST_AUTO_TEST_CASE(half_a_lease_is_written_before_anybody_waits_for_it) {
    BOOST_TEST(!is_rate_worth_saving(7, 15, milliseconds(10)));
    BOOST_TEST(is_rate_worth_saving(8, 15, milliseconds(10)));
    BOOST_TEST(is_rate_worth_saving(1, 1, milliseconds(0)));
}

BOOST_AUTO_TEST_CASE(people_read_what_is_at_most_a_second_old) {
    BOOST_TEST(!is_rate_worth_saving(0, 64, milliseconds(999)));
    BOOST_TEST(is_rate_worth_saving(0, 64, milliseconds(1000)));
}

BOOST_AUTO_TEST_SUITE_END()
