#include "time/virtual_time.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <functional>
#include <string>
#include <utility>
#include <vector>

using namespace cannedd;

BOOST_AUTO_TEST_SUITE(virtual_time_)

namespace {

void rethrow(const std::exception_ptr& why) {
    if (why) std::rethrow_exception(why);
}

struct world {
    asio::io_context context;
    virtual_time time{context};
    std::vector<std::string> log;

    void spawn(asio::awaitable<void> coroutine) { asio::co_spawn(context, std::move(coroutine), rethrow); }
};

asio::awaitable<void> sleeper(world& in, std::string name, steady_time until) {
    co_await in.time.sleep_until(until);
    in.log.push_back(name);
}

asio::awaitable<void> listener(world& in, cannedd::alarm& bell, steady_time deadline) {
    const bool rung = co_await bell.wait_until(deadline);
    in.log.push_back(rung ? "rung" : "deadline");
}

asio::awaitable<void> ringer(world& in, cannedd::alarm& bell, steady_time at) {
    co_await in.time.sleep_until(at);
    bell.ring();
}

} // namespace

BOOST_AUTO_TEST_CASE(an_alarm_rung_while_nobody_waits_ends_the_next_wait_at_once) {
    world w;
    const auto bell = w.time.make_alarm();
    bell->ring();
    bell->ring();
    w.spawn(listener(w, *bell, steady_time::max()));
    w.time.run_for(seconds(0));
    BOOST_TEST(w.log == std::vector<std::string>{"rung"});
    w.spawn(listener(w, *bell, w.time.steady() + seconds(1)));
    w.time.run_for(seconds(1));
    BOOST_TEST(w.log.back() == "deadline"); // twice rung is rung: the second wait finds nothing
}

BOOST_AUTO_TEST_CASE(an_alarm_rung_while_somebody_waits_wakes_him_then) {
    world w;
    const auto bell = w.time.make_alarm();
    const auto start = w.time.steady();
    w.spawn(listener(w, *bell, steady_time::max()));
    w.spawn(ringer(w, *bell, start + seconds(3)));
    w.time.run_until(start + seconds(3));
    BOOST_TEST(w.log == std::vector<std::string>{"rung"});
    BOOST_TEST((w.time.next_event() == steady_time::max()));
}

BOOST_AUTO_TEST_CASE(an_alarm_rung_between_its_deadline_and_the_waiters_turn_is_not_lost) {
    world w;
    const auto bell = w.time.make_alarm();
    const auto moment = w.time.steady() + seconds(1);
    w.spawn(ringer(w, *bell, moment));
    w.spawn(listener(w, *bell, moment));
    w.time.run_until(moment);
    BOOST_TEST(w.log == std::vector<std::string>{"rung"});
}

BOOST_AUTO_TEST_CASE(an_old_alarm_wakes_nobody_elses_wait) {
    world w;
    const auto old = w.time.make_alarm();
    const auto start = w.time.steady();
    w.spawn(listener(w, *old, start + seconds(1)));
    w.time.run_until(start + seconds(1));
    const auto young = w.time.make_alarm(); // its wait may well lie where the old one's lay
    w.spawn(listener(w, *young, start + seconds(9)));
    w.time.run_for(seconds(0));
    old->ring();
    w.time.run_for(seconds(0));
    BOOST_TEST(w.log == std::vector<std::string>{"deadline"});
}

BOOST_AUTO_TEST_CASE(sleepers_wake_in_the_order_of_their_deadlines_and_of_their_coming) {
    world w;
    const auto start = w.time.steady();
    w.spawn(sleeper(w, "second", start + seconds(2)));
    w.spawn(sleeper(w, "first", start + seconds(1)));
    w.spawn(sleeper(w, "second too", start + seconds(2)));
    w.spawn(sleeper(w, "past", start - seconds(1)));
    w.time.run_until(start + seconds(5));
    const std::vector<std::string> expected{"past", "first", "second", "second too"};
    BOOST_TEST(w.log == expected);
    BOOST_TEST((w.time.steady() == start + seconds(5)));
}

BOOST_AUTO_TEST_CASE(run_until_goes_no_further_than_its_end) {
    world w;
    const auto start = w.time.steady();
    w.spawn(sleeper(w, "late", start + seconds(2)));
    w.time.run_until(start + seconds(2) - milliseconds(1));
    BOOST_TEST(w.log.empty());
    BOOST_TEST((w.time.next_event() == start + seconds(2)));
    w.time.run_until(steady_time::max()); // until nobody waits
    BOOST_TEST(w.log == std::vector<std::string>{"late"});
    BOOST_TEST((w.time.steady() == start + seconds(2)));
}

BOOST_AUTO_TEST_CASE(both_clocks_grow_together_and_only_the_wall_steps) {
    world w;
    const auto wall = w.time.wall();
    const auto steady = w.time.steady();
    w.time.run_for(milliseconds(1500));
    w.time.step_wall(-std::chrono::hours(3));
    w.time.run_for(milliseconds(500));
    BOOST_TEST((w.time.wall() == wall + seconds(2) - std::chrono::hours(3)));
    BOOST_TEST((w.time.steady() == steady + seconds(2)));
}

BOOST_AUTO_TEST_CASE(fractions_of_a_millisecond_are_not_lost_on_the_wall) {
    world w;
    const auto wall = w.time.wall();
    for (int i = 0; i < 1000; ++i)
        w.time.run_for(std::chrono::microseconds(1700));
    BOOST_TEST((w.time.wall() == wall + milliseconds(1700)));
}

namespace {

// Says when it goes, and that what it refers to is still there.
struct witness {
    witness(world& in, const std::string& object, std::string name)
        : in_(in), object_(object), name_(std::move(name)) {}
    ~witness() { in_.log.push_back(name_ + " saw " + object_); }
    witness(const witness&) = delete;
    witness& operator=(const witness&) = delete;

private:
    world& in_;
    const std::string& object_;
    std::string name_;
};

asio::awaitable<void> inner(world& in, const std::string& object, cannedd::alarm& bell) {
    const witness mine(in, object, "inner");
    co_await bell.wait_until(steady_time::max());
    in.log.emplace_back("never");
}

asio::awaitable<void> outer(world& in, const std::string& object, cannedd::alarm& bell) {
    const witness mine(in, object, "outer");
    co_await inner(in, object, bell);
}

} // namespace

BOOST_AUTO_TEST_CASE(forgotten_waiters_frames_go_while_their_objects_live_and_the_source_goes_on) {
    world w;
    {
        const std::string object = "an object";
        const auto bell = w.time.make_alarm();
        w.spawn(outer(w, object, *bell));
        w.spawn(sleeper(w, "never", w.time.steady() + seconds(1)));
        w.time.run_for(seconds(0));
        w.time.forget_waiters();
        const std::vector<std::string> expected{"inner saw an object", "outer saw an object"};
        BOOST_TEST(w.log == expected);
        bell->ring(); // nobody is there any more
    }
    BOOST_TEST((w.time.next_event() == steady_time::max()));
    w.spawn(sleeper(w, "after the crash", w.time.steady() + seconds(1)));
    w.time.run_for(seconds(1));
    BOOST_TEST(w.log.back() == "after the crash");
}

BOOST_AUTO_TEST_CASE(while_the_machine_sleeps_steady_time_stands_still_and_no_timer_runs) {
    world w;
    const auto wall = w.time.wall();
    const auto steady = w.time.steady();
    const auto uptime = w.time.uptime();
    w.spawn(sleeper(w, "woken", steady + seconds(1)));
    w.time.suspend(std::chrono::hours(8));
    w.time.run_for(milliseconds(999));
    BOOST_TEST(w.log.empty());
    BOOST_TEST((w.time.steady() == steady + milliseconds(999)));
    BOOST_TEST((w.time.uptime() == uptime + std::chrono::hours(8) + milliseconds(999)));
    BOOST_TEST((w.time.wall() == wall + std::chrono::hours(8) + milliseconds(999)));
    w.time.run_for(milliseconds(1));
    BOOST_TEST(w.log.back() == "woken");
}

BOOST_AUTO_TEST_CASE(a_boot_has_a_name_of_its_own) {
    world w;
    const auto before = w.time.boot_id();
    w.time.reboot("second");
    BOOST_TEST(before != w.time.boot_id());
}

BOOST_AUTO_TEST_SUITE_END()
