#include "genesys/bounded_cache.hpp"

#include <boost/test/unit_test.hpp>

using namespace cannedd;

namespace {

constexpr steady_time begin(std::chrono::hours(1));

steady_time after(int seconds_later) {
    return begin + seconds(seconds_later);
}

} // namespace

BOOST_AUTO_TEST_SUITE(bounded_cache_)

BOOST_AUTO_TEST_CASE(a_value_is_fresh_until_its_lifetime_is_over_and_known_after_it) {
    bounded_cache<int> cache(seconds(30), 10);
    cache.put("a", 1, begin);
    BOOST_REQUIRE(cache.fresh("a", after(29)) != nullptr);
    BOOST_TEST(*cache.fresh("a", after(29)) == 1);
    BOOST_TEST(cache.fresh("a", after(30)) == nullptr);
    BOOST_REQUIRE(cache.known("a") != nullptr);
    BOOST_TEST(cache.known("b") == nullptr);
    cache.put("a", 2, after(31));
    BOOST_TEST(*cache.fresh("a", after(31)) == 2);
    BOOST_TEST(cache.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_lifetime_may_begin_anew_with_each_use) {
    bounded_cache<int> cache(seconds(30), 10, bounded_cache<int>::counted_from::last_use);
    cache.put("a", 1, begin);
    BOOST_TEST(cache.fresh("a", after(29)) != nullptr);
    BOOST_TEST(cache.fresh("a", after(58)) != nullptr);
    BOOST_TEST(cache.fresh("a", after(88)) == nullptr);
}

BOOST_AUTO_TEST_CASE(of_too_many_only_those_used_last_are_kept) {
    bounded_cache<int> cache(seconds(30), 2);
    cache.put("a", 1, begin);
    cache.put("b", 2, begin);
    BOOST_TEST(cache.fresh("a", begin) != nullptr);
    cache.put("c", 3, begin);
    BOOST_TEST(cache.known("a") != nullptr);
    BOOST_TEST(cache.known("b") == nullptr);
    BOOST_TEST(cache.known("c") != nullptr);
    BOOST_TEST(cache.size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_fits_a_condition_is_forgotten) {
    bounded_cache<int> cache(seconds(30), 10);
    for (const auto* key : {"a", "b", "c"})
        cache.put(key, key[0] == 'b' ? 2 : 1, begin);
    cache.erase_if([](int value) { return value == 1; });
    BOOST_TEST(cache.size() == 1U);
    BOOST_TEST(cache.known("b") != nullptr);
}

BOOST_AUTO_TEST_CASE(a_cache_for_nothing_keeps_nothing) {
    bounded_cache<int> cache(seconds(30), 0);
    cache.put("a", 1, begin);
    BOOST_TEST(cache.size() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
