// What the page remembers of the last hour.
#include "page/recent_activity.hpp"
#include "time/virtual_time.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

using namespace cannedd;

namespace {

struct counting : delivery_observer {
    int told = 0;
    void request_ended(const std::string&, std::string_view, const request_facts&, steady_duration) override {
        ++told;
    }
    void attempt_ended(const std::string&, outcome) override { ++told; }
    void delivered(const std::string&, milliseconds) override { ++told; }
    void committed(steady_duration, std::size_t) override { ++told; }
};

struct watching {
    asio::io_context context;
    virtual_time time{context};
    counting next;
    recent_activity lately{next, time};
};

} // namespace

BOOST_AUTO_TEST_SUITE(recent_activity_)

BOOST_FIXTURE_TEST_CASE(all_that_is_told_goes_on_to_the_next_observer, watching) {
    lately.request_ended("a", "send", {}, seconds(1));
    lately.attempt_ended("a", outcome::accepted);
    lately.delivered("a", seconds(1));
    lately.committed(seconds(1), 1);
    BOOST_TEST(next.told == 4);
}

BOOST_FIXTURE_TEST_CASE(messages_are_counted_by_the_minute_in_which_they_went, watching) {
    lately.delivered("a", milliseconds(100));
    time.run_for(minutes(2));
    lately.delivered("a", milliseconds(100));
    lately.delivered("b", milliseconds(100));
    const auto hour = lately.last_hour();
    BOOST_REQUIRE(hour.size() == minutes_kept);
    BOOST_TEST(hour[minutes_kept - 1].sent == 2);
    BOOST_TEST(hour[minutes_kept - 2].sent == 0);
    BOOST_TEST(hour[minutes_kept - 3].sent == 1);
    BOOST_TEST(lately.sent_last_hour("a") == 2);
    BOOST_TEST(lately.sent_last_hour("nobody") == 0);
}

BOOST_FIXTURE_TEST_CASE(what_is_older_than_an_hour_is_forgotten, watching) {
    lately.delivered("a", milliseconds(100));
    time.run_for(minutes(59));
    BOOST_TEST(lately.whole_hour().sent == 1);
    time.run_for(minutes(1));
    BOOST_TEST(lately.whole_hour().sent == 0);
    BOOST_TEST(lately.sent_last_hour("a") == 0);
    lately.delivered("a", milliseconds(100)); // into the slot of an hour ago
    BOOST_TEST(lately.last_hour().back().sent == 1);
    BOOST_TEST(lately.sent_last_hour("a") == 1);
}

BOOST_FIXTURE_TEST_CASE(requests_are_those_of_the_last_sixty_seconds, watching) {
    lately.request_ended("a", "send", {}, seconds(1));
    time.run_for(seconds(59));
    lately.request_ended("a", "send", {}, seconds(1));
    BOOST_TEST(lately.requests_last_minute("a") == 2);
    time.run_for(seconds(1));
    BOOST_TEST(lately.requests_last_minute("a") == 1);
}

BOOST_FIXTURE_TEST_CASE(delays_are_told_within_an_eighth, watching) {
    for (int i = 1; i <= 100; ++i)
        lately.delivered("a", milliseconds(i * 10));
    const auto all = lately.whole_hour();
    BOOST_TEST(std::abs(static_cast<double>(all.median.count()) - 500) < 500 / 8.0);
    BOOST_TEST(std::abs(static_cast<double>(all.late.count()) - 950) < 950 / 8.0);
}

BOOST_FIXTURE_TEST_CASE(a_delay_of_weeks_and_one_of_none_are_counted_too, watching) {
    lately.delivered("a", std::chrono::hours(24 * 400));
    lately.delivered("a", milliseconds(-5));
    BOOST_TEST(lately.whole_hour().sent == 2);
    BOOST_TEST(lately.whole_hour().median == milliseconds(1));
}

BOOST_AUTO_TEST_SUITE_END()
