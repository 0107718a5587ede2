
#include "metrics/metrics.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(metrics_)

BOOST_AUTO_TEST_CASE(each_outcome_and_each_end_is_counted_and_known_from_the_first_one_on) {
    metrics numbers("3.40.1");
    constexpr auto last = row_end::unconfirmed;
    for (std::size_t what = 0; what < outcome_count; ++what)
        numbers.attempt_ended("default", static_cast<outcome>(what));
    for (int how = 0; how <= static_cast<int>(last); ++how)
        numbers.ended("default", static_cast<row_end>(how), 1);
    const auto text = numbers.text();
    for (std::size_t what = 0; what < outcome_count; ++what) {
        const auto line = "cannedd_attempts_total{account=\"default\",outcome=\"" +
                          std::string(name_of(static_cast<outcome>(what))) + "\"} 1\n";
        BOOST_TEST(text.find(line) != std::string::npos, line);
    }
    for (const std::string status : {"sent", "verified", "undelivered", "failed", "expired", "unconfirmed"}) {
        const auto line = "cannedd_results_total{account=\"default\",status=\"" + status + "\"} 1\n";
        BOOST_TEST(text.find(line) != std::string::npos, line);
    }
}

BOOST_AUTO_TEST_SUITE_END()
