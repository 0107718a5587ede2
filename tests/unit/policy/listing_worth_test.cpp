// When a list is asked for instead of a look-up each, and when it is believed.
#include "policy/listing_worth.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;
using namespace std::chrono_literals;

namespace {

struct asker {
    listing_worth worth;
    steady_time now{std::chrono::hours(5)};

    void look(const std::string& conversation, const std::string& communication = "right") {
        worth.looked_up(conversation, communication, now);
    }
    void look_twice() {
        look("one");
        look("two");
    }
    bool pays() const { return worth.pays(now); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(listing_worth_, asker)

BOOST_AUTO_TEST_CASE(the_third_look_up_of_a_minute_is_worth_a_list) {
    BOOST_TEST(!pays());
    look("one");
    BOOST_TEST(!pays());
    look("two");
    BOOST_TEST(pays());
    now += 59s;
    BOOST_TEST(pays());
    now += 1s;
    BOOST_TEST(!pays());
    look("three"); // the second one of this minute's is needed, too
    BOOST_TEST(!pays());
    look("four");
    BOOST_TEST(pays());
}

BOOST_AUTO_TEST_CASE(a_minute_after_a_list_two_look_ups_by_themselves_are_worth_the_next) {
    look_twice();
    worth.served(now);
    BOOST_TEST(!pays());
    look("three"); // it was not in the list
    now += 59s;
    look("four");
    BOOST_TEST(!pays());
    now += 1s;
    BOOST_TEST(!pays()); // the other one was too long ago
    look("five");
    BOOST_TEST(pays());
}

BOOST_AUTO_TEST_CASE(a_disappointment_rests_for_a_minute_then_for_two_and_never_for_more_than_an_hour) {
    auto expected = std::chrono::minutes(1);
    for (int n = 0; n < 10; ++n) {
        worth.disappointed(now);
        now += expected - 1s;
        look_twice();
        BOOST_TEST(!pays(), "after disappointment " << n);
        now += 1s;
        BOOST_TEST(pays(), "after disappointment " << n);
        expected = std::min(expected * 2, std::chrono::minutes(60));
    }
    worth.served(now);
    now += 1min;
    worth.disappointed(now);
    now += 1min;
    look_twice();
    BOOST_TEST(pays()); // a list that served has made up for them
}

BOOST_AUTO_TEST_CASE(a_list_is_believed_when_it_agrees_with_what_was_looked_up) {
    const std::map<std::string, std::string> same{{"one", "right"}, {"five", "other"}};
    const std::map<std::string, std::string> strangers{{"five", "right"}, {"six", "right"}};
    const std::map<std::string, std::string> another{{"one", "wrong"}, {"two", "wrong"}};
    BOOST_TEST(!worth.confirmed(same)); // nothing is known that could confirm it
    look_twice();
    BOOST_TEST(worth.confirmed(same));
    BOOST_TEST(!worth.confirmed({}));
    BOOST_TEST(!worth.confirmed(strangers));
    BOOST_TEST(!worth.confirmed(another));
}

BOOST_AUTO_TEST_CASE(one_that_was_transferred_meanwhile_is_outvoted) {
    look_twice();
    BOOST_TEST(!worth.confirmed({{"one", "right"}, {"two", "moved"}}));
    look("three");
    BOOST_TEST(worth.confirmed({{"one", "right"}, {"two", "moved"}, {"three", "right"}}));
}

BOOST_AUTO_TEST_CASE(of_a_conversation_the_last_look_counts_and_of_many_the_last_eight) {
    look("one", "old");
    look("one");
    BOOST_TEST(worth.confirmed({{"one", "right"}}));
    for (std::size_t n = 0; n < listing_worth::witnesses_max; ++n)
        look("later " + std::to_string(n), "x");
    BOOST_TEST(!worth.confirmed({{"one", "right"}}));
    BOOST_TEST(pays());
}

BOOST_AUTO_TEST_CASE(one_conversation_looked_up_again_and_again_is_no_reason_for_a_list) {
    look("one");
    look("one");
    BOOST_TEST(!pays());
}

BOOST_AUTO_TEST_SUITE_END()
