// What the daemon remembers of an account, and the operator's switch.
#include "unit/queue/queue_fixture.hpp"

#include <boost/test/unit_test.hpp>

namespace cannedd::test {

BOOST_AUTO_TEST_SUITE(accounts_)

BOOST_FIXTURE_TEST_CASE(what_limiter_and_breaker_know_survives_a_restart, queue_fixture) {
    account_memory memory;
    memory.account = "default";
    memory.boot_id = "boot";
    memory.saved_at_ms = 500'000;
    memory.balance = 3.25;
    memory.lease = 4;
    memory.blocked_until = now;
    memory.breaker = "open";
    memory.breaker_until = now + seconds(3);
    memory.breaker_failures = 10;
    memory.breaker_cool_off_ms = 5000;
    memory.requests_allowed = 300;
    memory.requests_used = 12;
    memory.window_resets_at = now + seconds(9);
    memory.window_ms = 6000;
    memory.window_slides = true;
    for (const std::int64_t at : {379'999, 380'000, 499'000}) {
        request_slice slice;
        slice.at_ms = at;
        slice.requests = 2;
        memory.slices.push_back(slice);
    }
    apply(memory);
    memory.slices.erase(memory.slices.begin(), memory.slices.begin() + 2);
    memory.slices[0].requests = 7; // it has grown
    apply(memory);
    reopen();
    const auto rows = store->accounts().value();
    BOOST_REQUIRE(rows.size() == 1);
    const auto& back = rows[0].memory;
    BOOST_TEST(back.boot_id == "boot");
    BOOST_TEST(back.saved_at_ms == 500'000);
    BOOST_TEST(back.balance == 3.25);
    BOOST_TEST(back.lease == 4);
    BOOST_TEST((back.blocked_until == now && back.breaker_until == now + seconds(3)));
    BOOST_TEST(back.breaker == "open");
    BOOST_TEST(back.breaker_failures == 10);
    BOOST_TEST(back.breaker_cool_off_ms == 5000);
    BOOST_TEST((back.requests_allowed == 300 && back.requests_used == 12));
    BOOST_TEST((back.window_resets_at == now + seconds(9)));
    BOOST_TEST((back.window_ms == 6000 && back.window_slides));
    BOOST_REQUIRE(back.slices.size() == 2);
    BOOST_TEST(back.slices[0].at_ms == 380'000);
    BOOST_TEST(back.slices[1].requests == 7);
    BOOST_TEST(!rows[0].paused);

    memory.boot_id = "next boot"; // other steady times
    memory.saved_at_ms = 1000;
    memory.slices.clear();
    memory.window_ms.reset();
    apply(memory);
    BOOST_TEST(!store->accounts().value().at(0).memory.window_ms.has_value());
    BOOST_TEST(store->accounts().value().at(0).memory.slices.empty());
}

BOOST_FIXTURE_TEST_CASE(the_daemon_pauses_with_a_reason_and_never_undoes_an_operators_switch, queue_fixture) {
    account_memory memory;
    memory.account = "default";
    memory.pause_reason = "forbidden: grant the permission";
    apply(memory);
    BOOST_TEST(store->accounts().value().at(0).paused);
    BOOST_TEST(store->accounts().value().at(0).paused_reason == "forbidden: grant the permission");
    memory.pause_reason.reset();
    other.run("UPDATE accounts SET paused = 0");
    apply(memory);
    BOOST_TEST(!store->accounts().value().at(0).paused);
    other.run("UPDATE accounts SET paused = 1");
    apply(memory);
    BOOST_TEST(store->accounts().value().at(0).paused);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace cannedd::test
