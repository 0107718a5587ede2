#include "integration/simulator/org.hpp"
#include "simulator/rate_window.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;
namespace json = boost::json;
using sim::milliseconds;

namespace {

const sim::steady_time start = sim::steady_time(std::chrono::hours(1));

sim::rate_settings ten_a_second(sim::rate_mode mode) {
    sim::rate_settings set;
    set.limit = 10;
    set.window = milliseconds(1000);
    set.mode = mode;
    return set;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rates_)

BOOST_AUTO_TEST_CASE(the_sliding_window_refuses_the_eleventh_of_ten_until_the_first_is_a_window_old) {
    auto set = ten_a_second(sim::rate_mode::sliding);
    set.count_rejected = false;
    sim::rate_window window;
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(window.arrive(set, start + milliseconds(i * 10)).admitted);
    const auto refused = window.arrive(set, start + milliseconds(100));
    BOOST_TEST(!refused.admitted);
    BOOST_TEST(refused.retry_after.count() == 900);
    BOOST_TEST(!window.arrive(set, start + milliseconds(999)).admitted);
    BOOST_TEST(window.arrive(set, start + milliseconds(1000)).admitted);
    BOOST_TEST(!window.arrive(set, start + milliseconds(1001)).admitted);
}

BOOST_AUTO_TEST_CASE(refused_requests_use_up_the_budget_too_by_default) {
    const auto set = ten_a_second(sim::rate_mode::sliding);
    sim::rate_window window;
    for (int i = 0; i < 15; ++i)
        window.arrive(set, start);
    const auto refused = window.arrive(set, start + milliseconds(500));
    BOOST_TEST(refused.retry_after.count() == 500);
    BOOST_TEST(refused.count == 16);
    for (int i = 0; i < 9; ++i)
        BOOST_TEST(window.arrive(set, start + milliseconds(1000)).admitted);
    BOOST_TEST(!window.arrive(set, start + milliseconds(1000)).admitted);
}

BOOST_AUTO_TEST_CASE(the_fixed_window_begins_with_its_first_request_and_ends_for_all_at_once) {
    const auto set = ten_a_second(sim::rate_mode::fixed);
    sim::rate_window window;
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(window.arrive(set, start + milliseconds(900)).admitted);
    const auto refused = window.arrive(set, start + milliseconds(1100));
    BOOST_TEST(!refused.admitted);
    BOOST_TEST(refused.reset.count() == 800);
    BOOST_TEST(window.arrive(set, start + milliseconds(1900)).count == 1);
}

BOOST_AUTO_TEST_CASE(the_most_in_any_window_is_exact_and_counts_refused_requests) {
    auto set = ten_a_second(sim::rate_mode::fixed);
    set.limit = 3;
    sim::rate_window window;
    for (const int at : {0, 100, 950, 1050, 1060, 1070, 1949, 1950})
        window.arrive(set, start + milliseconds(at));
    BOOST_TEST(window.max_in_any(milliseconds(1000)) == 5U);
    BOOST_TEST(window.max_in_any(milliseconds(100)) == 3U);
    BOOST_TEST(window.max_in_any(milliseconds(10'000)) == 8U);
}

BOOST_AUTO_TEST_CASE(another_program_uses_the_clients_budget_but_is_not_counted_as_ours) {
    auto set = ten_a_second(sim::rate_mode::sliding);
    set.others_every = milliseconds(200);
    sim::rate_window window;
    window.arrive(set, start);
    BOOST_TEST(window.arrive(set, start + milliseconds(900)).count == 7);
    window.others(set, 3, start + milliseconds(900));
    BOOST_TEST(!window.arrive(set, start + milliseconds(901)).admitted);
    BOOST_TEST(window.arrivals() == 3U);
}

BOOST_AUTO_TEST_CASE(a_client_is_told_its_budget_and_refused_beyond_it_whatever_token_it_uses) {
    org o("rate: {limit: 5, window_ms: 60000}");
    const auto first = o.ask("GET", "/api/v2/tokens/me");
    BOOST_TEST(first.header("inin-ratelimit-allowed") == "5");
    BOOST_TEST(first.header("inin-ratelimit-count") == "1");
    BOOST_TEST(first.header("inin-ratelimit-reset") == "60");
    for (int i = 0; i < 4; ++i)
        BOOST_TEST(o.ask_as(o.user_token, "GET", "/api/v2/tokens/me").status == 200);
    const auto refused = o.ask("GET", "/api/v2/tokens/me");
    BOOST_TEST(refused.status == 429);
    const auto until_the_first_is_a_window_old =
        refused.header("Retry-After"); // 60, on a machine that is quick
    BOOST_TEST(std::stoi(until_the_first_is_a_window_old) <= 60);
    BOOST_TEST(std::stoi(until_the_first_is_a_window_old) > 0);
    BOOST_TEST(refused.body.find("[" + until_the_first_is_a_window_old + "] seconds") != std::string::npos);
    BOOST_TEST(o.form("grant_type=client_credentials").status == 200); // tokens are not counted
    BOOST_TEST(o.world.max_in_window(std::chrono::seconds(60)) == 6);
    BOOST_TEST(o.world.stats().at("throttled") == 1);
    o.world.plan({{"rate", json::object{{"retry_after", false}, {"headers", false}}}});
    const auto silent = o.ask("GET", "/api/v2/tokens/me");
    BOOST_TEST(silent.status == 429);
    BOOST_TEST(silent.header("Retry-After").empty());
    BOOST_TEST(silent.header("inin-ratelimit-count").empty());
}

BOOST_AUTO_TEST_CASE(budget_used_by_others_is_gone) {
    org o("rate: {limit: 5}");
    o.world.post("use-budget", json::object{{"client", simulator::client_id}, {"requests", 5}});
    BOOST_TEST(o.ask("GET", "/api/v2/tokens/me").status == 429);
}

BOOST_AUTO_TEST_SUITE_END()
